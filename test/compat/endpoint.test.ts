import { Endpoint as NativeEndpoint, NotLeaderError } from 'charms-reactive';
import {
  clear_flag,
  Endpoint,
  endpoint_from_flag,
  endpoint_from_name,
  is_flag_set,
  RelationBase,
  register_trigger,
  relation_call,
  relation_from_flag,
  relation_from_name,
  relation_from_state,
  set_flag,
  toggle_flag,
  when,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import type { TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

class Db extends Endpoint {
  override register_triggers(): void {
    register_trigger({ when_not: this.expand_name('joined'), clear_flag: this.expand_name('available') });
  }

  override manage_flags(): void {
    toggle_flag(this.expand_name('available'), this.addresses());
  }

  @when('endpoint.{endpoint_name}.departed')
  departed(): void {
    clear_flag(this.expand_name('departed'));
  }

  addresses(): string[] {
    return this.relations.flatMap((relation) =>
      relation.joined_units.flatMap(({ received }) => (received.host ? [String(received.host)] : [])),
    );
  }

  request(database: string): string {
    for (const relation of this.relations) relation.to_publish.database = database;
    return `${this.endpoint_name}: ${database}`;
  }
}

const parts = {
  metadata: endpoints('requires', 'db', 'db2', 'plain'),
  interfaces: { 'requires/db': Db },
};

/** A unit that looks at its endpoint `db` from a handler, in each hook. */
function looking(look: (db: Db) => void, model: ConstructorParameters<typeof TrialUnit>[1] = {}): TrialUnit {
  return trialOf(
    () => {
      when_not('never')(function see() {
        look(endpoint_from_name('db', Db) as Db);
      });
    },
    parts,
    model,
  );
}

test('an endpoint has all of its Python names', async () => {
  let seen: unknown;
  const unit = looking((db) => {
    seen = {
      name: db.endpoint_name,
      joined: db.is_joined,
      flags: [
        db.expand_name('up'),
        db.expand_name('{endpoint_name}.up'),
        db.expand_name('endpoint.{endpoint_name}'),
      ],
      relations: db.relations.map(({ relation_id }) => relation_id),
      units: db.all_joined_units.items().map(([name, { relation }]) => [name, relation.relation_id]),
      same: db.all_units === db.all_joined_units,
      merged: { ...db.all_joined_units.received },
      raw: { ...db.all_joined_units.received_raw },
    };
  });
  await unit.run('install');
  expect(seen).toMatchObject({ joined: false, relations: [], units: [], merged: {} });
  unit.putUnit('db:10', 'mysql/0', { host: '"ten"', port: '3306' });
  unit.putUnit('db:2', 'mysql/10', { host: '"two"' });
  unit.putUnit('db:2', 'mysql/9', { host: 'plain text' });
  await unit.run('update-status');
  expect(seen).toEqual({
    name: 'db',
    joined: true,
    flags: ['endpoint.db.up', 'db.up', 'endpoint.db'],
    relations: ['db:2', 'db:10'],
    units: [
      ['mysql/9', 'db:2'],
      ['mysql/10', 'db:2'],
      ['mysql/0', 'db:10'],
    ],
    same: true,
    merged: { host: 'plain text', port: 3306 },
    raw: { host: 'plain text', port: '3306' },
  });
});

test('a relation and its units have all of their Python names, and are the same ones however they are reached', async () => {
  let seen: unknown;
  const unit = looking((db) => {
    const relation = db.relations.get('db:0');
    const [remote] = relation?.joined_units ?? [];
    seen = {
      relation: [relation?.relation_id, relation?.endpoint_name, relation?.application_name],
      endpoint: relation?.endpoint === db,
      same: [
        relation === db.relations[0],
        relation === db.relation('db:0'),
        relation?.units === relation?.joined_units,
        remote?.relation === relation,
        remote === db.all_joined_units.get('mysql/0'),
        remote === db.relations[0]?.joinedUnits[0],
      ],
      remote: [remote?.unit_name, remote?.application_name],
      received: [{ ...remote?.received }, { ...remote?.received_raw }, remote?.received.missing],
      merged: [{ ...relation?.units.received }, { ...relation?.units.received_raw }],
      app: [{ ...relation?.received_app }, { ...relation?.received_app_raw }],
    };
  });
  unit.putUnit('db:0', 'mysql/0', { port: '3306' });
  unit.putRelation('db:0', { applicationBag: { version: '"8"' } });
  await unit.run('update-status');
  expect(seen).toEqual({
    relation: ['db:0', 'db', 'mysql'],
    endpoint: true,
    same: [true, true, true, true, true, true],
    remote: ['mysql/0', 'mysql'],
    received: [{ port: 3306 }, { port: '3306' }, null],
    merged: [{ port: 3306 }, { port: '3306' }],
    app: [{ version: '8' }, { version: '"8"' }],
  });
});

test('a relation without units has the application Juju names, or none', async () => {
  const seen: unknown[] = [];
  const unit = looking((db) => seen.push(db.relations[0]?.application_name));
  unit.putRelation('db:0', { application: 'mysql', units: {} });
  await unit.run('update-status');
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) =>
        name === 'relationApplication' ? () => undefined : Reflect.get(target, name).bind?.(target),
    });
  await unit.run('update-status');
  expect(seen).toEqual(['mysql', null]);
});

