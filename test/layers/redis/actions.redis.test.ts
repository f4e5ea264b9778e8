import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../folders.ts';
import { processesOf } from '../unit-runner.ts';
import { connectTo, makeRedisUnit, relateClient, runAction } from './redis-unit.ts';

test('get-password tells the password, or that there is none yet', async () => {
  const unit = makeRedisUnit();
  unit.relate({});
  expect((await runAction(unit, 'get-password')).failure).toBe(
    'cannot get the password: the leader has not made one yet',
  );
  const served = makeRedisUnit();
  await served.hook('install');
  const { password } = await relateClient(served);
  expect(await runAction(served, 'get-password')).toEqual({ results: { password }, failure: undefined });
});

test('backup writes all data into a file that only the charm may read, and says what it is', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const client = await connectTo(await relateClient(unit));
  await client.set('greeting', 'hello');
  const { results, failure } = await runAction(unit, 'backup');
  expect(failure).toBeUndefined();
  const file = String(results.path);
  expect(file).toMatch(/\/\.redis\/backups\/redis-0-\d{8}T\d{6}Z\.rdb$/);
  const content = readFileSync(file);
  expect(content.toString('latin1')).toContain('greeting');
  expect(results).toEqual({
    path: file,
    size: String(content.length),
    sha256: createHash('sha256').update(content).digest('hex'),
  });
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.join(unit.folder, '.redis'))).not.toContain('dump.rdb');

  // A file that cannot be written where redis writes it is told.
  mkdirSync(path.join(unit.folder, '.redis', 'dump.rdb'));
  const spoilt = await runAction(unit, 'backup', { folder: makeFolder() });
  expect(spoilt.failure).toBe('cannot back up: redis could not write the file; its log says why');
});

test('backup goes where it is told to, and fails clearly when there is no server', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const folder = makeFolder();
  const { results } = await runAction(unit, 'backup', { folder });
  expect(readdirSync(folder)).toEqual([path.basename(String(results.path))]);
  for (const pid of processesOf(unit.folder)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => processesOf(unit.folder)).toEqual([]);
  const { failure } = await runAction(unit, 'backup', { folder });
  expect(failure).toBe("cannot back up: the unit's redis server does not run");
  expect(readdirSync(folder)).toHaveLength(1);
});
