import {
  defineLayer,
  Endpoint,
  type FunctionHandler,
  handler,
  hook,
  type Trigger,
  type Unit,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

const metadata = {
  requires: { db: { interface: 'redis', limit: 1 }, cache: 'redis' },
  provides: { website: 'http' },
};

class Redis extends Endpoint {}

/** Acts on the endpoint `db` in one update-status. */
async function act(how: (endpoint: Redis, unit: Unit) => void): Promise<TrialUnit> {
  const handlers: FunctionHandler[] = [
    handler(hook('update-status'), (unit) => how(unit.endpoint('db', Redis), unit)),
  ];
  const unit = new TrialUnit(
    makeCharm({
      metadata,
      layers: { web: defineLayer('web', handlers) },
      interfaces: { 'requires/redis': Redis },
    }),
  );
  await unit.run('update-status');
  return unit;
}

test.each([
  ['available', 'endpoint.db.available'],
  ['endpoint.{endpoint_name}.available', 'endpoint.db.available'],
  ['{endpoint_name}.connected', 'db.connected'],
  ['{endpoint_name}', 'db'],
  ['{endpoint_name}.{endpoint_name}', 'db.db'],
  ['a.{other}.b', 'endpoint.db.a.{other}.b'],
  ['endpoint.db.available', 'endpoint.db.endpoint.db.available'],
  ['{other}.{endpoint_name}', '{other}.db'],
])('B11: expandName makes of %s what the reference makes of it: %s', async (name, expanded) => {
  await act((endpoint) => {
    expect(endpoint.expandName(name)).toBe(expanded);
    endpoint.setFlag(name);
    expect(endpoint.flags.isSet(expanded)).toBe(true);
    expect(endpoint.isFlagSet(name)).toBe(true);
    endpoint.toggleFlag(name, false);
    expect(endpoint.flags.list()).not.toContain(expanded);
    endpoint.toggleFlag(name, true);
    expect(endpoint.isFlagSet(name)).toBe(true);
    endpoint.clearFlag(name);
    expect(endpoint.isFlagSet(name)).toBe(false);
  });
});

test('a flag of an endpoint keeps its value', async () => {
  const unit = await act((endpoint) => endpoint.setFlag('available', { port: 1 }));
  expect(unit.stored('reactive.states.endpoint.db.available')).toEqual({
    'reactive.states.endpoint.db.available': { port: 1 },
  });
});

test('knows what metadata.yaml says of it', async () => {
  await act(({ endpointName, declaration }) => {
    expect(endpointName).toBe('db');
    expect(declaration).toEqual({
      name: 'db',
      role: 'requires',
      interface: 'redis',
      scope: 'global',
      limit: 1,
      optional: false,
    });
  });
});

test('is without relations empty in every respect', async () => {
  await act((endpoint) => {
    expect(endpoint.isJoined).toBe(false);
    expect([...endpoint.relations]).toEqual([]);
    expect([...endpoint.allJoinedUnits]).toEqual([]);
    expect([...endpoint.allDepartedUnits]).toEqual([]);
    expect({ ...endpoint.allJoinedUnits.received }).toEqual({});
    expect(endpoint.relations[0]).toBeUndefined();
  });
});

test('Q8: a trigger among own flags fires at once, on a real edge only, and lasts no longer than the hook', async () => {
  const log: string[] = [];
  const unit = await act((endpoint) => {
    endpoint.registerTrigger({ when: 'ready', setFlag: 'go', clearFlag: '{endpoint_name}.idle' });
    endpoint.registerTrigger({ whenNot: 'ready', clearFlag: 'go', callback: () => log.push('cleared') });
    endpoint.flags.set('db.idle');
    endpoint.setFlag('ready');
    log.push(endpoint.flags.list().join(' '));
    endpoint.clearFlag('ready');
    endpoint.clearFlag('ready');
    log.push(endpoint.flags.list().join(' '));
    endpoint.setFlag('ready');
    endpoint.setFlag('ready');
  });
  expect(log).toEqual(['endpoint.db.go endpoint.db.ready', 'cleared', '']);
  unit.charm = makeCharm({
    metadata,
    layers: {
      web: defineLayer('web', [
        handler(hook('update-status'), ({ flags }) => {
          flags.clear('endpoint.db.ready');
        }),
      ]),
    },
  });
  await unit.run('update-status');
  expect(unit.flags()).toEqual(['endpoint.db.go']);
});

test('a trigger that waits for both edges, for none, or does nothing is refused', async () => {
  for (const trigger of [{ when: 'a', whenNot: 'b', setFlag: 'c' }, { setFlag: 'c' }, { when: 'a' }, {}]) {
    await act((endpoint) => {
      expect(() => endpoint.registerTrigger(trigger as unknown as Trigger)).toThrow(TypeError);
    });
  }
});

test('dataChanged remembers under its id, isDataChanged does not, both over the same keys as the unit', async () => {
  const unit = await act((endpoint, itself) => {
    expect(endpoint.isDataChanged('id', [1])).toBe(true);
    expect(endpoint.dataChanged('id', [1])).toBe(true);
    expect(endpoint.dataChanged('id', [1])).toBe(false);
    expect(endpoint.isDataChanged('id', [2])).toBe(true);
    expect(itself.isDataChanged('id', [1])).toBe(false);
    expect(itself.dataChanged('id', [1])).toBe(false);
  });
  expect(Object.keys(unit.stored('reactive.data_changed.'))).toEqual(['reactive.data_changed.id']);
  expect(unit.stored('reactive.data_changed.')['reactive.data_changed.id']).toBe(
    '35dba5d75538a9bbe0b4da4422759a0e',
  );
});

test('an endpoint is found by name and class, and refused with what is there', async () => {
  class Http extends Endpoint {}
  await act((endpoint, unit) => {
    expect(unit.endpoint('db', Redis)).toBe(endpoint);
    expect(unit.endpoint('db', Endpoint)).toBe(endpoint);
    expect(unit.endpoint('website', Endpoint)).toBeInstanceOf(Endpoint);
    expect(() => unit.endpoint('nowhere', Endpoint)).toThrow(/"nowhere".*"website", "db", "cache"/);
    expect(() => unit.endpoint('db', Http)).toThrow(/"db" as Http.*"redis".*Redis/);
    expect(() => unit.endpoint('website', Redis)).toThrow(/"website" as Redis.*"http"/);
    for (const name of ['', '__proto__', 'constructor', 'DB']) {
      expect(() => unit.endpoint(name, Endpoint)).toThrow(`"${name}"`);
    }
  });
});

test.each([
  ['endpoint.db.available', 'db'],
  ['db.available', 'db'],
  ['endpoint.db', 'db'],
  ['endpoint.nowhere.x', undefined],
  ['db', undefined],
  ['other.db.x', undefined],
  ['endpoint.__proto__.x', undefined],
  ['endpoint..x', undefined],
  ['.', undefined],
])('Q13: the set flag %s leads to the endpoint %s', async (flag, name) => {
  await act((_, unit) => {
    expect(unit.endpointFromFlag(flag)).toBeUndefined();
    unit.flags.set(flag);
    expect(unit.endpointFromFlag(flag)?.endpointName).toBe(name);
  });
});

test('each endpoint of an interface is an object of its own, the same all through a hook and new in the next', async () => {
  const seen: Endpoint[] = [];
  const layer = defineLayer('web', [
    handler(
      hook('update-status'),
      (unit) => void seen.push(unit.endpoint('db', Redis), unit.endpoint('cache', Redis)),
    ),
    handler(hook('update-status'), (unit) => void seen.push(unit.endpoint('db', Redis))),
  ]);
  const unit = new TrialUnit(
    makeCharm({ metadata, layers: { web: layer }, interfaces: { 'requires/redis': Redis } }),
  );
  await unit.run('update-status');
  await unit.run('update-status');
  expect(seen[0]).not.toBe(seen[1]);
  expect(seen[2]).toBe(seen[0]);
  expect(seen[3]).not.toBe(seen[0]);
});

test('an interface serves the endpoints of its role only', async () => {
  class Provides extends Endpoint {}
  const both = { requires: { db: 'redis' }, provides: { server: 'redis' } };
  const layer = defineLayer('web', [
    handler(hook('start'), (unit) => {
      expect(unit.endpoint('db', Redis)).not.toBeInstanceOf(Provides);
      expect(unit.endpoint('server', Provides)).not.toBeInstanceOf(Redis);
    }),
  ]);
  const interfaces = { 'provides/redis': Provides, 'requires/redis': Redis };
  await new TrialUnit(makeCharm({ metadata: both, layers: { web: layer }, interfaces })).run('start');
});
