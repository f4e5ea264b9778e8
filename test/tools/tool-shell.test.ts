import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';
import type { HookTools } from '../../src/tools/hook-tools.ts';
import { QUESTIONS_FILE } from '../../src/tools/kept-questions.ts';
import { makeShellTools } from '../../src/tools/process-tools.ts';
import { ToolShell } from '../../src/tools/tool-shell.ts';
import { DispatchedShell } from './dispatched-shell.ts';
import { writeScript } from './fake-tools-folder.ts';

let folder = '';
let hook: DispatchedShell;
let shell: ToolShell;
const oldPath = process.env.PATH;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shell-'));
  // Each call is noted before it is answered.
  writeScript(folder, 'relation-get', `echo "$*" >> '${folder}/calls'; echo "bag of $*"`);
  writeScript(folder, 'status-set', `sleep 0.05; echo "status-set $*" >> '${folder}/calls'`);
  writeScript(folder, 'juju-log', `sleep 0.05; echo "juju-log $*" >> '${folder}/calls'`);
  writeScript(folder, 'fail', `echo "$2"; echo "ERROR $3" >&2; exit "$1"`);
  process.env.PATH = `${folder}:${oldPath}`;
  await startHook();
});

afterEach(async () => {
  await hook.end();
  process.env.PATH = oldPath;
  rmSync(folder, { recursive: true });
});

