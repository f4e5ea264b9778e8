import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeFolder } from '../folders.ts';

const CHARM_ENV = fileURLToPath(new URL('../../../layers/basic/bin/charm-env', import.meta.url));

/** A machine with units, each of the charm it is said to be of, with a command `say` of its own. */
function makeMachine(units: Readonly<Record<string, string>>): string {
  const agents = makeFolder();
  for (const [unit, charm] of Object.entries(units)) {
    const bin = path.join(agents, unit, 'charm', 'bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync(CHARM_ENV, path.join(bin, 'charm-env'));
    writeFileSync(path.join(bin, '..', 'metadata.yaml'), `summary: "name: x"\n${charm}\n`);
    for (const [name, text] of Object.entries({
      say: `echo "${unit}: $* in $CHARM_DIR"`,
      node: `echo "the node of ${unit}"`,
      'shared.sh': 'shared() { echo "shared by $JUJU_CHARM_DIR"; }',
    })) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
  }
  return agents;
}

function run(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', ...environment },
    encoding: 'utf8',
  });
  return { status, output: stdout.trimEnd(), complaints: stderr.trimEnd() };
}

const machine = {
  'unit-web-0': 'name: web',
  'unit-log-0': "'name': 'log' # subordinate",
  'unit-log-1': 'name: log',
};

test('runs a command with the bin/ and the node of the charm it lies in, from anywhere', () => {
  const charm = path.join(makeMachine(machine), 'unit-web-0/charm');
  const program = path.join(charm, 'bin/charm-env');
  expect(run(program, ['say', 'a b', 'c']).output).toBe(`unit-web-0: a b c in ${charm}`);
  const hostile = { NODE_OPTIONS: '--require /nowhere.js', NODE_PATH: '/nowhere' };
  const show = 'node; echo "$JUJU_CHARM_DIR [$NODE_OPTIONS$NODE_PATH]"; exit 7';
  expect(run(program, ['sh', '-c', show], hostile)).toEqual({
    status: 7,
    output: `the node of unit-web-0\n${charm} []`,
    complaints: '',
  });
});

test('the charm that the environment names comes first, and either variable fills in the other', () => {
  const agents = makeMachine(machine);
  const program = path.join(agents, 'unit-web-0/charm/bin/charm-env');
  const other = path.join(agents, 'unit-log-1/charm');
  for (const variable of ['JUJU_CHARM_DIR', 'CHARM_DIR']) {
    const words = ['sh', '-c', 'say hello; echo $JUJU_CHARM_DIR'];
    expect(run(program, words, { [variable]: other }).output).toBe(`unit-log-1: hello in ${other}\n${other}`);
  }
});

test('--charm means the one unit of that charm on the machine', () => {
  const agents = makeMachine(machine);
  const program = path.join(agents, 'unit-log-0/charm/bin/charm-env');
  const web = path.join(agents, 'unit-web-0/charm');
  expect(run(program, ['--charm', 'web', 'say', 'hello']).output).toBe(`unit-web-0: hello in ${web}`);
  expect(run(program, ['--charm', 'log', 'say'])).toMatchObject({
    status: 1,
    complaints: expect.stringContaining('cannot tell which "log" is meant: 2 units'),
  });
  expect(run(program, ['--charm', 'mail', 'say'])).toMatchObject({
    status: 1,
    complaints: expect.stringContaining('cannot find the charm "mail"'),
  });
  expect(run(program, ['--charm']).status).toBe(1);
});

test('a link of another name is the command of that name, and no endless loop', () => {
  const agents = makeMachine(machine);
  const charm = path.join(agents, 'unit-web-0/charm');
  const links = makeFolder();
  for (const name of ['say', 'sing']) symlinkSync(path.join(charm, 'bin/charm-env'), path.join(links, name));
  expect(run(path.join(links, 'say'), ['hello']).output).toBe(`unit-web-0: hello in ${charm}`);
  expect(run(path.join(links, 'sing'), ['hello'])).toMatchObject({
    status: 127,
    complaints: 'charm-env: cannot run "sing": the charm has no such command in its bin/',
  });
  symlinkSync('charm-env', path.join(charm, 'bin/sing'));
  expect(run(path.join(links, 'sing'), []).status).toBe(127);
});

test('bash may source it, and through a link what the charm has of that name', () => {
  const agents = makeMachine(machine);
  const charm = path.join(agents, 'unit-web-0/charm');
  const program = path.join(charm, 'bin/charm-env');
  expect(run('bash', ['-euc', `source ${program}; say hello`]).output).toBe(`unit-web-0: hello in ${charm}`);
  const link = path.join(makeFolder(), 'shared.sh');
  symlinkSync(program, link);
  expect(run('bash', ['-euc', `source ${link}; shared`]).output).toBe(`shared by ${charm}`);
});

test('tells its version and how it is used, and what it lacks', () => {
  const program = path.join(makeMachine(machine), 'unit-web-0/charm/bin/charm-env');
  expect(run(program, ['--version'])).toEqual({ status: 0, output: '1.0.0', complaints: '' });
  expect(run(program, ['-v']).output).toBe('1.0.0');
  expect(run(program, ['--help']).output).toMatch(/^Usage: charm-env /);
  expect(run(program, [])).toMatchObject({ status: 1, complaints: expect.stringMatching(/^Usage: /) });
  expect(run(program, ['true'], { CHARM_DIR: '/nowhere' })).toMatchObject({
    status: 1,
    complaints: expect.stringContaining('no metadata.yaml in "/nowhere"'),
  });
});
