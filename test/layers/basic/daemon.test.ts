import { existsSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Daemon } from '../../../layers/basic/lib/daemon.ts';
import { makeFolder } from '../folders.ts';
import { processesOf } from '../unit-runner.ts';

function makeDaemon() {
  const folder = makeFolder();
  const daemon = new Daemon({ name: 'worker', folder });
  onTestFinished(() => {
    for (const pid of processesOf(folder)) endProcess(pid);
  });
  /** Runs a shell script, which is ready when it has made the file `ready`. */
  const start = (script: string) => {
    rmSync(path.join(folder, 'ready'), { force: true });
    return daemon.start({
      command: '/bin/sh',
      args: ['-c', script],
      isReady: async () => existsSync(path.join(folder, 'ready')),
    });
  };
  return { folder, daemon, start };
}

/** It may have ended by itself in between. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const WORK = 'touch ready; while :; do sleep 0.05; done';

test('a daemon runs once it is ready, and another hook knows it', async () => {
  const { folder, daemon, start } = makeDaemon();
  expect(daemon.isRunning).toBe(false);
  await start(`sleep 0.2; ${WORK}`);
  expect(existsSync(path.join(folder, 'ready'))).toBe(true);
  expect(new Daemon({ name: 'worker', folder }).isRunning).toBe(true);
});

test('stop ends it and what it started, and may be called again', async () => {
  const { folder, daemon, start } = makeDaemon();
  await start(`sleep 100 & ${WORK}`);
  await daemon.stop();
  expect(daemon.isRunning).toBe(false);
  while (processesOf(folder).length > 0) await setTimeout(10);
  await daemon.stop();
});

test('stop kills one that does not listen', async () => {
  const { folder, daemon, start } = makeDaemon();
  await start(`trap '' TERM; ${WORK}`);
  await daemon.stop();
  expect(daemon.isRunning).toBe(false);
  while (processesOf(folder).length > 0) await setTimeout(10);
});

test('start replaces one that runs', async () => {
  const { folder, daemon, start } = makeDaemon();
  await start(`echo $$ > first; ${WORK}`);
  await start(`echo $$ > second; ${WORK}`);
  const [first, second] = ['first', 'second'].map((name) =>
    Number(readFileSync(path.join(folder, name), 'utf8')),
  );
  expect(processesOf(folder)).toContain(second);
  expect(processesOf(folder)).not.toContain(first);
  expect(daemon.isRunning).toBe(true);
});

test('one that ends before it is ready is an error with the last lines of this start', async () => {
  const { folder, daemon, start } = makeDaemon();
  await expect(start('echo an earlier start; exit 1')).rejects.toThrow('exit code 1');
  await expect(start('echo no such option >&2; exit 3')).rejects.toThrow(
    `cannot start "worker": it ended with exit code 3\n  no such option; see "${folder}/worker.log"`,
  );
  expect(daemon.isRunning).toBe(false);
  expect(readFileSync(path.join(folder, 'worker.log'), 'utf8')).toBe('an earlier start\nno such option\n');
});

test('a program that is not there is an error that names it', async () => {
  const { folder, daemon } = makeDaemon();
  const start = daemon.start({ command: `${folder}/none`, args: [], isReady: async () => false });
  await expect(start).rejects.toThrow(`cannot start "worker": spawn ${folder}/none ENOENT`);
  expect(daemon.isRunning).toBe(false);
});

test('a process that has got the number of one that is gone is left alone', async () => {
  const { folder, daemon } = makeDaemon();
  for (const text of [`${process.pid} 1\n`, `${process.pid}\n`, '1 1\n', '0 \n', '-1 \n', 'none', '']) {
    writeFileSync(path.join(folder, 'worker.pid'), text);
    expect(daemon.isRunning).toBe(false);
    await daemon.stop();
  }
  expect(existsSync(path.join(folder, 'worker.pid'))).toBe(false);
});

test('a process that has ended, and only waits to be collected, does not run', async () => {
  const { folder, daemon, start } = makeDaemon();
  await start('sleep 0.5 & echo $! > child; touch ready; exec sleep 100');
  const pid = readFileSync(path.join(folder, 'child'), 'utf8').trim();
  const readStat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  await expect.poll(() => readStat()[2]).toBe('Z');
  const parent = readFileSync(path.join(folder, 'worker.pid'), 'utf8');
  writeFileSync(path.join(folder, 'worker.pid'), `${pid} ${readStat()[21]}\n`);
  expect(daemon.isRunning).toBe(false);
  writeFileSync(path.join(folder, 'worker.pid'), parent);
  expect(daemon.isRunning).toBe(true);
});

test('its log is private, and it holds no stream of the hook', async () => {
  const { folder, start } = makeDaemon();
  await start(WORK);
  expect(statSync(path.join(folder, 'worker.log')).mode & 0o777).toBe(0o600);
  const [pid] = processesOf(folder);
  const streams = [0, 1, 2].map((stream) => readlinkSync(`/proc/${pid}/fd/${stream}`));
  expect(streams).toEqual(['/dev/null', `${folder}/worker.log`, `${folder}/worker.log`]);
});
