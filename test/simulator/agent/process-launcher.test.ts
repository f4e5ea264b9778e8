import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HookProcess } from '../../../src/simulator/agent/hook-process.ts';
import { NodeLauncher, PerlLauncher } from '../../../src/simulator/agent/process-launcher.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launcher-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(body: string, mode = 0o755): string {
  const file = join(folder, `script-${Math.random().toString(36).slice(2)}`);
  writeFileSync(file, `#!/bin/bash\n${body}\n`);
  chmodSync(file, mode);
  return file;
}

describe.each([
  ['perl', PerlLauncher],
  ['node', NodeLauncher],
])('a process that %s starts', (_name, Launcher) => {
  const launcher = new Launcher();
  afterAll(() => launcher.stop());

  async function run(
    file: string,
    more: { readonly args?: string[]; readonly env?: Record<string, string> } = {},
  ) {
    const lines: string[] = [];
    const process = new HookProcess({
      launcher,
      file,
      args: more.args ?? [],
      cwd: folder,
      env: more.env ?? {},
      onLine: (stream, line) => lines.push(`${stream} ${line}`),
    });
    const end = await process.ended;
    return { end, lines, output: process.output };
  }

  it('prints line by line, to both streams, and exits with its code', async () => {
    const { end, lines, output } = await run(script('echo one; echo two >&2; printf "three\\nrest"; exit 7'));
    expect(end).toEqual({ exitCode: 7, signal: null });
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout one',
      'stdout three',
      'stdout rest',
    ]);
    expect(output).toEqual({ stdout: 'one\nthree\nrest', stderr: 'two\n' });
  });

  it('has the environment that it was given, and no more; its folder; its arguments; and nothing to read', async () => {
    const file = script('/usr/bin/env | /usr/bin/sort; pwd; printf "%s|" "$@"; read line || echo nothing');
    const { output } = await run(file, {
      args: ['a b', '', 'ü\n'],
      env: { EMPTY: '', TEXT: 'a=b\nc', ÜMLAUT: 'é' },
    });
    const shell = /^(PWD|SHLVL|_|OLDPWD)=/;
    const seen = output.stdout.split('\n').filter((line) => !shell.test(line));
    expect(seen).toEqual(['EMPTY=', 'TEXT=a=b', 'c', 'ÜMLAUT=é', folder, 'a b||ü', '|nothing', '']);
  });

  it('may print more than a pipe holds, and no character is torn', async () => {
    const { output } = await run(script('for i in {1..20000}; do echo "é$i"; done'));
    expect(output.stdout.split('\n')).toHaveLength(20_001);
    expect(output.stdout).toContain('é20000\n');
    expect(output.stdout).not.toContain('\ufffd');
  });

  it('that is killed has ended by a signal, with all that it started', async () => {
    const lines: string[] = [];
    const process = new HookProcess({
      launcher,
      file: script('sleep 60 & echo started; wait'),
      args: [],
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
      onLine: (_stream, line) => {
        lines.push(line);
        process.kill();
      },
    });
    const group = await process.started;
    expect(await process.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(lines).toEqual(['started']);
    await expect.poll(() => isGroupThere(group)).toBe(false);
  });

  it('that cannot start says why', async () => {
    expect((await run(join(folder, 'nowhere'))).end.failure).toMatch(/ENOENT|No such file/);
    expect((await run(script('true', 0o644))).end.failure).toMatch(/EACCES|Permission denied/);
  });

  it('leaves a daemon behind without being waited for', async () => {
    const { end, lines } = await run(script('sleep 30 & echo $!'), { env: { PATH: '/usr/bin:/bin' } });
    expect(end.exitCode).toBe(0);
    process.kill(Number(lines[0]?.slice('stdout '.length)), 'SIGKILL');
  });

  it('runs beside others, each with its own output', async () => {
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, index) => run(script(`echo ${index}; exit ${index}`))),
    );
    expect(runs.map(({ end, output }) => [end.exitCode, output.stdout])).toEqual(
      runs.map((_, index) => [index, `${index}\n`]),
    );
  });
});

/** Whether a process of a group runs still. One that has ended may stay listed until its parent asks after it. */
function isGroupThere(group: number): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const [state, , leader] = statOf(pid);
      return leader === String(group) && state !== 'Z';
    });
}

/** What /proc tells of a process after its name: its state, its parent, its group. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
