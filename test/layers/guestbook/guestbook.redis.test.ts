import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { processesOf } from '../unit-runner.ts';
import { makeGuestbookUnit, offer, redisHook, websiteOf } from './guestbook-unit.ts';
import { findFreePort, postEntry, startRedis } from './website.ts';

async function serving() {
  const unit = await makeGuestbookUnit();
  const redis = await startRedis();
  offer(unit, { 'redis/0': redis });
  await redisHook(unit, 'changed', 'redis/0');
  return { unit, redis, website: websiteOf(unit) };
}

const read = async (website: string): Promise<unknown[]> =>
  (await fetch(`${website}/entries`)).json() as never;

test('the status says what is missing until there is a redis, and then where the website is', async () => {
  const unit = await makeGuestbookUnit();
  const redis = await startRedis();
  const statuses: unknown[] = [];
  const note = () => statuses.push(Object.values(unit.tools.status));
  await unit.hook('install');
  note();
  unit.relate({ 'redis:0': { application: 'redis', units: {} } });
  await redisHook(unit, 'created');
  note();
  offer(unit, { 'redis/0': undefined });
  await redisHook(unit, 'joined', 'redis/0');
  note();
  offer(unit, { 'redis/0': redis });
  await redisHook(unit, 'changed', 'redis/0');
  note();
  const port = unit.stored('guestbook.port');
  expect(statuses).toEqual([
    ['blocked', 'needs a relation to redis'],
    ['blocked', 'needs a relation to redis'],
    ['waiting', 'redis has not said yet where it is'],
    ['active', `serving on http://127.0.0.1:${port}/`],
  ]);
  expect(unit.tools.ports).toEqual([`${port}/tcp`]);
});

test('entries that are posted to the website are in redis', async () => {
  const { redis, website } = await serving();
  expect((await postEntry(website, { name: 'Ada', message: 'hello' })).status).toBe(201);
  expect(await read(website)).toEqual([expect.objectContaining({ name: 'Ada', message: 'hello' })]);
  await redis.run('DEL', 'guestbook:entries');
  expect(await read(website)).toEqual([]);
});

test("redis's password is in no file, log or command line that others can read", async () => {
  const { unit, redis } = await serving();
  const { password } = redis.address;
  const file = path.join(unit.folder, '.guestbook', 'settings.json');
  expect(readFileSync(file, 'utf8')).toContain(password);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  const [pid] = processesOf(unit.folder);
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
  expect(JSON.stringify([unit.tools.logged, unit.tools.status])).not.toContain(password);
});

test('a hook in which nothing changed leaves the web server alone', async () => {
  const { unit } = await serving();
  const processes = processesOf(unit.folder);
  await unit.hook('config-changed');
  await unit.hook('update-status');
  await redisHook(unit, 'changed', 'redis/0');
  expect(processesOf(unit.folder)).toEqual(processes);
});

test('another title and another port are served at once, and the old port is closed', async () => {
  const { unit, website } = await serving();
  const port = await findFreePort();
  unit.configure({ title: 'Visitors & friends', port });
  await unit.hook('config-changed');
  expect(websiteOf(unit)).toBe(`http://127.0.0.1:${port}`);
  expect(await (await fetch(`${websiteOf(unit)}/`)).text()).toContain('<h1>Visitors &#38; friends</h1>');
  expect(unit.tools.ports).toEqual([`${port}/tcp`]);
  await expect(fetch(website)).rejects.toThrow();
  unit.configure({});
  await unit.hook('config-changed');
  expect(websiteOf(unit)).toBe(`http://127.0.0.1:${port}`);
});

test('a port that cannot be had is said to be bad, and the website goes on as it was', async () => {
  const { unit, redis, website } = await serving();
  unit.configure({ port: redis.address.port });
  await unit.hook('config-changed');
  expect(unit.tools.status).toEqual({
    status: 'blocked',
    message: `port ${redis.address.port} cannot be used: choose another one, or 0 for any`,
  });
  expect((await fetch(website)).status).toBe(200);
  unit.configure({});
  await unit.hook('config-changed');
  expect(websiteOf(unit)).toBe(website);
});

test('a web server that a hook started before it was killed is found again, and counts as its own', async () => {
  const unit = await makeGuestbookUnit();
  const port = await findFreePort();
  unit.configure({ port });
  offer(unit, { 'redis/0': await startRedis() });
  vi.spyOn(unit.tools, 'openPort').mockImplementationOnce(() => {
    throw new Error('killed');
  });
  await expect(redisHook(unit, 'changed', 'redis/0')).rejects.toThrow('killed');
  expect(processesOf(unit.folder)).toHaveLength(1);
  await redisHook(unit, 'changed', 'redis/0');
  expect(websiteOf(unit)).toBe(`http://127.0.0.1:${port}`);
  expect(await read(websiteOf(unit))).toEqual([]);
  expect(processesOf(unit.folder)).toHaveLength(1);
});

