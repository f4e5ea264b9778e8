import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installOwnPackage } from './installed-package.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'created-')));

beforeAll(() => installOwnPackage(folder));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command as in a terminal of a developer's, who has nothing but Node and npm. */
function run(place: string, program: string, ...words: string[]) {
  const { VITEST, NODE_ENV, TEST, ...environment } = process.env;
  const path = [dirname(process.execPath), environment.PATH].join(delimiter);
  return spawnSync(program, words, {
    cwd: join(folder, place),
    encoding: 'utf8',
    env: { ...environment, PATH: path, NO_COLOR: '1', CHARM_HOME: '', NAME: 'Ada', EMAIL: 'ada@example.com' },
  });
}

/** The command of the installed package. */
function reactive(place: string, ...words: string[]) {
  return run(
    place,
    process.execPath,
    join(folder, 'node_modules/charms-reactive/dist/cli/main.js'),
    ...words,
  );
}

function expectWell({ status, stdout, stderr }: ReturnType<typeof run>): string {
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe('what is created', () => {
  it('is a charm whose tests pass, deployed among them, and whose types are right', () => {
    const said = expectWell(reactive('.', 'create', 'charm', 'hello-2nd', '--no-install'));
    expect(said).toContain('Created the charm "hello-2nd" in hello-2nd:\n');
    expect(said).toMatch(/Next:\n {2}cd hello-2nd\n {2}npm install\n {2}npm test /);
    const description = JSON.parse(readFileSync(join(folder, 'hello-2nd/package.json'), 'utf8'));
    expect(description.devDependencies['charms-reactive']).toMatch(/^\^\d/);
    expect(expectWell(run('hello-2nd', 'npm', 'test'))).toMatch(/Tests +4 passed/);
    expectWell(run('hello-2nd', 'npm', 'run', 'check'));
  });

  it('is built without a warning, and has in it what belongs to a charm alone', () => {
    // What was built before is no part of what is built next.
    mkdirSync(join(folder, 'hello-2nd/.charms/earlier'), { recursive: true });
    writeFileSync(join(folder, 'hello-2nd/.charms/earlier/dispatch'), '');
    const { status, stdout, stderr } = reactive('hello-2nd', 'build', '--runtime', 'link');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Built hello-2nd');
    const has = (file: string) => existsSync(join(folder, 'hello-2nd/.charms/hello-2nd', file));
    for (const file of ['dispatch', 'icon.svg', 'copyright', 'README.md', 'config.yaml']) {
      expect([file, has(file)]).toEqual([file, true]);
    }
    for (const file of [
      'test',
      'scenario.yaml',
      'vitest.config.ts',
      '.gitignore',
      'tsconfig.json',
      '.charms',
    ]) {
      expect([file, has(file)]).toEqual([file, false]);
    }
  });

  it('is a layer and an interface whose tests pass and whose types are right', () => {
    expectWell(reactive('.', 'create', 'layer', 'my_layer', '.', '--no-install'));
    expect(expectWell(run('my_layer', 'npm', 'test'))).toMatch(/Tests +2 passed/);
    expectWell(run('my_layer', 'npm', 'run', 'check'));
    expectWell(reactive('.', 'create', 'interface', 'my-site', '--no-install'));
    expect(expectWell(run('my-site', 'npm', 'test'))).toMatch(/Tests +4 passed/);
    expectWell(run('my-site', 'npm', 'run', 'check'));
  });

  it('says what npm said where nothing can be installed, and leaves what it created', () => {
    const nothing = join(folder, 'no-npm');
    const created = spawnSync(
      process.execPath,
      [join(folder, 'node_modules/charms-reactive/dist/cli/main.js'), 'create', 'lonely'],
      { cwd: folder, encoding: 'utf8', env: { PATH: nothing } },
    );
    expect(created.status).toBe(1);
    expect(created.stderr).toMatch(/^ERROR cannot install what ".*lonely" needs: .*run "npm install" in it/);
    expect(existsSync(join(folder, 'lonely/metadata.yaml'))).toBe(true);
  });
});