test('Q17 B26 B28: what is published goes out as JSON or text, for the unit or the application, once', async () => {
  const calls: unknown[] = [];
  let change = (_db: Db): void => {};
  const unit = looking((db) => change(db), { isLeader: true });
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (name !== 'relationSet') return typeof member === 'function' ? member.bind(target) : member;
        return (relation: object, settings: object) => {
          calls.push({ ...relation, settings: { ...settings } });
          target.relationSet(relation as never, settings as never);
        };
      },
    });
  unit.putUnit('db:0', 'mysql/0', {});
  change = (db) => {
    for (const relation of db.relations) {
      relation.to_publish.hosts = { b: 1, a: ['x'] };
      relation.to_publish_raw.port = '3306';
      relation.to_publish_app.leader = true;
      Object.assign(relation.to_publish_app_raw, { name: 'web', gone: '' });
    }
  };
  await unit.run('update-status');
  await unit.run('update-status');
  expect(calls).toEqual([
    { relationId: 'db:0', settings: { hosts: '{"a": ["x"], "b": 1}', port: '3306' } },
    { relationId: 'db:0', app: true, settings: { leader: 'true', name: 'web' } },
  ]);
  change = (db) => {
    const relation = db.relations[0];
    expect([relation?.to_publish.hosts, relation?.to_publish.port]).toEqual([{ b: 1, a: ['x'] }, 3306]);
    if (relation) delete relation.to_publish.hosts;
  };
  await unit.run('update-status');
  expect(unit.published('db:0')).toEqual({
    unit: { port: '3306' },
    app: { leader: 'true', name: 'web' },
  });
});

test('writing for the application without leading it throws where it is written', async () => {
  const unit = looking((db) => {
    for (const relation of db.relations) relation.to_publish_app.leader = true;
  });
  unit.putUnit('db:0', 'mysql/0', {});
  expect(await unit.runFailing('update-status')).toBeInstanceOf(NotLeaderError);
});

test('what a remote unit wrote cannot be changed', async () => {
  const unit = looking((db) => {
    const [remote] = db.all_joined_units;
    expect(() => Object.assign(remote?.received_raw ?? {}, { port: '1' })).toThrow('read-only');
    expect(() => (db.relations as unknown as unknown[]).push(1)).toThrow(TypeError);
  });
  unit.putUnit('db:0', 'mysql/0', { port: '3306' });
  await unit.run('update-status');
});

test('Q24: register_triggers and manage_flags are called as their namesakes are', async () => {
  const unit = looking(() => {});
  await unit.join('db:0', 'mysql/0');
  expect(unit.flags()).toEqual(['endpoint.db.joined']);
  await unit.change('db:0', 'mysql/0', { host: '"a"' });
  expect(unit.flags()).toEqual([
    'endpoint.db.available',
    'endpoint.db.changed',
    'endpoint.db.changed.host',
    'endpoint.db.joined',
  ]);
  await unit.depart('db:0', 'mysql/0');
  expect(unit.flags()).toEqual(['endpoint.db.changed', 'endpoint.db.changed.host']);
});

test('Q18: departed units are kept with what they had published until they are taken off the list', async () => {
  const seen: unknown[] = [];
  let change = (_db: Db): void => {};
  const unit = looking((db) => {
    const { all_departed_units: departed } = db;
    seen.push(
      departed.items().map(([name, { received, relation }]) => [name, received.host, relation.relation_id]),
    );
    change(db);
  });
  await unit.join('db:0', 'mysql/0', { host: '"a"' });
  await unit.join('db:0', 'mysql/1', { host: '"b"' });
  await unit.join('db:0', 'mysql/2', { host: '"c"' });
  seen.length = 0;
  await unit.depart('db:0', 'mysql/0');
  await unit.depart('db:0', 'mysql/1');
  expect(seen).toEqual([
    [['mysql/0', 'a', 'db:0']],
    [
      ['mysql/0', 'a', 'db:0'],
      ['mysql/1', 'b', 'db:0'],
    ],
  ]);
  change = ({ all_departed_units: departed }) => {
    expect([departed.length, departed.keys(), departed.values().map(({ unit_name }) => unit_name)]).toEqual([
      2,
      ['mysql/0', 'mysql/1'],
      ['mysql/0', 'mysql/1'],
    ]);
    expect([...departed].map(({ received_raw }) => received_raw.host)).toEqual(['"a"', '"b"']);
    expect(departed.get('mysql/9')).toBeUndefined();
    expect(departed.pop('mysql/0')?.application_name).toBe('mysql');
    expect(departed.pop('mysql/0')).toBeUndefined();
  };
  await unit.run('update-status');
  change = ({ all_departed_units: departed }) => {
    const left = departed.get('mysql/1');
    if (left) departed.remove(left);
  };
  await unit.run('update-status');
  change = ({ all_departed_units: departed }) => departed.clear();
  await unit.depart('db:0', 'mysql/2');
  change = () => {};
  seen.length = 0;
  await unit.run('update-status');
  expect(seen).toEqual([[]]);
});