test('it stays with its redis when another one joins, and falls back on that when its own is gone', async () => {
  const { unit, redis, website } = await serving();
  await postEntry(website, { name: 'Ada', message: 'in redis/0' });
  const other = await startRedis();
  offer(unit, { 'other/0': other, 'redis/0': redis });
  await redisHook(unit, 'changed', 'other/0');
  expect(await read(website)).toHaveLength(1);

  offer(unit, { 'other/0': other });
  await redisHook(unit, 'departed', 'redis/0');
  expect(websiteOf(unit)).toBe(website);
  expect(await read(website)).toEqual([]);

  offer(unit, { 'other/0': other, 'redis/0': redis });
  await redisHook(unit, 'changed', 'redis/0');
  expect(await read(website)).toEqual([]);
});

test('it follows the primary of its redis to another unit, and stays with that application', async () => {
  const { unit, redis, website } = await serving();
  const [second, other] = [await startRedis(), await startRedis()];
  await postEntry(website, { name: 'Ada', message: 'in redis/0' });
  offer(unit, { 'another/0': other, 'redis/1': second });
  await redisHook(unit, 'departed', 'redis/0');
  await redis.kill();
  expect(await read(website)).toEqual([]);
  expect((await postEntry(website, { name: 'Ada', message: 'in redis/1' })).status).toBe(201);
  await second.run('DEL', 'guestbook:entries');
  expect(await read(website)).toEqual([]);
  expect(unit.stored('guestbook.redis')).toBe('redis');
});

test('the leader alone writes the first entry, once, whoever leads later', async () => {
  const redis = await startRedis();
  const [first, second] = [await makeGuestbookUnit(), await makeGuestbookUnit()];
  for (const unit of [first, second]) {
    unit.configure({ welcome: 'Sign here' });
    offer(unit, { 'redis/0': redis });
    await redisHook(unit, 'changed', 'redis/0');
  }
  expect(await read(websiteOf(first))).toEqual([]);
  for (const unit of [first, second, first]) {
    unit.tools.model.isLeader = true;
    await unit.hook('leader-elected');
    unit.tools.model.isLeader = false;
  }
  await first.hook('update-status');
  expect(await read(websiteOf(first))).toEqual([
    expect.objectContaining({ name: 'Guestbook', message: 'Sign here' }),
  ]);
});

test('a redis that moves is followed', async () => {
  const { unit, website } = await serving();
  const moved = await startRedis();
  offer(unit, { 'redis/0': moved });
  await redisHook(unit, 'changed', 'redis/0');
  await postEntry(website, { name: 'Ada', message: 'hello' });
  await moved.run('DEL', 'guestbook:entries');
  expect(await read(website)).toEqual([]);
});

test('it stops serving when the last redis is gone, or says no more where it is', async () => {
  const { unit, redis, website } = await serving();
  offer(unit, { 'redis/0': undefined });
  await redisHook(unit, 'changed', 'redis/0');
  expect(unit.tools.status.status).toBe('waiting');
  expect(processesOf(unit.folder)).toEqual([]);
  expect(unit.tools.ports).toEqual([]);

  offer(unit, { 'redis/0': redis });
  await redisHook(unit, 'changed', 'redis/0');
  expect(websiteOf(unit)).toBe(website);

  offer(unit, {});
  await redisHook(unit, 'departed', 'redis/0');
  await redisHook(unit, 'broken');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'needs a relation to redis' });
  expect(processesOf(unit.folder)).toEqual([]);
});

test.each(['update-status', 'start'])('%s starts a web server again that died', async (hook) => {
  const { unit, website } = await serving();
  for (const pid of processesOf(unit.folder)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => processesOf(unit.folder)).toEqual([]);
  await unit.hook(hook);
  expect(websiteOf(unit)).toBe(website);
  expect((await fetch(website)).status).toBe(200);
});

test('upgrade-charm starts the web server that the new charm brings', async () => {
  const { unit, website } = await serving();
  const [old] = processesOf(unit.folder);
  await unit.hook('upgrade-charm');
  expect(processesOf(unit.folder)).toHaveLength(1);
  expect(processesOf(unit.folder)).not.toContain(old);
  expect((await fetch(website)).status).toBe(200);
});

test('a new address of the machine takes the website there', async () => {
  const { unit } = await serving();
  unit.tools.model.address = '127.0.0.9';
  await unit.hook('config-changed');
  expect(websiteOf(unit)).toMatch('http://127.0.0.9:');
  expect((await fetch(websiteOf(unit))).status).toBe(200);
});

test('stop ends the web server and closes its port, also while redis is still there', async () => {
  const { unit } = await serving();
  await unit.hook('stop');
  await unit.hook('remove');
  expect(processesOf(unit.folder)).toEqual([]);
  expect(unit.tools.ports).toEqual([]);
  expect(unit.flags).not.toContain('guestbook.serving');
  expect(unit.flags).not.toContain('guestbook.stopping');
});
