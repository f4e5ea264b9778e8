import { Endpoint, HookToolError, when, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, spyOnTools, TrialUnit } from '../charm/trial-unit.ts';

const metadata = {
  requires: { db: { interface: 'redis' }, cache: { interface: 'redis' } },
  peers: { cluster: { interface: 'web-peer' } },
};

function makeUnit(endpointClass?: typeof Endpoint): TrialUnit {
  return new TrialUnit(
    makeCharm({ metadata, interfaces: endpointClass ? { 'requires/redis': endpointClass } : {} }),
  );
}

/** Clears a unit's `changed` flags, as an interface does when it has dealt with them. */
class Clearing extends Endpoint {
  @when('endpoint.{endpoint_name}.changed')
  dealWith(): void {
    for (const flag of this.flags.list()) {
      if (flag.startsWith(this.expandName('changed'))) this.flags.clear(flag);
    }
  }
}

/** The `changed…` flags that a hook set. */
function changedIn(report: { readonly changes: readonly { flag: string; to: string }[] }): string[] {
  const set = report.changes.filter(({ flag, to }) => to === 'set' && flag.includes('.changed'));
  return set.map(({ flag }) => flag.replace(/^endpoint\./, '')).sort();
}

test('joined, changed and departed through the life of a relation, as stored after each hook', async () => {
  const unit = makeUnit();
  const log: (readonly [string, string[]])[] = [];
  const note = (what: string): void => {
    log.push([what, unit.flags().map((flag) => flag.replace('endpoint.db.', ''))]);
  };
  unit.putRelation('db:1', { application: 'redis', units: {} });
  await unit.run('db-relation-created', { relation: 'db:1' });
  note('created');
  await unit.join('db:1', 'redis/0', { 'ingress-address': '10.0.0.1' });
  note('joined');
  await unit.change('db:1', 'redis/0', { 'ingress-address': '10.0.0.1', port: '1' });
  note('changed');
  await unit.run('config-changed');
  note('config-changed');
  await unit.join('db:1', 'redis/1', {});
  note('second joined');
  await unit.depart('db:1', 'redis/0');
  note('first departed');
  await unit.run('update-status');
  note('update-status');
  await unit.depart('db:1', 'redis/1');
  note('last departed');
  await unit.break('db:1');
  note('broken');
  await unit.run('update-status');
  note('later');
  const changed = ['changed', 'changed.ingress-address'];
  expect(log).toEqual([
    ['created', []],
    ['joined', [...changed, 'joined']],
    ['changed', [...changed, 'changed.port', 'joined']],
    ['config-changed', [...changed, 'changed.port', 'joined']],
    ['second joined', [...changed, 'changed.port', 'joined']],
    ['first departed', [...changed, 'changed.port', 'departed', 'joined']],
    ['update-status', [...changed, 'changed.port', 'joined']],
    ['last departed', [...changed, 'changed.port', 'departed']],
    ['broken', [...changed, 'changed.port', 'departed']],
    ['later', [...changed, 'changed.port', 'departed']],
  ]);
});