/** Starts a hook and takes its shell. */
async function startHook(options: Parameters<typeof DispatchedShell.start>[1] = {}): Promise<void> {
  hook = await DispatchedShell.start(folder, options);
  shell = new ToolShell(hook.pipes);
}

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
  it('is missed by nobody when it is gone: questions are asked by processes, and what was told is known to have failed', async () => {
    process.kill(shellPid(), 'SIGKILL');
    expect(shell.run(['relation-get', '-', 'redis/0'])).toBe('bag of - redis/0\n');
    expect(shell.run(['echo', 'on'])).toBe('on\n');
    shell.tell(['status-set', 'active']);
    shell.settle();
    expect(calls()).toEqual(['- redis/0', 'status-set active']);

    await hook.end();
    await startHook();
    const pid = shellPid();
    shell.tell(['sh', '-c', `kill -9 ${pid}`]);
    expect(errorOf(() => shell.settle()).message).toContain('the shell that ran it ended');
  });

  it('is done without where dispatch left none, and where there is no folder for its files', () => {
    const elsewhere = new ToolShell({ ...hook.pipes, complaints: path.join(folder, 'missing/file') });
    for (const without of [elsewhere, new ToolShell(undefined)]) {
      expect(without.run(['echo', 'on'])).toBe('on\n');
      without.tell(['status-set', 'active']);
      without.settle();
    }
    expect(calls()).toEqual(['status-set active', 'status-set active']);
  });

  it('is left by a bash as well, which has no pipes of its own to give, and asks nothing ahead', async () => {
    await hook.end();
    writeFileSync(path.join(folder, QUESTIONS_FILE), 'relation-get a\n');
    await startHook({ shell: 'bash' });
    expect(readdirSync(folder).filter((name) => name.startsWith('.pipe'))).toEqual([]);
    expect(existsSync(path.join(folder, 'calls'))).toBe(false);
    const [question, other] = [
      ['relation-get', 'a'],
      ['relation-get', 'b'],
    ] as const;
    shell.askAhead([question, other]);
    expect([shell.run(question), shell.run(other)]).toEqual(['bag of a\n', 'bag of b\n']);
    expect(shell.run(['cat'], "it's\ntwo\n")).toBe("it's\ntwo\n");
    shell.tell(['fail', '1', '', 'no']);
    expect(errorOf(() => shell.settle()).stderr).toBe('ERROR no\n');
    expect(calls().sort()).toEqual(['a', 'b']);
  });

  it('ends with the process, leaves no file behind, and is known to no other process', async () => {
    const own = (file: string): string => JSON.stringify(new URL(`../../src/${file}`, import.meta.url).href);
    const bare = path.join(folder, 'bare');
    mkdirSync(path.join(bare, 'bin'), { recursive: true });
    copyFileSync(path.join(folder, 'dispatch'), path.join(bare, 'dispatch'));
    chmodSync(path.join(bare, 'dispatch'), 0o755);
    symlinkSync(process.execPath, path.join(bare, 'bin/node'));
    writeFileSync(path.join(bare, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      path.join(bare, 'charm.js'),
      `import { execFileSync } from 'node:child_process';
      import { makeShellTools } from ${own('tools/process-tools.ts')};
      import { takePipes } from ${own('tools/shell.ts')};
      import { ToolShell } from ${own('tools/tool-shell.ts')};
      const shell = new ToolShell(takePipes(process.env, 'complaints'));
      const tools = makeShellTools(shell, { hook: 'start', questionsFile: 'questions' });
      tools.statusSet('active', 'ready');
      tools.settle();
      const found = execFileSync('sh', ['-c', 'echo "$CHARM_TOOL_SHELL"; ls /proc/self/fd'], { encoding: 'utf8' });
      console.log(JSON.stringify({ pid: Number(shell.run(['sh', '-c', 'echo $PPID'])), found }));`,
    );
    const run = spawnSync(path.join(bare, 'dispatch'), { encoding: 'utf8' });
    expect([run.stderr, run.status]).toEqual(['', 0]);
    const { pid, found } = JSON.parse(run.stdout);
    const [mark, ...descriptors] = found.trimEnd().split('\n');
    expect(mark).toBe('');
    // 3 is the folder that ls reads.
    expect(descriptors.filter((descriptor: string) => Number(descriptor) < 10)).toEqual(['0', '1', '2', '3']);
    expect(readdirSync(bare).sort()).toEqual(['bin', 'charm.js', 'complaints', 'dispatch', 'package.json']);
    expect(statSync(path.join(bare, 'complaints'))).toMatchObject({ size: 0, mode: 0o100600 });
    expect(calls()).toEqual(['status-set -- active ready']);
    await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
  });

  it('runs the tools of a hook by their typed functions', () => {
    writeScript(folder, 'relation-ids', 'echo "[\\"db:1\\"]"');
    writeScript(folder, 'relation-list', 'echo "[\\"redis/0\\"]"');
    const tools = makeShellTools(shell, { hook: 'start', questionsFile: path.join(folder, 'questions') });
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

describe('what earlier hooks left to be asked', () => {
  const file = (): string => path.join(folder, QUESTIONS_FILE);
  /** Tools are slow whenever the machine is busy. */
  const kept = (): string[] =>
    readFileSync(file(), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== 'side-by-side');

  beforeEach(() => {
    for (const tool of [
      'relation-ids',
      'relation-list',
      'config-get',
      'network-get',
      'secret-get',
      'is-leader',
    ]) {
      writeScript(folder, tool, `echo "${tool} $*" >> '${folder}/calls'; echo '{}'`);
    }
    writeScript(folder, 'relation-get', `echo "relation-get $*" >> '${folder}/calls'; echo '{}'`);
  });

  /** Runs a hook in which handlers call tools; answers what was called, in order, and notes what the next one is to ask. */
  async function runHook(
    hookName: string,
    act: (tools: HookTools) => void,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<string[]> {
    await hook.end();
    writeFileSync(path.join(folder, 'calls'), '');
    await startHook({ environment: { JUJU_HOOK_NAME: hookName, ...variables } });
    const remoteUnit = variables.JUJU_REMOTE_UNIT;
    const tools = makeShellTools(shell, { hook: hookName, remoteUnit, questionsFile: file() });
    act(tools);
    // What was asked before the hook had started has been called by then.
    shell.run(['echo']);
    tools.askNextTime((ask) => {
      ask.relationIds('redis');
      ask.configGet();
      ask.relationList('redis:1');
    });
    return readFileSync(path.join(folder, 'calls'), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '');
  }

  const ALWAYS = [
    'relation-ids --format=json redis',
    'config-get --all --format=json',
    'relation-list --format=json -r redis:1',
  ];

  it('is asked before the hook has started, and once', async () => {
    await runHook('start', () => undefined);
    expect(kept()).toEqual(ALWAYS);
    const calls = await runHook('update-status', (tools) => {
      tools.configGet();
      tools.relationList('redis:1');
    });
    expect(calls.sort()).toEqual([...ALWAYS].sort());
  });

  it('is what a hook of that name asked last, too, but for what may move something on, or is about its own unit', async () => {
    const act = (tools: HookTools): void => {
      tools.askAhead((ask) => ask.configGet());
      tools.configGet();
      tools.isLeader();
      tools.relationGet({ relationId: 'db:1', member: 'db/7' });
      tools.networkGet('website');
      tools.secretGet({ id: 'secret:x' });
    };
    await runHook('db-relation-changed', act, { JUJU_REMOTE_UNIT: 'db/7' });
    const ofHook = ['is-leader --format=json', 'network-get --format=json website'];
    expect(kept()).toEqual([...ALWAYS, ...ofHook.map((command) => `@db-relation-changed ${command}`)]);
    expect(await runHook('update-status', () => undefined)).toHaveLength(3);
    const calls = await runHook('db-relation-changed', () => undefined);
    expect(calls.sort()).toEqual([...ALWAYS, ...ofHook].sort());
    // Nobody wanted it.
    expect(kept()).toEqual(ALWAYS);
  });

  it('goes with what the hook is about: its relation and its unit, but for one that is gone', async () => {
    await runHook('start', () => undefined);
    const about = (hookName: string, more = {}): Promise<string[]> =>
      runHook(hookName, () => undefined, {
        JUJU_RELATION: 'redis',
        JUJU_RELATION_ID: 'redis:1',
        ...more,
      });
    const [ids = '', config = '', list = ''] = ALWAYS;
    const bag = 'relation-get --format=json -r redis:1 - redis/0';
    const unit = { JUJU_REMOTE_UNIT: 'redis/0' };
    expect((await about('redis-relation-changed', unit)).sort()).toEqual([config, bag, ids, list].sort());
    expect((await about('redis-relation-changed')).sort()).toEqual([config, ids, list].sort());
    expect((await about('redis-relation-broken', unit)).sort()).toEqual([config, ids].sort());
    const other = { JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:4' };
    expect((await about('db-relation-changed', { ...unit, ...other })).sort()).toEqual([...ALWAYS].sort());
    expect(await about('collect-metrics')).toEqual([]);
  });

  it('may be answered at any length, side by side where tools are slow, and is asked again when it failed', async () => {
    writeFileSync(file(), ['side-by-side', ...ALWAYS, ...ALWAYS.map((line) => `${line} again`)].join('\n'));
    const long = 'x'.repeat(200_000);
    writeFileSync(path.join(folder, 'long'), JSON.stringify({ long }));
    writeScript(folder, 'config-get', `cat '${folder}/long'`);
    writeScript(
      folder,
      'relation-ids',
      `[ -e '${folder}/asked' ] || { touch '${folder}/asked'; exit 1; }; echo '["redis:1"]'`,
    );
    await runHook('start', (tools) => {
      tools.log('before anything is asked', 'INFO');
      expect(tools.relationIds('redis')).toEqual(['redis:1']);
      expect(tools.configGet()).toEqual({ long });
    });
    expect(kept()).toEqual(ALWAYS);
  });

  it('is asked side by side where tools were slow, until they are quick again', async () => {
    const isSideBySide = (): boolean => readFileSync(file(), 'utf8').startsWith('side-by-side\n');
    writeScript(folder, 'status-set', 'sleep 0.1');
    await runHook('start', (tools) => tools.statusSet('active', ''));
    expect(isSideBySide()).toBe(true);
    // Three tools that wait for each other.
    for (const [tool, others] of [
      ['relation-ids', 'config-get relation-list'],
      ['config-get', 'relation-ids relation-list'],
      ['relation-list', 'relation-ids config-get'],
    ] as const) {
      const wait = `for other in ${others}; do until [ -e '${folder}/'$other.on ]; do sleep 0.01; done; done`;
      writeScript(folder, tool, `touch '${folder}/${tool}.on'; ${wait}; echo '[]'`);
    }
    await runHook('start', (tools) => {
      expect(tools.relationIds('redis')).toEqual([]);
      tools.statusSet('active', '');
    });
    expect(isSideBySide()).toBe(true);
  });

  it('is never more than a question', async () => {
    writeFileSync(
      file(),
      `$(touch ${folder}/one)\nconfig-get; touch ${folder}/two\n@start is-leader > ${folder}/three\n@other x\n`,
    );
    await runHook('start', () => undefined, {
      JUJU_RELATION_ID: `redis:1; touch ${folder}/four`,
    });
    expect(['one', 'two', 'three', 'four'].filter((name) => existsSync(path.join(folder, name)))).toEqual([]);
  });

  it('is left alone where it cannot be written, and the hook ends well', async () => {
    mkdirSync(file());
    await runHook('start', (tools) => void tools.configGet());
    expect(readdirSync(file())).toEqual([]);
  });
});

/** Whether a process is there, and not one that has ended and was not taken note of. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