test('B20: a unit that is back is no longer among the departed, and departs once for each time', async () => {
  const seen: string[][] = [];
  const unit = looking((db) => seen.push(db.all_departed_units.keys()));
  await unit.join('db:0', 'mysql/0');
  await unit.depart('db:0', 'mysql/0');
  await unit.join('db:0', 'mysql/0');
  await unit.depart('db:0', 'mysql/0');
  expect(seen).toEqual([[], ['mysql/0'], [], ['mysql/0']]);
});

test('endpoints are found by name and by flag, under all the names there are for it', async () => {
  let seen: unknown;
  const unit = looking((db) => {
    set_flag('db.connected');
    set_flag('endpoint.db2.up');
    set_flag('unrelated.flag');
    seen = [
      [relation_from_name('db'), endpoint_from_name('db'), Db.from_name('db'), Endpoint.from_name('db')].map(
        (found) => found === db,
      ),
      [
        endpoint_from_flag('db.connected'),
        relation_from_flag('db.connected', Db),
        relation_from_state('db.connected'),
        Db.from_flag('db.connected'),
      ].map((found) => found === db),
      endpoint_from_flag('endpoint.db2.up', Db)?.endpoint_name,
      [endpoint_from_name('nosuch'), endpoint_from_name(null), endpoint_from_name(undefined)],
      [endpoint_from_flag('db.unset'), endpoint_from_flag('unrelated.flag'), endpoint_from_flag('')],
      endpoint_from_name('plain')?.constructor === NativeEndpoint,
    ];
  });
  await unit.run('install');
  const four = [true, true, true, true];
  expect(seen).toEqual([four, four, 'db2', [null, null, null], [null, null, null], true]);
});

test('an endpoint of another class than the one asked for is an error that names both', async () => {
  const unit = looking(() => {
    expect(() => endpoint_from_name('plain', Db)).toThrow(
      'cannot use the endpoint "plain" as Db: it requires "plain", which is implemented by Endpoint',
    );
    expect(() => RelationBase.from_name('db')).toThrow('cannot use the endpoint "db" as RelationBase');
  });
  await unit.run('install');
});

test('a method of an endpoint is called by its name', async () => {
  let seen: unknown;
  const unit = looking(() => {
    set_flag('db.connected');
    seen = [
      relation_call('request', { relation_name: 'db' }, 'orders'),
      relation_call('addresses', { flag: 'endpoint.db.available' }),
      relation_call('addresses', { state: 'db.connected' }),
    ];
    const call = (method: string, which: object) => () => relation_call(method, which);
    expect(call('request', { relation_name: 'nosuch' })).toThrow(
      'there is no endpoint for {"relation_name":"nosuch"}',
    );
    expect(call('request', { flag: 'db.unset' })).toThrow('there is no endpoint for {"flag":"db.unset"}');
    expect(call('request', {})).toThrow('give relation_name or a set flag');
    expect(call('nosuch', { relation_name: 'db' })).toThrow('cannot call "nosuch": Db has no such method');
    expect(call('constructor', { relation_name: 'db' })).toThrow('has no such method');
    expect(call('endpoint_name', { relation_name: 'db' })).toThrow('has no such method');
  });
  await unit.join('db:0', 'mysql/0', { host: '"a"' });
  expect(seen).toEqual(['db: orders', ['a'], ['a']]);
  expect(unit.published('db:0').unit).toEqual({ database: '"orders"' });
});

test('Q12: a method that waits for joined not to be set runs without any relation', async () => {
  class Website extends Endpoint {
    @when_not('endpoint.{endpoint_name}.joined')
    gone(): void {
      set_flag(this.expand_name('gone'));
    }
    @when('endpoint.{endpoint_name}.joined')
    here(): void {
      clear_flag(this.expand_name('gone'));
    }
  }
  const unit = trialOf(() => {}, {
    metadata: endpoints('provides', 'website'),
    interfaces: { 'provides/website': Website },
  });
  await unit.run('install');
  expect(unit.flags()).toEqual(['endpoint.website.gone']);
  await unit.join('website:0', 'proxy/0');
  expect(unit.flags()).toEqual(['endpoint.website.joined']);
});

test('B23 B24: what the last departed hook publishes goes out, a broken relation is neither listed nor written', async () => {
  const seen: string[][] = [];
  const unit = looking((db) => {
    seen.push(db.relations.map(({ relation_id }) => relation_id));
    for (const id of ['db:0', 'db:1']) db.relation(id).to_publish.last = is_flag_set('endpoint.db.departed');
  });
  unit.putUnit('db:1', 'mysql/5', {});
  await unit.join('db:0', 'mysql/0');
  await unit.depart('db:0', 'mysql/0');
  expect(unit.published('db:0').unit).toEqual({ last: 'true' });
  await unit.break('db:0');
  expect(seen).toEqual([['db:0', 'db:1'], ['db:1'], ['db:1']]);
  expect(unit.published('db:0').unit).toEqual({ last: 'true' });
});