test('Q11: changed flags stay until the interface clears them, and then come back with a change only', async () => {
  const kept = makeUnit();
  await kept.join('db:1', 'redis/0', { port: '1' });
  await kept.run('update-status');
  expect(kept.flags()).toContain('endpoint.db.changed.port');
  const unit = makeUnit(Clearing);
  expect(changedIn(await unit.join('db:1', 'redis/0', { port: '1' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
  expect(unit.flags()).toEqual(['endpoint.db.joined']);
  expect(changedIn(await unit.change('db:1', 'redis/0', { port: '1' }))).toEqual([]);
  expect(changedIn(await unit.change('db:1', 'redis/0', { port: '2' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
});

test('Q12: a handler that waits for nobody to be joined runs without any relation, with its endpoint', async () => {
  class Redis extends Endpoint {
    @whenNot('endpoint.{endpoint_name}.joined')
    nobody(): void {
      this.setFlag('lonely');
    }
  }
  const unit = makeUnit(Redis);
  expect(handlersOf(await unit.run('install'))).toEqual([
    'redis/requires.nobody@db',
    'redis/requires.nobody@cache',
  ]);
  expect(unit.flags()).toEqual(['endpoint.cache.lonely', 'endpoint.db.lonely']);
});

test('B17: a key that is added, changed or removed sets its flag; the same data sets none', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { a: '1', b: '2' });
  expect(changedIn(await unit.change('db:1', 'redis/0', { a: '1' }))).toEqual(['db.changed', 'db.changed.b']);
  expect(changedIn(await unit.change('db:1', 'redis/0', { a: '1' }))).toEqual([]);
  expect(changedIn(await unit.change('db:1', 'redis/0', { a: '1', b: '2' }))).toEqual([
    'db.changed',
    'db.changed.b',
  ]);
  expect(changedIn(await unit.change('db:1', 'redis/0', { b: '3', c: '1' }))).toEqual([
    'db.changed',
    'db.changed.a',
    'db.changed.b',
    'db.changed.c',
  ]);
  expect(changedIn(await unit.change('db:1', 'redis/0', {}))).toEqual([
    'db.changed',
    'db.changed.b',
    'db.changed.c',
  ]);
  expect(changedIn(await unit.change('db:1', 'redis/0', {}))).toEqual([]);
});

test('B17: text that means the same as JSON is no change', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { map: '{"a": 1, "b": [true, null]}', plain: 'x' });
  expect(
    changedIn(await unit.change('db:1', 'redis/0', { map: '{"b":[true,null],"a":1}', plain: '"x"' })),
  ).toEqual([]);
  expect(
    changedIn(await unit.change('db:1', 'redis/0', { map: '{"a": 1.5, "b": [true, null]}', plain: 'x' })),
  ).toEqual(['db.changed', 'db.changed.map']);
});

test('B18: a change of the remote application bag sets flags, in the hook that Juju runs for it', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { port: '1' });
  expect(changedIn(await unit.changeApp('db:1', { uri: 'a', same: '1' }))).toEqual([
    'db.changed',
    'db.changed.same',
    'db.changed.uri',
  ]);
  expect(changedIn(await unit.changeApp('db:1', { uri: 'a', same: '1' }))).toEqual([]);
  expect(changedIn(await unit.changeApp('db:1', { uri: 'b', same: '1' }))).toEqual([
    'db.changed',
    'db.changed.uri',
  ]);
  expect(changedIn(await unit.changeApp('db:1', { same: '1' }))).toEqual(['db.changed', 'db.changed.uri']);
  expect(changedIn(await unit.change('db:1', 'redis/0', { port: '1' }))).toEqual([]);
});

test('B18: the application bag is compared before any unit joined, and apart from the units', async () => {
  const unit = makeUnit(Clearing);
  expect(changedIn(await unit.changeApp('db:1', { port: '1' }))).toEqual(['db.changed', 'db.changed.port']);
  expect(unit.flags()).toEqual([]);
  expect(changedIn(await unit.join('db:1', 'redis/0', { port: '1' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
  expect(changedIn(await unit.changeApp('db:1', { port: '1' }))).toEqual([]);
  expect(changedIn(await unit.changeApp('db:1', {}))).toEqual(['db.changed', 'db.changed.port']);
});

test('B18: in a peer relation the bag of our own application is compared', async () => {
  const unit = makeUnit();
  unit.putRelation('cluster:0', { application: 'web', units: {}, applicationBag: { secret: 'x' } });
  expect(changedIn(await unit.run('cluster-relation-changed', { relation: 'cluster:0' }))).toEqual([
    'cluster.changed',
    'cluster.changed.secret',
  ]);
});

test('B19: a unit that leaves and comes back with the same data has changed', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { port: '1' });
  await unit.join('db:1', 'redis/1', { port: '1' });
  await unit.depart('db:1', 'redis/0');
  expect(changedIn(await unit.join('db:1', 'redis/0', { port: '1' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
  expect(changedIn(await unit.change('db:1', 'redis/1', { port: '1' }))).toEqual([]);
});

test('B19: the last unit that leaves and comes back with the same data has changed', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { port: '1' });
  await unit.depart('db:1', 'redis/0');
  expect(changedIn(await unit.join('db:1', 'redis/0', { port: '1' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
});

test('B19: nothing that was remembered of a unit stays when it is gone', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/1', { port: '1', 'dotted.key': '2' });
  await unit.join('db:1', 'redis/10', { port: '1' });
  await unit.join('db:10', 'redis/1', { port: '1' });
  await unit.join('cache:2', 'redis/1', { port: '1' });
  await unit.depart('db:1', 'redis/1');
  expect(Object.keys(unit.stored('reactive.data_changed.'))).toEqual([
    'reactive.data_changed.endpoint.cache.cache:2.redis/1.port',
    'reactive.data_changed.endpoint.db.db:1.redis/10.port',
    'reactive.data_changed.endpoint.db.db:10.redis/1.port',
  ]);
});

test('B19: nothing that was remembered of a relation stays when it is gone, its application bag included', async () => {
  const unit = makeUnit(Clearing);
  await unit.join('db:1', 'redis/0', { port: '1' });
  await unit.changeApp('db:1', { uri: 'a' });
  await unit.changeApp('db:2', { uri: 'a' });
  await unit.depart('db:1', 'redis/0');
  await unit.break('db:1');
  await unit.run('update-status');
  expect(Object.keys(unit.stored('reactive.data_changed.'))).toEqual([
    'reactive.data_changed.endpoint.db.db:2.redis.uri',
  ]);
});

test('B19: what the interface itself remembers with dataChanged stays, whatever leaves', async () => {
  class Redis extends Endpoint {
    override manageFlags(): void {
      this.dataChanged(this.expandName('requests'), 1);
      this.dataChanged(`${this.endpointName}.mine`, 1);
      this.dataChanged('endpoint.db.other.stuff', 1);
    }
  }
  const unit = makeUnit(Redis);
  await unit.join('db:1', 'redis/0', { port: '1' });
  await unit.depart('db:1', 'redis/0');
  expect(Object.keys(unit.stored('reactive.data_changed.'))).toEqual(
    expect.arrayContaining([
      'reactive.data_changed.endpoint.db.requests',
      'reactive.data_changed.db.mine',
      'reactive.data_changed.endpoint.db.other.stuff',
    ]),
  );
});

test('B20: a unit that flaps stands once among the departed, and not at all while it is joined', async () => {
  const unit = makeUnit();
  const departed = (): unknown =>
    unit.stored('reactive.endpoints.departed.')['reactive.endpoints.departed.db'];
  for (let round = 0; round < 3; round += 1) {
    await unit.join('db:1', 'redis/0', { round: String(round) });
    expect(departed()).toBeUndefined();
    await unit.depart('db:1', 'redis/0');
    expect(departed()).toEqual([{ relation: 'db:1', unit_name: 'redis/0', data: { round: String(round) } }]);
  }
});

test('B20: units of one name in two relations are kept apart', async () => {
  const unit = makeUnit();
  await unit.join('db:1', 'redis/0', { from: '1' });
  await unit.join('db:2', 'redis/0', { from: '2' });
  await unit.depart('db:1', 'redis/0');
  await unit.depart('db:2', 'redis/0');
  await unit.join('db:1', 'redis/0', {});
  expect(unit.stored('reactive.endpoints.departed.')).toEqual({
    'reactive.endpoints.departed.db': [{ relation: 'db:2', unit_name: 'redis/0', data: { from: '2' } }],
  });
});

test('B21, kept: departed is cleared by the next hook that finds units joined, and stays while none is', async () => {
  const unit = makeUnit();
  await unit.join('db:1', 'redis/0', {});
  await unit.join('db:1', 'redis/1', {});
  await unit.depart('db:1', 'redis/0');
  expect(unit.flags()).toContain('endpoint.db.departed');
  await unit.run('config-changed');
  expect(unit.flags()).not.toContain('endpoint.db.departed');
  await unit.depart('db:1', 'redis/1');
  await unit.run('config-changed');
  await unit.break('db:1');
  expect(unit.flags()).toContain('endpoint.db.departed');
  await unit.join('db:2', 'redis/0', {});
  expect(unit.flags()).not.toContain('endpoint.db.departed');
});

test.each([
  [
    'exit code 1',
    new HookToolError({ command: ['relation-get'], exitCode: 1, stderr: 'ERROR cannot read settings\n' }),
  ],
  [
    'permission denied',
    new HookToolError({ command: ['relation-get'], exitCode: 1, stderr: 'ERROR permission denied\n' }),
  ],
  [
    'relation not found',
    new HookToolError({ command: ['relation-get'], exitCode: 2, stderr: 'ERROR relation not found\n' }),
  ],
  ['a killed tool', new HookToolError({ command: ['relation-get'], exitCode: undefined })],
  ['null', undefined],
])('B22: a departed hook goes well where the data of the unit cannot be had: %s', async (_, failure) => {
  const unit = makeUnit();
  await unit.join('db:1', 'redis/0', { port: '1' });
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'relationGet') return typeof member === 'function' ? member.bind(target) : member;
        return () => {
          if (failure) throw failure;
          return undefined;
        };
      },
    });
  await unit.depart('db:1', 'redis/0');
  expect(unit.flags()).toContain('endpoint.db.departed');
  expect(unit.stored('reactive.endpoints.departed.')).toEqual({
    'reactive.endpoints.departed.db': [{ relation: 'db:1', unit_name: 'redis/0', data: {} }],
  });
  const isTold = unit.logLines().some((line) => line.startsWith('WARNING') && line.includes('redis/0'));
  expect(isTold).toBe(_ === 'exit code 1' || _ === 'a killed tool');
});

test('B37: broken is set in the hook that says that a relation is gone, for that endpoint and that hook only', async () => {
  const seen: string[] = [];
  class Redis extends Endpoint {
    @when('endpoint.{endpoint_name}.broken')
    broken(): void {
      seen.push(
        `${this.hook.name} ${this.endpointName} ${this.hook.relation?.id} of ${this.relations.names()}`,
      );
    }
  }
  const unit = makeUnit(Redis);
  await unit.join('db:1', 'redis/0');
  await unit.join('db:2', 'redis/0');
  await unit.join('cache:3', 'redis/0');
  await unit.depart('db:1', 'redis/0');
  await unit.break('db:1');
  await unit.run('update-status');
  expect(seen).toEqual(['db-relation-broken db db:1 of db:2']);
  expect(unit.flags().filter((flag) => flag.endsWith('.broken'))).toEqual([]);
});

test('B38: an endpoint without an interface keeps its automatic flags', async () => {
  const unit = makeUnit();
  await unit.join('cluster:0', 'web/1', { key: '1' });
  expect(unit.flags()).toEqual([
    'endpoint.cluster.changed',
    'endpoint.cluster.changed.key',
    'endpoint.cluster.joined',
  ]);
  await unit.depart('cluster:0', 'web/1');
  expect(unit.flags()).toEqual([
    'endpoint.cluster.changed',
    'endpoint.cluster.changed.key',
    'endpoint.cluster.departed',
  ]);
});

test('Q25: data is compared in hooks of the endpoint only, and when units are seen for the first time', async () => {
  const unit = makeUnit(Clearing);
  unit.putUnit('db:1', 'redis/0', { port: '1' });
  expect(changedIn(await unit.run('upgrade-charm'))).toEqual(['db.changed', 'db.changed.port']);
  unit.putUnit('db:1', 'redis/0', { port: '2' });
  expect(changedIn(await unit.run('config-changed'))).toEqual([]);
  expect(changedIn(await unit.join('cache:2', 'redis/9', {}))).toEqual([]);
  expect(changedIn(await unit.join('db:1', 'redis/1', {}))).toEqual([]);
  // Juju runs a hook for every change, and that is when it counts.
  expect(changedIn(await unit.change('db:1', 'redis/0', { port: '2' }))).toEqual([
    'db.changed',
    'db.changed.port',
  ]);
});

test('Q25: no data is asked for in a hook of another kind', async () => {
  const unit = makeUnit();
  await unit.join('db:1', 'redis/0', { port: '1' });
  const calls: string[] = [];
  unit.wrap = (tools) => spyOnTools(tools, calls);
  await unit.run('update-status');
  expect(calls.filter((name) => name === 'relationGet' || name === 'relationSet')).toEqual([]);
});

test('Q24: manageFlags is called in hooks of the endpoint, at first sight, and while nobody is there', async () => {
  const calls: string[] = [];
  class Redis extends Endpoint {
    override manageFlags(): void {
      calls.push(`${this.hook.name} ${this.endpointName}`);
    }
  }
  const unit = makeUnit(Redis);
  await unit.run('install');
  await unit.join('db:1', 'redis/0', {});
  await unit.run('config-changed');
  await unit.change('db:1', 'redis/0', { a: '1' });
  await unit.depart('db:1', 'redis/0');
  await unit.run('update-status');
  expect(calls).toEqual([
    'install cache',
    'install db',
    'db-relation-joined cache',
    'db-relation-joined db',
    'config-changed cache',
    'db-relation-changed cache',
    'db-relation-changed db',
    'db-relation-departed cache',
    'db-relation-departed db',
    'update-status cache',
    'update-status db',
  ]);
});

test('Q24: manageFlags finds the automatic flags as they are in this hook', async () => {
  const seen: string[] = [];
  class Redis extends Endpoint {
    override manageFlags(): void {
      if (this.endpointName !== 'db') return;
      seen.push(
        ['joined', 'changed', 'changed.port', 'departed'].filter((flag) => this.isFlagSet(flag)).join(),
      );
      this.toggleFlag('available', this.isJoined);
    }
  }
  const unit = makeUnit(Redis);
  await unit.join('db:1', 'redis/0', { port: '1' });
  expect(unit.flags()).toContain('endpoint.db.available');
  await unit.depart('db:1', 'redis/0');
  expect(unit.flags()).not.toContain('endpoint.db.available');
  expect(seen).toEqual(['joined,changed,changed.port', 'changed,changed.port,departed']);
});

test('Q9: triggers that an endpoint registers see the automatic flags of the same hook change', async () => {
  class Redis extends Endpoint {
    override registerTriggers(): void {
      this.registerTrigger({ when: 'joined', setFlag: 'greeted' });
      this.registerTrigger({ when: 'changed.port', setFlag: '{endpoint_name}.reconfigure' });
      this.registerTrigger({
        whenNot: 'joined',
        clearFlag: 'greeted',
        callback: () => log.push(this.endpointName),
      });
    }
  }
  const log: string[] = [];
  const unit = makeUnit(Redis);
  const { changes } = await unit.join('db:1', 'redis/0', { port: '1' });
  expect(unit.flags()).toEqual(
    expect.arrayContaining(['db.reconfigure', 'endpoint.db.greeted', 'endpoint.db.joined']),
  );
  expect(changes.find(({ flag }) => flag === 'endpoint.db.greeted')?.cause).toEqual({
    kind: 'trigger',
    change: { flag: 'endpoint.db.joined', to: 'set' },
    because: { kind: 'endpoint', endpoint: 'db', hook: 'db-relation-joined' },
  });
  await unit.depart('db:1', 'redis/0');
  expect(unit.flags()).not.toContain('endpoint.db.greeted');
  expect(log).toEqual(['db']);
});

test('an unheard-of event of the endpoint leaves its flags as they stand', async () => {
  const unit = makeUnit();
  await unit.join('db:1', 'redis/0', { port: '1' });
  const before = unit.flags();
  await unit.run('db-pebble-ready');
  expect(unit.flags()).toEqual(before);
});

test('a key with any name gets a flag of that name', async () => {
  const unit = makeUnit();
  const keys = ['{endpoint_name}', 'a.b', '*', '__proto__', 'ü 🎈', 'db:1', 'x/y'];
  await unit.join('db:1', 'redis/0', JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}: "1"`)}}`));
  expect(unit.flags()).toEqual(
    ['endpoint.db.changed', ...keys.map((key) => `endpoint.db.changed.${key}`), 'endpoint.db.joined'].sort(),
  );
});
