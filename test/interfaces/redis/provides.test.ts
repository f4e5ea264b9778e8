import { defineLayer, handler, type Unit, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { RedisProvides } from '../../../interfaces/redis/provides.ts';
import type { RedisAddress } from '../../../interfaces/redis/redis-address.ts';
import { RedisRequires, type RedisServer } from '../../../interfaces/redis/requires.ts';
import { UnitRunner } from '../../layers/unit-runner.ts';
import { charmOf } from './sides.ts';

/** A unit that does something with its side of the interface in each hook with a client. */
function makeServer(act: (redis: RedisProvides) => void) {
  const layer = defineLayer('app', [
    handler(when('endpoint.redis.joined'), function publish(unit: Unit) {
      act(unit.endpoint('redis', RedisProvides));
    }),
  ]);
  const unit = new UnitRunner(charmOf('provides', { layer }), 'app/0');
  unit.relate({
    'redis:0': { application: 'one', units: { 'one/0': {} } },
    'redis:1': { application: 'two', units: { 'two/0': {} } },
  });
  return unit;
}

test('configure publishes host, port and password as JSON and hostname as text, in every relation', async () => {
  const unit = makeServer((redis) => redis.configure({ host: '10.0.0.1', port: 6379, password: 'käse' }));
  await unit.hook({ name: 'redis-relation-joined', relationId: 'redis:0', remoteUnit: 'one/0' });
  const wire = { host: '"10.0.0.1"', port: '6379', password: '"k\\u00e4se"', hostname: '10.0.0.1' };
  expect(unit.tools.published).toEqual({
    'redis:0': { unit: wire, app: {} },
    'redis:1': { unit: wire, app: {} },
  });
});

test('configure without a password withdraws one that was published earlier', async () => {
  let address: RedisAddress = { host: '10.0.0.1', port: 6379, password: 'secret' };
  const unit = makeServer((redis) => redis.configure(address));
  await unit.hook('config-changed');
  address = { host: '10.0.0.1', port: 6379 };
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:0']?.unit).toEqual({
    host: '"10.0.0.1"',
    port: '6379',
    hostname: '10.0.0.1',
  });
});

test('withdraw leaves nothing published', async () => {
  let act = (redis: RedisProvides): void => redis.configure({ host: 'a', port: 1, password: 'p' });
  const unit = makeServer((redis) => act(redis));
  await unit.hook('config-changed');
  act = (redis) => redis.withdraw();
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:1']?.unit).toEqual({});
});

test.each([
  ['port 0', { host: '10.0.0.1', port: 0 }, 'port 0 is no number from 1 to 65535'],
  ['no port at all', { host: '10.0.0.1', port: Number.NaN }, 'port NaN is no number from 1 to 65535'],
  ['an empty host', { host: '', port: 6379 }, 'host "" is no address and no host name'],
])('configure refuses %s, and nothing is published', async (_, address, why) => {
  const unit = makeServer((redis) => redis.configure(address));
  await expect(unit.hook('config-changed')).rejects.toThrow(`cannot publish the redis server: ${why}`);
  expect(unit.tools.published).toEqual({});
});

test('a replica publishes where its primary is, and itself beside that', async () => {
  const address = { host: '10.0.0.1', port: 6379, password: 'secret' };
  let act = (redis: RedisProvides): void => redis.configure(address);
  const unit = makeServer((redis) => act(redis));
  await unit.hook('config-changed');
  act = (redis) => redis.configureReplica(address, { ...address, host: '10.0.0.2' });
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:0']?.unit).toEqual({
    host: '"10.0.0.2"',
    port: '6379',
    hostname: '10.0.0.2',
    replica: '{"host": "10.0.0.1", "port": 6379}',
    password: '"secret"',
  });
  act = (redis) => redis.configure(address);
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:0']?.unit).not.toHaveProperty('replica');
  act = (redis) => redis.withdraw();
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:0']?.unit).toEqual({});
});

test('the leader announces the primary in every relation; another unit may not', async () => {
  const unit = makeServer((redis) => redis.announcePrimary('app/1'));
  await expect(unit.hook('config-changed')).rejects.toThrow('unit app/0 is not the leader');
  unit.tools.model.isLeader = true;
  await unit.hook('config-changed');
  expect(unit.tools.published['redis:1']?.app).toEqual({ primary: '"app/1"' });
});

test('sets no flag but the automatic ones', async () => {
  const unit = makeServer((redis) => redis.configure({ host: 'a', port: 1 }));
  await unit.hook({ name: 'redis-relation-joined', relationId: 'redis:0', remoteUnit: 'one/0' });
  expect(unit.flags).toEqual(['endpoint.redis.joined']);
});

test('what one side publishes is what the other reads', async () => {
  const address = { host: 'fd00::7', port: 65_535, password: '"quoted" \\ \u2603 {}' };
  const server = makeServer((redis) => redis.configure(address));
  await server.hook('config-changed');

  let read: RedisServer[] = [];
  const layer = defineLayer('app', [
    handler(when('endpoint.redis.available'), function look(unit: Unit) {
      read = unit.endpoint('redis', RedisRequires).servers();
    }),
  ]);
  const client = new UnitRunner(charmOf('requires', { layer }), 'one/0');
  client.relate({
    'redis:0': { application: 'app', units: { 'app/0': server.tools.published['redis:0']?.unit ?? {} } },
  });
  await client.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'app/0' });
  expect(read).toEqual([{ unit: 'app/0', application: 'app', ...address }]);
});
