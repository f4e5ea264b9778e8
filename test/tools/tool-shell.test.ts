import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';
import { makeShellTools } from '../../src/tools/process-tools.ts';
import { ToolShell } from '../../src/tools/tool-shell.ts';
import { writeScript } from './fake-tools-folder.ts';

let folder = '';
let shell = new ToolShell();
const oldPath = process.env.PATH;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shell-'));
  // Each call is noted before it is answered.
  writeScript(folder, 'relation-get', `echo "$*" >> '${folder}/calls'; echo "bag of $*"`);
  writeScript(folder, 'status-set', `sleep 0.05; echo "status-set $*" >> '${folder}/calls'`);
  writeScript(folder, 'juju-log', `sleep 0.05; echo "juju-log $*" >> '${folder}/calls'`);
  writeScript(folder, 'fail', `echo "$2"; echo "ERROR $3" >&2; exit "$1"`);
  process.env.PATH = `${folder}:${oldPath}`;
  shell = new ToolShell();
});

afterEach(() => {
  process.env.PATH = oldPath;
  rmSync(folder, { recursive: true });
});

const calls = (): string[] => readFileSync(path.join(folder, 'calls'), 'utf8').trimEnd().split('\n');

function errorOf(act: () => unknown): HookToolError {
  try {
    act();
  } catch (error) {
    if (error instanceof HookToolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The pid of the shell that runs the commands. */
const shellPid = (): number => Number(shell.run(['sh', '-c', 'echo $PPID']));

describe('a command in the shell', () => {
  it('is given its words and its input to the letter', () => {
    const words = ["it's", 'a  b', '$HOME `x` "q" \\', 'two\nlines\n', '', '-n', 'ü→😀', '*'];
    const script = 'for word; do printf "<%s>" "$word"; done';
    expect(shell.run(['sh', '-c', script, 'sh', ...words])).toBe(words.map((word) => `<${word}>`).join(''));
    for (const input of ['', "a: 'b'\n%s \\n", 'ü\n'.repeat(3000), 'x'.repeat(1_000_000)]) {
      expect(shell.run(['cat'], input) === input).toBe(true);
    }
    expect(shell.run(['cat'])).toBe('');
  });

  it('answers whatever it prints, however much', () => {
    expect(shell.run(['printf', 'no line end'])).toBe('no line end');
    expect(shell.run(['head', '-c', '3000000', '/dev/zero'])).toHaveLength(3_000_000);
    expect(shell.run(['printf', '\\nended-x 0\\n'])).toBe('\nended-x 0\n');
  });

  it('that fails is told with what it printed, and disturbs none after it', () => {
    const error = errorOf(() => shell.run(['fail', '2', 'out', 'no such relation']));
    expect(error).toMatchObject({ exitCode: 2, stdout: 'out\n', stderr: 'ERROR no such relation\n' });
    expect(error.message).toBe('cannot run fail 2 out no such relation: no such relation');
    expect(errorOf(() => shell.run(['fail', '1', '', 'again'])).stderr).toBe('ERROR again\n');
    expect(shell.run(['echo', 'on'])).toBe('on\n');
  });

  it('that is not there, or cannot be given its words, fails as a process does', () => {
    expect(errorOf(() => shell.run(['no-such-tool'])).exitCode).toBeUndefined();
    expect(errorOf(() => shell.run(['no-such-tool'])).message).toContain('ENOENT');
    expect(errorOf(() => shell.run(['echo', 'a\0b'])).exitCode).toBeUndefined();
    expect(errorOf(() => shell.run(['sh', '-c', 'kill -9 $$'])).exitCode).toBeUndefined();
  });
});

describe('what is told', () => {
  it('is done in order, before what is asked later, and all of it when it is settled', () => {
    for (let number = 0; number < 5; number += 1) shell.tell(['status-set', String(number)]);
    shell.run(['relation-get', 'then']);
    expect(calls()).toEqual([
      'status-set 0',
      'status-set 1',
      'status-set 2',
      'status-set 3',
      'status-set 4',
      'then',
    ]);
    shell.log(['juju-log', 'a']);
    shell.log(['juju-log', 'b']);
    shell.tell(['status-set', 'last']);
    shell.settle();
    expect(calls().filter((call) => call.startsWith('juju-log'))).toEqual(['juju-log a', 'juju-log b']);
    expect(calls()).toHaveLength(9);
  });

  it('says once, when it is settled, what failed first', () => {
    shell.tell(['fail', '1', '', 'first']);
    shell.tell(['fail', '3', '', 'second']);
    expect(shell.run(['echo', 'on'])).toBe('on\n');
    expect(errorOf(() => shell.settle()).message).toContain(': first');
    expect(() => shell.settle()).not.toThrow();
    shell.log(['fail', '1', '', 'no log']);
    expect(errorOf(() => shell.settle()).message).toBe('cannot run juju-log: no log');
  });

  it('may be more than fits into a pipe, also while the shell is busy', () => {
    shell.tell(['sh', '-c', 'sleep 0.2']);
    const words = Array.from({ length: 400 }, (_, number) => `${number}-${'w'.repeat(1000)}`);
    for (const word of words) shell.tell(['sh', '-c', `echo "\${1%%-*}" >> '${folder}/calls'`, 'sh', word]);
    shell.settle();
    expect(calls()).toEqual(words.map((_, number) => String(number)));
  });
});

describe('what is asked ahead', () => {
  const questions = (count: number): string[][] =>
    Array.from({ length: count }, (_, number) => ['relation-get', '-', `redis/${number}`]);

  it('is answered without another call, each to its question', () => {
    shell.askAhead(questions(300));
    for (const question of questions(300)) {
      expect(shell.run(question)).toBe(`bag of ${question.slice(1).join(' ')}\n`);
    }
    expect(calls()).toHaveLength(300);
    shell.askAhead(questions(3));
    expect(shell.run(['relation-get', '-', 'redis/2'])).toBe('bag of - redis/2\n');
    shell.run(['relation-get', '-', 'redis/2']);
    shell.run(['relation-get', '-', 'redis/0']);
    expect(calls()).toHaveLength(304);
  });

  it('is asked again when something was changed meanwhile, or it failed', () => {
    shell.askAhead(questions(2));
    shell.run(['sh', '-c', ':']);
    writeScript(folder, 'relation-get', 'echo changed');
    expect(shell.run(['relation-get', '-', 'redis/0'])).toBe('changed\n');
    writeScript(folder, 'relation-get', 'echo "ERROR relation not found" >&2; exit 1');
    shell.askAhead(questions(2));
    expect(errorOf(() => shell.run(['relation-get', '-', 'redis/1'])).isGone).toBe(true);
  });
});

describe('the shell', () => {
  it('is missed by nobody when it is gone: questions are asked by processes, and what was told is known to have failed', () => {
    process.kill(shellPid(), 'SIGKILL');
    expect(shell.run(['relation-get', '-', 'redis/0'])).toBe('bag of - redis/0\n');
    expect(shell.run(['echo', 'on'])).toBe('on\n');
    shell.tell(['status-set', 'active']);
    shell.settle();
    expect(calls()).toEqual(['- redis/0', 'status-set active']);

    shell = new ToolShell();
    const pid = shellPid();
    shell.tell(['sh', '-c', `kill -9 ${pid}`]);
    expect(errorOf(() => shell.settle()).message).toContain('the shell that ran it ended');
  });

  it('is done without where there is no folder for its files', () => {
    const { TMPDIR } = process.env;
    process.env.TMPDIR = path.join(folder, 'missing');
    try {
      expect(shell.run(['echo', 'on'])).toBe('on\n');
      shell.tell(['status-set', 'active']);
      shell.settle();
      expect(calls()).toEqual(['status-set active']);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });

  it('ends with the process, leaves no file behind, and keeps no process alive', () => {
    const program = `
      import { makeShellTools } from ${JSON.stringify(new URL('../../src/tools/process-tools.ts', import.meta.url).href)};
      const tools = makeShellTools();
      tools.statusSet('active', 'ready');
      tools.settle();
    `;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: folder },
    });
    expect([run.stderr, run.status]).toEqual(['', 0]);
    expect(readdirSync(folder).filter((name) => name.startsWith('charm-tools'))).toEqual([]);
    expect(calls()).toEqual(['status-set -- active ready']);
  });

  it('runs the tools of a hook by their typed functions', () => {
    writeScript(folder, 'relation-ids', 'echo "[\\"db:1\\"]"');
    writeScript(folder, 'relation-list', 'echo "[\\"redis/0\\"]"');
    const tools = makeShellTools(shell);
    tools.askAhead((ask) => {
      ask.relationIds('db');
      ask.relationList('db:1');
    });
    expect([tools.relationIds('db'), tools.relationList('db:1')]).toEqual([['db:1'], ['redis/0']]);
    tools.log('one line', 'INFO');
    tools.statusSet('blocked', "it's");
    tools.settle();
    expect(calls().sort()).toEqual(['juju-log -l INFO -- one line', "status-set -- blocked it's"]);
  });
});
