import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { processesOf } from '../unit-runner.ts';
import { RedisCluster } from './redis-cluster.ts';
import { connectTo, makeRedisUnit, publishedBy, relateClient, runAction } from './redis-unit.ts';

let cluster: RedisCluster;

beforeEach(() => {
  cluster = new RedisCluster();
});

const read = async (unit: string, key: string) => (await connectTo(cluster.address(unit))).get(key);

/** Replicas get what is written a moment later. */
async function arrives(unit: string, key: string): Promise<void> {
  const client = await connectTo(cluster.address(unit));
  await expect.poll(() => client.get(key), { timeout: 30_000 }).toBe('kept');
}

async function write(unit: string, key: string, value = 'kept'): Promise<void> {
  await (await connectTo(cluster.address(unit))).set(key, value);
}

/** What a unit publishes for clients. */
function offerOf(unit: string) {
  const { unit: bag = {}, app = {} } = cluster.unit(unit).tools.published['db:0'] ?? {};
  return { keys: Object.keys(bag).sort(), primary: app.primary };
}

test('the leader is the primary, others are replicas of it with the same password, and clients are told so', async () => {
  await cluster.deploy('redis/0', 'redis/1', 'redis/2');
  expect(cluster.statuses()).toEqual([
    'redis/0 active: serving on 127.0.0.1 as primary',
    'redis/1 active: serving on 127.0.0.1 as a replica of redis/0',
    'redis/2 active: serving on 127.0.0.1 as a replica of redis/0',
  ]);
  await write('redis/0', 'greeting');
  await arrives('redis/1', 'greeting');
  await arrives('redis/2', 'greeting');
  await expect(write('redis/1', 'greeting')).rejects.toThrow('READONLY');

  for (const unit of ['redis/0', 'redis/1']) await relateClient(cluster.unit(unit));
  expect(offerOf('redis/0')).toEqual({
    keys: ['host', 'hostname', 'password', 'port'],
    primary: '"redis/0"',
  });
  expect(offerOf('redis/1')).toEqual({
    keys: ['host', 'hostname', 'password', 'port', 'replica'],
    primary: undefined,
  });
  // Whoever asks any unit is told of the one to write to.
  expect(publishedBy(cluster.unit('redis/1'))).toMatchObject(cluster.address('redis/0'));

  // Whoever leads, the primary stays what it is.
  cluster.leader = 'redis/2';
  await cluster.hook('redis/2', 'leader-elected');
  await cluster.hook('redis/2', 'update-status');
  await cluster.settle();
  expect(cluster.statuses()[0]).toBe('redis/0 active: serving on 127.0.0.1 as primary');
  expect(cluster.application.term).toBe('1');
});

test('a unit that is not told who is the primary waits, and starts no server', async () => {
  const unit = makeRedisUnit('redis/1');
  unit.tools.model.isLeader = false;
  unit.relate({});
  await unit.hook('install');
  const waitsFor = [unit.tools.status.message];
  unit.relate({ 'cluster:0': { application: 'redis', units: {} } });
  await unit.hook('cluster-relation-created');
  waitsFor.push(unit.tools.status.message);
  unit.relate({
    'cluster:0': {
      application: 'redis',
      units: { 'redis/0': { host: '"127.0.0.1"', port: '1' } },
      applicationBag: { primary: '"redis/0"', term: '1', password: '"secret"' },
    },
  });
  await unit.hook({ name: 'cluster-relation-changed', relationId: 'cluster:0', remoteUnit: 'redis/0' });
  waitsFor.push(unit.tools.status.message);
  expect(waitsFor).toEqual([
    'for the relation among the units of the application',
    'for the leader to choose a primary',
    'for redis/0 to be the primary',
  ]);
  expect(processesOf(unit.folder)).toEqual([]);
});

test('a primary that is lost is replaced by the replica with the newest data, and comes back as a replica', async () => {
  await cluster.deploy('redis/0', 'redis/1', 'redis/2');
  cluster.leader = 'redis/1';
  await cluster.hook('redis/1', 'leader-elected');
  // The leader's own data is older than that of redis/2.
  await (await connectTo(cluster.address('redis/1'))).sendCommand(['REPLICAOF', '127.0.0.1', '1']);
  await write('redis/0', 'greeting');
  await arrives('redis/2', 'greeting');
  cluster.killServer('redis/0');
  await cluster.hook('redis/1', 'update-status');
  await cluster.settle();
  expect(cluster.statuses()).toEqual([
    'redis/0 active: serving on 127.0.0.1 as a replica of redis/2',
    'redis/1 active: serving on 127.0.0.1 as a replica of redis/2',
    'redis/2 active: serving on 127.0.0.1 as primary',
  ]);
  await write('redis/2', 'more');
  for (const unit of ['redis/0', 'redis/1']) {
    await arrives(unit, 'more');
    expect(await read(unit, 'greeting')).toBe('kept');
  }
});

