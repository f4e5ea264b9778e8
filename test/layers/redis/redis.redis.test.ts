import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { processesOf } from '../unit-runner.ts';
import { connectTo, makeRedisUnit, publishedBy, relateClient } from './redis-unit.ts';

test('a server of the unit runs after install, on a free port, and its status says where', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const port = unit.stored('redis.port');
  expect(unit.tools.status).toEqual({ status: 'active', message: `serving on 127.0.0.1:${port} as primary` });
  expect(unit.tools.ports).toEqual([`${port}/tcp`]);
  expect(unit.tools.applicationVersion).toMatch(/^\d+\.\d+/);
  expect(unit.flags).toEqual(['leadership.is_leader', 'redis.installed', 'redis.ready']);
  expect(processesOf(unit.folder)).toHaveLength(1);
});

test('what it publishes opens the server, and no other password does', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const { host, port, password, hostname } = await relateClient(unit);
  expect(hostname).toBe(host);
  const client = await connectTo({ host, port, password });
  expect(await client.ping()).toBe('PONG');
  await expect(connectTo({ host, port, password: 'wrong' })).rejects.toThrow('WRONGPASS');
  await expect(connectTo({ host, port })).rejects.toThrow('NOAUTH');
});

test('its process keeps the environment of the hook, by which leftovers of a unit are found', async () => {
  vi.stubEnv('JUJU_UNIT_NAME', 'redis/0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const unit = makeRedisUnit();
  await unit.hook('install');
  const [pid] = processesOf(unit.folder);
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('JUJU_UNIT_NAME=redis/0');
});

test('it publishes itself in every relation, and units have passwords of their own', async () => {
  const [first, second] = [makeRedisUnit('redis/0'), makeRedisUnit('redis/1')];
  await first.hook('install');
  await second.hook('install');
  const published = await relateClient(first, 'db:0', 'one/0');
  expect(await relateClient(first, 'db:1', 'two/0')).toEqual(published);
  expect((await relateClient(second)).password).not.toBe(published.password);
});

test('no password is where others can read it', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const { password } = await relateClient(unit);
  const folder = path.join(unit.folder, '.redis');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, 'redis.conf')).mode & 0o777).toBe(0o600);
  const [pid] = processesOf(unit.folder);
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
  expect(JSON.stringify([unit.tools.logged, unit.tools.status])).not.toContain(password);
});

test('maxmemory is changed in the server that runs', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const [pid] = processesOf(unit.folder);
  const client = await connectTo(await relateClient(unit));
  unit.configure({ maxmemory: '64mb' });
  await unit.hook('config-changed');
  expect(await client.configGet('maxmemory')).toEqual({ maxmemory: String(64 * 1024 * 1024) });
  unit.configure({});
  await unit.hook('config-changed');
  expect(await client.configGet('maxmemory')).toEqual({ maxmemory: '0' });
  expect(processesOf(unit.folder)).toEqual([pid]);
});

test('another port takes the server there, with its data, and relations are told', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const before = await relateClient(unit);
  await (await connectTo(before)).set('greeting', 'hello');
  const port = await findFreePort();
  unit.configure({ port });
  await unit.hook('config-changed');
  const after = publishedBy(unit);
  expect(after).toEqual({ ...before, port });
  expect(await (await connectTo(after)).get('greeting')).toBe('hello');
  expect(unit.tools.ports).toEqual([`${port}/tcp`]);
  await expect(connectTo(before)).rejects.toThrow('ECONNREFUSED');
});

test('a new address of the machine takes the server there', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  await relateClient(unit);
  unit.tools.model.address = '127.0.0.9';
  await unit.hook('config-changed');
  expect(publishedBy(unit).host).toBe('127.0.0.9');
  expect(await (await connectTo(publishedBy(unit))).ping()).toBe('PONG');
});

test.each([
  ['maxmemory', 'lots', 'maxmemory "lots" is no size: give one such as 64mb'],
  ['port', 70_000, 'port 70000 cannot be used: choose another one, or 0 for any'],
])(
  'a bad value for %s is said to be bad, and the server goes on as it was',
  async (option, value, message) => {
    const unit = makeRedisUnit();
    await unit.hook('install');
    const published = await relateClient(unit);
    unit.configure({ [option]: value });
    await unit.hook('config-changed');
    expect(unit.tools.status).toEqual({ status: 'blocked', message });
    expect(await (await connectTo(published)).ping()).toBe('PONG');
    unit.configure({});
    await unit.hook('config-changed');
    expect(unit.tools.status.status).toBe('active');
    expect(publishedBy(unit)).toEqual(published);
  },
);

