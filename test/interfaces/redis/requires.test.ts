import { defineLayer, handler, when, whenNot } from 'charms-reactive';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RedisRequires, type RedisServer } from '../../../interfaces/redis/requires.ts';
import { UnitRunner } from '../../layers/unit-runner.ts';
import { charmOf } from './sides.ts';

type Bags = Readonly<Record<string, Readonly<Record<string, string>>>>;

const GOOD = { host: '"10.0.0.1"', port: '6379', password: '"secret"', hostname: '10.0.0.1' };

/** A unit that uses redis; it notes what its handlers find in each hook. */
function makeClient() {
  const seen: { servers: RedisServer[]; replicas: RedisServer[]; data: unknown; flags: string[] }[] = [];
  const log: string[] = [];
  const layer = defineLayer(
    'app',
    [
      handler(when('endpoint.redis.available'), function available(unit) {
        log.push(`available: ${unit.endpoint('redis', RedisRequires).servers().length}`);
      }),
      handler(whenNot('endpoint.redis.available'), function absent() {
        log.push('absent');
      }),
      handler(when('endpoint.redis.changed'), function changed() {
        log.push('changed');
      }),
    ],
    {
      atExit(unit) {
        const redis = unit.endpoint('redis', RedisRequires);
        const [servers, replicas] = [redis.servers(), redis.replicas()];
        seen.push({ servers, replicas, data: redis.relationData(), flags: unit.flags.list() });
      },
    },
  );
  const unit = new UnitRunner(charmOf('requires', { layer }), 'app/0');
  const relate = (
    relations: Readonly<Record<string, Bags>>,
    applicationBag: Readonly<Record<string, string>> = {},
  ) =>
    unit.relate(
      Object.fromEntries(
        Object.entries(relations).map(([id, units]) => [
          id,
          { application: Object.keys(units)[0]?.split('/')[0] ?? 'redis', units, applicationBag },
        ]),
      ),
    );
  return { unit, relate, log, last: () => seen.at(-1) };
}

async function readServers(bag: Readonly<Record<string, string>>): Promise<readonly RedisServer[]> {
  const { unit, relate, last } = makeClient();
  relate({ 'redis:0': { 'redis/0': bag } });
  await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
  return last()?.servers ?? [];
}

