import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compile, FakeTools } from '../../bench/fake-tools.ts';
import { measureProcess } from '../../bench/process-cost.ts';

function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fake-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('without a C compiler it is said what to install', () => {
  const act = (): void => compile('tool.c', path.join(makeFolder(), 'tool'), 'no-such-compiler');
  expect(act).toThrow(
    'it needs a C compiler, and there is no "no-such-compiler" (Debian: apt-get install gcc',
  );
});

const hasCompiler = spawnSync('cc', ['--version']).status === 0;

// The programs are in C: where there is no compiler the bench does not run either, and says so.
if (hasCompiler) {
  test('the fake tools answer what they were told to, and note each call', () => {
    const tools = new FakeTools(path.join(makeFolder(), 'tools'));
    const run = (...[tool = '', ...words]: string[]): string =>
      spawnSync(path.join(tools.bin, tool), words, { encoding: 'utf8' }).stdout;
    tools.answer('relation-get', {});
    tools.answer('relation-get.-.redis/0', { port: '6379' });
    tools.answer('relation-list.app', 'redis');
    expect(run('relation-get', '--format=json', '-r', 'redis:1', '-', 'redis/0')).toBe('{"port":"6379"}');
    expect(run('relation-get', '-r', 'redis:1', '-', 'redis/1')).toBe('{}');
    expect(run('relation-list', '--app', '-r', 'redis:1')).toBe('"redis"');
    expect(run('status-set', '--', 'active', 'ready')).toBe('');
    expect(tools.takeCalls()).toEqual([
      'relation-get.-.redis%0',
      'relation-get.-.redis%1',
      'relation-list.app',
      'status-set.active.ready',
    ]);
    expect(tools.takeCalls()).toEqual([]);
  });

  test('a process is measured with what it started, and one that fails is told of with what it said', () => {
    const folder = makeFolder();
    const usage = path.join(folder, 'usage');
    compile('usage.c', usage);
    const measure = (text: string): number =>
      measureProcess(usage, { command: ['/bin/sh', '-c', text], folder, environment: {} }).peakKilobytes;
    expect(measure(':')).toBeGreaterThan(0);
    expect(() => measure('echo what went wrong >&2; exit 3')).toThrow('it failed: what went wrong');
  });
}
