import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { aptGet, runApt } from '../../../layers/basic/lib/apt-get.ts';
import { TestPath } from '../path.ts';

const SOON = { attempts: 3, seconds: 0 };

test('apt runs without questions, and what it prints is the answer', async () => {
  const apt = new TestPath();
  apt.program('apt-get', `echo "$DEBIAN_FRONTEND $LANG"`);
  expect(await runApt(aptGet('install', ['a', 'b'], ['--no-remove']))).toBe('noninteractive C.UTF-8\n');
  expect(apt.calls()).toEqual(['apt-get --assume-yes --no-remove install a b']);
});

test('what may go well another time is tried again', async () => {
  const apt = new TestPath();
  apt.program('apt-get', `[ "$(cat '${apt.folder}/calls')" != 'apt-get update' ] || exit 100`);
  await runApt(['apt-get', 'update'], SOON);
  expect(apt.calls()).toEqual(['apt-get update', 'apt-get update']);
});

test('it is given up after the last attempt, with what was said last', async () => {
  const apt = new TestPath();
  apt.program('apt-get', 'echo "E: first" >&2; echo "E: locked" >&2; exit 100');
  await expect(runApt(['apt-get', 'update'], SOON)).rejects.toMatchObject({
    message: 'cannot run apt-get update: E: locked',
    exitCode: 100,
  });
  expect(apt.calls()).toHaveLength(3);
});

test('what no other time would mend is not tried again', async () => {
  const apt = new TestPath();
  apt.program('apt-get', 'exit 2');
  await expect(runApt(['apt-get', 'update'], SOON)).rejects.toThrow('cannot run apt-get update');
  expect(readFileSync(path.join(apt.folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(1);
  await expect(runApt(['apt-mark', 'hold'], SOON)).rejects.toMatchObject({ exitCode: undefined });
});