describe('servers', () => {
  test('reads host, port and password as JSON', async () => {
    expect(await readServers(GOOD)).toEqual([
      { unit: 'redis/0', application: 'redis', host: '10.0.0.1', port: 6379, password: 'secret' },
    ]);
  });

  test('reads plain-text hostname and port, as the ops library publishes them', async () => {
    expect(await readServers({ hostname: '10.1.2.3', port: '6379' })).toEqual([
      { unit: 'redis/0', application: 'redis', host: '10.1.2.3', port: 6379 },
    ]);
  });

  test.each([
    [
      'a host name',
      { ...GOOD, host: '"redis-0.redis.svc.cluster.local"' },
      'redis-0.redis.svc.cluster.local',
    ],
    ['an IPv6 address', { ...GOOD, host: '"fd00::1"' }, 'fd00::1'],
    ['a host as plain text', { ...GOOD, host: '10.9.9.9' }, '10.9.9.9'],
    ['hostname where host is malformed', { ...GOOD, host: '{}' }, '10.0.0.1'],
  ])('takes %s', async (_, bag, host) => {
    expect((await readServers(bag)).map((server) => server.host)).toEqual([host]);
  });

  test('takes a port published as a JSON text', async () => {
    expect((await readServers({ ...GOOD, port: '"6380"' })).map(({ port }) => port)).toEqual([6380]);
  });

  test.each([
    ['an empty password', '""'],
    ['a null password', 'null'],
  ])('takes %s for none', async (_, password) => {
    expect(await readServers({ ...GOOD, password })).toEqual([
      { unit: 'redis/0', application: 'redis', host: '10.0.0.1', port: 6379 },
    ]);
  });

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['no host', { port: '6379' }],
    ['no port', { host: '"10.0.0.1"' }],
    ['an empty host', { host: '""', port: '6379' }],
    ['a number as host', { host: '10', port: '6379' }],
    ['a list as host', { host: '["10.0.0.1"]', port: '6379' }],
    ['a host with a space', { host: '"10.0.0.1 bad"', port: '6379' }],
    ['a host with a line break', { host: '"10.0.0.1\\nFLUSHALL"', port: '6379' }],
    ['a host of 300 characters', { host: `"${'a'.repeat(300)}"`, port: '6379' }],
    ['port 0', { ...GOOD, port: '0' }],
    ['port 65536', { ...GOOD, port: '65536' }],
    ['a negative port', { ...GOOD, port: '-1' }],
    ['a fraction as port', { ...GOOD, port: '6379.5' }],
    ['NaN as port', { ...GOOD, port: 'NaN' }],
    ['text as port', { ...GOOD, port: 'redis' }],
    ['true as port', { ...GOOD, port: 'true' }],
    ['an object as port', { ...GOOD, port: '{"port": 6379}' }],
    ['a number as password', { ...GOOD, password: '12345' }],
    ['an object as password', { ...GOOD, password: '{}' }],
  ])('skips a unit that published %s', async (_, bag) => {
    expect(await readServers(bag)).toEqual([]);
  });

  test('come by relation, then by unit number, malformed ones left out', async () => {
    const { unit, relate, last } = makeClient();
    const server = (host: string) => ({ hostname: host, port: '1' });
    relate({
      'redis:10': { 'old/0': server('d') },
      'redis:9': { 'redis/10': server('c'), 'redis/2': server('a'), 'redis/3': { port: '1' } },
    });
    await unit.hook('config-changed');
    expect(last()?.servers.map(({ host, unit: name, application }) => [host, name, application])).toEqual([
      ['a', 'redis/2', 'redis'],
      ['c', 'redis/10', 'redis'],
      ['d', 'old/0', 'old'],
    ]);
  });

  test('are the primary alone where the application names it, whatever another unit still publishes', async () => {
    const { unit, relate, last } = makeClient();
    const seen: string[] = [];
    const look = async (primary: string, units: Bags) => {
      relate({ 'redis:0': units }, { primary });
      await unit.hook('config-changed');
      seen.push((last()?.servers ?? []).map((server) => server.unit).join(' '));
    };
    const both = { 'redis/0': GOOD, 'redis/1': { ...GOOD, host: '"10.0.0.2"' } };
    await look('"redis/1"', both);
    // In another model the application may go by another name.
    await look('"cache/0"', both);
    await look('"redis/1"', { 'redis/0': GOOD, 'redis/1': {} });
    await look('"redis/7"', both);
    for (const rubbish of ['', 'null', '{}', '"redis"', '"/"', '1']) await look(rubbish, both);
    expect(seen.slice(0, 4)).toEqual(['redis/1', 'redis/0', 'redis/0', 'redis/0 redis/1']);
    expect(new Set(seen.slice(4))).toEqual(new Set(['redis/0 redis/1']));
  });

  test('leave out replicas, which replicas() gives, by unit number', async () => {
    const { unit, relate, last } = makeClient();
    const replica = (text: string) => ({ ...GOOD, replica: text });
    relate({
      'redis:0': {
        'redis/0': GOOD,
        'redis/10': replica('{"host": "c", "port": 3}'),
        'redis/2': replica('{"host": "b", "port": 2}'),
        'redis/3': { replica: '{"host": "b"}' },
        'redis/4': { replica: '[]' },
        'redis/5': { replica: '{"host": "b", "port": 2}', password: '{}' },
      },
    });
    await unit.hook('config-changed');
    expect(last()?.servers.map(({ unit: name }) => name)).toEqual(['redis/0']);
    expect(last()?.replicas).toEqual([
      { unit: 'redis/2', application: 'redis', host: 'b', port: 2, password: 'secret' },
      { unit: 'redis/10', application: 'redis', host: 'c', port: 3, password: 'secret' },
    ]);
  });

  test('are the primary that replicas name, once, while its unit is not there', async () => {
    const { unit, relate, last } = makeClient();
    const replica = { ...GOOD, replica: '{"host": "b", "port": 2}' };
    const late = { ...replica, host: '"10.0.0.9"' };
    relate({ 'redis:0': { 'redis/2': replica, 'redis/10': replica, 'redis/11': late } });
    await unit.hook('config-changed');
    expect(last()?.servers.map(({ unit: name, host }) => [name, host])).toEqual([
      ['redis/2', '10.0.0.1'],
      ['redis/11', '10.0.0.9'],
    ]);
  });

  test('give the addresses alone as relationData', async () => {
    const { unit, relate, last } = makeClient();
    relate({ 'redis:0': { 'redis/0': GOOD, 'redis/1': { hostname: 'b', port: '2' } } });
    await unit.hook('config-changed');
    expect(last()?.data).toEqual([
      { host: '10.0.0.1', port: 6379, password: 'secret' },
      { host: 'b', port: 2 },
    ]);
  });

  test('never throw, and never give what cannot be used, whatever is published', async () => {
    const { unit, relate, last } = makeClient();
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc.integer().map(String),
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom('"10.0.0.1"', '6379', 'null', '[]', '{"__proto__": 1}', '"\\u0000"', '1e400', '-0'),
    );
    const bag = fc.dictionary(
      fc.oneof(
        fc.constantFrom('host', 'hostname', 'port', 'password', 'replica', '__proto__'),
        fc.string({ minLength: 1 }),
      ),
      value,
      { noNullPrototype: true },
    );
    let hooks = 0;
    await fc.assert(
      fc.asyncProperty(bag, async (published) => {
        hooks += 1;
        relate({ 'redis:0': { 'redis/0': published } });
        await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
        const { servers = [], flags = [] } = last() ?? {};
        expect(flags.includes('endpoint.redis.available')).toBe(servers.length > 0);
        for (const { host, port, password } of servers) {
          expect(host).toMatch(/^[\w.:%-]+$/);
          expect(port).toBeGreaterThanOrEqual(1);
          expect(port).toBeLessThanOrEqual(65_535);
          expect(['string', 'undefined']).toContain(typeof password);
        }
      }),
      { numRuns: 150 },
    );
    expect(hooks).toBeGreaterThanOrEqual(150);
  });
});