test('a server that a hook started before it was killed is found again, and counts as its own', async () => {
  const unit = makeRedisUnit();
  const port = await findFreePort();
  unit.configure({ port });
  vi.spyOn(unit.tools, 'openPort').mockImplementationOnce(() => {
    throw new Error('killed');
  });
  await expect(unit.hook('install')).rejects.toThrow('killed');
  expect(processesOf(unit.folder)).toHaveLength(1);
  await unit.hook('install');
  expect(unit.tools.status).toEqual({ status: 'active', message: `serving on 127.0.0.1:${port} as primary` });
  expect(await (await connectTo(await relateClient(unit))).ping()).toBe('PONG');
  expect(processesOf(unit.folder)).toHaveLength(1);
});

test('a port that somebody else has is not taken', async () => {
  const unit = makeRedisUnit();
  const port = await occupyPort();
  unit.configure({ port });
  await unit.hook('install');
  expect(unit.tools.status).toEqual({
    status: 'blocked',
    message: `port ${port} cannot be used: choose another one, or 0 for any`,
  });
  expect(processesOf(unit.folder)).toEqual([]);
});

test('update-status starts a server again that died, with its data, port and password', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const published = await relateClient(unit);
  const client = await connectTo(published);
  await client.set('greeting', 'hello');
  // While the disk is busy redis answers first and writes up to two seconds later.
  await expect.poll(() => client.info('persistence'), { timeout: 30_000 }).toContain('aof_buffer_length:0\r');
  await killServer(unit.folder);
  await unit.hook('update-status');
  expect(await (await connectTo(published)).get('greeting')).toBe('hello');
  expect(unit.tools.logged.map(({ message }) => message)).toContain(
    'the redis server does not answer; it is started again',
  );
});

test('update-status replaces a server that hangs', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  const published = await relateClient(unit);
  const [hung] = processesOf(unit.folder);
  if (hung === undefined) throw new Error('there is no server');
  process.kill(hung, 'SIGSTOP');
  await unit.hook('update-status');
  expect(processesOf(unit.folder)).toHaveLength(1);
  expect(processesOf(unit.folder)).not.toContain(hung);
  expect(await (await connectTo(published)).ping()).toBe('PONG');
});

test('start, after the machine was restarted, brings the server back, on another port if its own is taken', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  await relateClient(unit);
  await killServer(unit.folder);
  await occupyPort(Number(unit.stored('redis.port')));
  await unit.hook('start');
  expect(await (await connectTo(publishedBy(unit))).ping()).toBe('PONG');
});

test('after a hook that failed once the server was up, there is one server, and it is the one published', async () => {
  const unit = makeRedisUnit();
  const { openPort } = unit.tools;
  unit.tools.openPort = () => {
    throw new Error('no such tool');
  };
  await expect(unit.hook('install')).rejects.toThrow('no such tool');
  expect(unit.flags).toEqual([]);
  unit.tools.openPort = openPort;
  await unit.hook('install');
  expect(processesOf(unit.folder)).toHaveLength(1);
  expect(await (await connectTo(await relateClient(unit))).ping()).toBe('PONG');
});

test('stop ends the server and closes its port, and nothing starts it again on the way out', async () => {
  const unit = makeRedisUnit();
  await unit.hook('install');
  await relateClient(unit);
  await unit.hook('stop');
  expect(processesOf(unit.folder)).toEqual([]);
  expect(unit.tools.ports).toEqual([]);
  expect(unit.tools.status).toEqual({ status: 'maintenance', message: 'stopped' });
  unit.relate({});
  await unit.hook('remove');
  expect(processesOf(unit.folder)).toEqual([]);
  expect(unit.flags).not.toContain('redis.stopping');
});

async function killServer(folder: string): Promise<void> {
  for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
  while (processesOf(folder).length > 0) await setTimeout(10);
}

async function findFreePort(): Promise<number> {
  const { server, port } = await listen(0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens on a port until the test ends; a process that was killed a moment ago may hold it a moment longer. */
async function occupyPort(port = 0): Promise<number> {
  const listening = await vi.waitFor(() => listen(port), { timeout: 5_000 });
  onTestFinished(() => void listening.server.close());
  return listening.port;
}

async function listen(port: number) {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}