test('a primary that leaves hands over all it has, while it takes no more writes', async () => {
  await cluster.deploy('redis/0', 'redis/1', 'redis/2');
  const { tools } = cluster.unit('redis/1');
  await relateClient(cluster.unit('redis/1'));
  await write('redis/0', 'greeting');
  cluster.markDying('redis/0');
  // The leader goes itself, so it says at once who follows.
  await cluster.peerHook('redis/0', 'departed', { remoteUnit: 'redis/2', departingUnit: 'redis/0' });
  expect(cluster.application.primary).toBe('"redis/1"');
  await cluster.peerHook('redis/0', 'departed', { remoteUnit: 'redis/1', departingUnit: 'redis/0' });
  expect(cluster.application).toMatchObject({ primary: '"redis/1"', term: '2' });
  // Until the new one takes over, it serves.
  await write('redis/0', 'late');

  const old = cluster.address('redis/0');
  await cluster.peerHook('redis/1', 'changed');
  expect(await read('redis/1', 'greeting')).toBe('kept');
  expect(await read('redis/1', 'late')).toBe('kept');
  expect(publishedBy(cluster.unit('redis/1'))).toMatchObject(cluster.address('redis/1'));
  await expect((await connectTo(old)).set('too', 'late')).rejects.toThrow('READONLY');

  await cluster.hook('redis/0', 'stop');
  cluster.destroy('redis/0');
  cluster.leader = 'redis/2';
  await cluster.hook('redis/2', 'leader-elected');
  await cluster.settle();
  expect(cluster.statuses()).toEqual([
    'redis/1 active: serving on 127.0.0.1 as primary',
    'redis/2 active: serving on 127.0.0.1 as a replica of redis/1',
  ]);
  expect(tools.logged.filter(({ level }) => level === 'WARNING')).toEqual([]);
});

test('a unit that never had a copy gets all data from the primary that leaves', async () => {
  await cluster.deploy('redis/0');
  await write('redis/0', 'greeting');
  cluster.markDying('redis/0');
  cluster.leader = 'redis/1';
  await cluster.deploy('redis/1');
  expect(cluster.application).toMatchObject({ primary: '"redis/1"', term: '2' });
  expect(await read('redis/1', 'greeting')).toBe('kept');
});

test('when primary and leader are gone at once, the new leader finds a new primary; from none to one as well', async () => {
  await cluster.deploy('redis/0', 'redis/1');
  await write('redis/0', 'greeting');
  await arrives('redis/1', 'greeting');
  cluster.destroy('redis/0');
  cluster.leader = 'redis/1';
  await cluster.hook('redis/1', 'leader-elected');
  expect(cluster.statuses()).toEqual(['redis/1 active: serving on 127.0.0.1 as primary']);
  expect(await read('redis/1', 'greeting')).toBe('kept');

  cluster.destroy('redis/1');
  cluster.leader = 'redis/7';
  await cluster.deploy('redis/7');
  expect(cluster.statuses()).toEqual(['redis/7 active: serving on 127.0.0.1 as primary']);
});

test('a server that somebody made something else is set back', async () => {
  await cluster.deploy('redis/0', 'redis/1');
  await (await connectTo(cluster.address('redis/1'))).sendCommand(['REPLICAOF', 'NO', 'ONE']);
  await write('redis/1', 'astray');
  await cluster.hook('redis/1', 'update-status');
  expect(await read('redis/1', 'astray')).toBeNull();
  await expect(write('redis/1', 'astray')).rejects.toThrow('READONLY');
});

test('the password is in a secret where Juju has them, and in no databag; a new one is taken up without a restart', async () => {
  cluster.jujuVersion = '3.6.28';
  await cluster.deploy('redis/0', 'redis/1');
  const before = cluster.password;
  expect(JSON.stringify(cluster.application)).not.toContain(before);
  const { results } = await runAction(cluster.unit('redis/1'), 'get-password');
  expect(results).toEqual({ password: before });

  const processes = ['redis/0', 'redis/1'].map((unit) => processesOf(cluster.unit(unit).folder));
  const refused = await runAction(cluster.unit('redis/1'), 'rotate-password');
  expect(refused.failure).toBe('cannot rotate the password: redis/1 is not the leader');
  await runAction(cluster.unit('redis/0'), 'rotate-password');
  await cluster.hook('redis/1', 'secret-changed');
  expect(cluster.password).not.toBe(before);
  await write('redis/0', 'greeting');
  await arrives('redis/1', 'greeting');
  await expect(connectTo({ ...cluster.address('redis/0'), password: before })).rejects.toThrow('WRONGPASS');
  expect(['redis/0', 'redis/1'].map((unit) => processesOf(cluster.unit(unit).folder))).toEqual(processes);
});

test('lines of the layer option come last in redis.conf', async () => {
  const unit = makeRedisUnit('redis/0', ['timeout 300', 'maxmemory 5mb']);
  unit.configure({ maxmemory: '64mb' });
  await unit.hook('install');
  const client = await connectTo(await relateClient(unit));
  expect(await client.configGet('timeout')).toEqual({ timeout: '300' });
  expect(await client.configGet('maxmemory')).toEqual({ maxmemory: String(5 * 1024 * 1024) });
  expect(readFileSync(path.join(unit.folder, '.redis', 'redis.conf'), 'utf8')).toMatch(
    /\ntimeout 300\nmaxmemory 5mb\n$/,
  );
});