describe('flags', () => {
  test('follow a relation from its creation to its end', async () => {
    const { unit, relate } = makeClient();
    const event = (name: string, remoteUnit?: string) =>
      unit.hook({
        name: `redis-relation-${name}`,
        relationId: 'redis:0',
        ...(remoteUnit ? { remoteUnit } : {}),
      });
    const history: Record<string, string[]> = {};

    relate({ 'redis:0': {} });
    await event('created');
    history.created = unit.flags;
    relate({ 'redis:0': { 'redis/0': {} } });
    await event('joined', 'redis/0');
    history.joined = unit.flags;
    relate({ 'redis:0': { 'redis/0': GOOD } });
    await event('changed', 'redis/0');
    history.changed = unit.flags;
    relate({ 'redis:0': { 'redis/0': {} } });
    await event('changed', 'redis/0');
    history.withdrawn = unit.flags;
    relate({ 'redis:0': { 'redis/0': GOOD } });
    await event('changed', 'redis/0');
    relate({ 'redis:0': {} });
    await event('departed', 'redis/0');
    history.departed = unit.flags;

    const keys = Object.keys(GOOD)
      .map((key) => `endpoint.redis.changed.${key}`)
      .sort();
    expect(history).toEqual({
      created: [],
      joined: ['endpoint.redis.joined'],
      changed: ['endpoint.redis.available', ...keys, 'endpoint.redis.joined'],
      withdrawn: [...keys, 'endpoint.redis.joined'],
      departed: [...keys, 'endpoint.redis.departed'],
    });
  });

  test('stay available while another unit still offers a server', async () => {
    const { unit, relate, last } = makeClient();
    relate({ 'redis:0': { 'redis/0': GOOD, 'redis/1': { hostname: 'b', port: '2' } } });
    await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/1' });
    relate({ 'redis:0': { 'redis/1': { hostname: 'b', port: '2' } } });
    await unit.hook({ name: 'redis-relation-departed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    expect(unit.flags).toContain('endpoint.redis.available');
    expect(last()?.servers.map(({ host }) => host)).toEqual(['b']);
  });

  test('are right before any handler of the charm runs, so that none acts on a server that just left', async () => {
    const { unit, relate, log } = makeClient();
    relate({ 'redis:0': { 'redis/0': GOOD } });
    await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    relate({ 'redis:0': {} });
    await unit.hook({ name: 'redis-relation-departed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    expect(log).toEqual(['available: 1', 'changed', 'absent']);
  });

  test('lose available at once when the relation vanished without a hook of its own', async () => {
    const { unit, relate, log } = makeClient();
    relate({ 'redis:0': { 'redis/0': GOOD } });
    await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    relate({});
    await unit.hook('update-status');
    expect(unit.flags).not.toContain('endpoint.redis.available');
    expect(log.at(-1)).toBe('absent');
  });

  test('wake the charm by changed once for each change', async () => {
    const { unit, relate, log } = makeClient();
    relate({ 'redis:0': { 'redis/0': GOOD } });
    await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    await unit.hook('update-status');
    relate({ 'redis:0': { 'redis/0': { ...GOOD, port: '7000' } } });
    await unit.hook({ name: 'redis-relation-changed', relationId: 'redis:0', remoteUnit: 'redis/0' });
    await unit.hook('update-status');
    expect(log.filter((line) => line === 'changed')).toHaveLength(2);
  });
});
