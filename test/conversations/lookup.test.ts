import { defineLayer, Endpoint, handler, hook, RelationBase, scopes, type Unit, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class Mysql extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    this.setState('{relation_name}.connected');
    if (this.getRemote('host')) this.setState('{relation_name}.available');
  }

  hosts(): (string | null)[] {
    return this.conversations().map((conversation) => conversation.getRemote('host'));
  }
}

test('a flag leads to its relation, which speaks for the conversations in that state', async () => {
  const side = new Side(Mysql);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1', { host: 'b' });
  const seen = await side.during(idle, (_, unit) => {
    const hosts = (flag: string): unknown => {
      const relation = unit.endpointFromFlag(flag);
      return relation instanceof Mysql ? [relation.relationName, relation.hosts()] : relation;
    };
    return ['db.connected', 'db.available', 'db.unknown'].map(hosts);
  });
  expect(seen).toEqual([['db', [null, 'b']], ['db', ['b']], undefined]);
});

test('the value of a flag counts before its name', async () => {
  class Named extends RelationBase {
    @hook(MYSQL_HOOKS)
    changed(): void {
      this.setState('tls.requested');
      this.setState('endpoint.cache.joined-by-db');
    }
  }
  const seen: unknown[] = [];
  const look = (unit: Unit): void => {
    for (const flag of ['tls.requested', 'endpoint.cache.joined-by-db', 'endpoint.cache.joined']) {
      const found = unit.endpointFromFlag(flag);
      seen.push([flag, found?.endpointName, found instanceof Endpoint]);
    }
  };
  const trial = new TrialUnit(
    makeCharm({
      metadata: { requires: { db: { interface: 'mysql' }, cache: { interface: 'redis' } } },
      interfaces: { 'requires/mysql': Named },
      layers: { web: defineLayer('web', [], { atExit: look }) },
    }),
  );
  trial.putUnit('cache:1', 'redis/0', {});
  await trial.join('db:0', 'mysql/0');
  expect(seen).toEqual([
    ['tls.requested', 'db', false],
    ['endpoint.cache.joined-by-db', 'db', false],
    ['endpoint.cache.joined', 'cache', true],
  ]);
});

test('a flag that only bears the name of an endpoint in conversations leads nowhere, as in the reference', async () => {
  const side = new Side(Mysql);
  await side.trial.join('db:0', 'mysql/0');
  const seen = await side.during(idle, (_, unit) => {
    unit.flags.set('db.configured');
    unit.flags.set('db.odd', { relation: 'unknown', conversations: [] });
    return [unit.endpointFromFlag('db.configured'), unit.endpointFromFlag('db.odd')];
  });
  expect(seen).toEqual([undefined, undefined]);
});

test('unit.endpoint gives the class of the interface, and refuses another one by name', async () => {
  class Other extends RelationBase {}
  const side = new Side(Mysql);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  const hosts = await side.during(idle, (_, unit) => {
    expect(() => unit.endpoint('db', Other)).toThrow(
      'cannot use the endpoint "db" as Other: it requires "mysql", which is implemented by Mysql',
    );
    expect(() => unit.endpoint('db', Endpoint)).toThrow('which is implemented by Mysql');
    expect(() => unit.endpoint('nope', Mysql)).toThrow('cannot find the endpoint "nope"');
    return unit.endpoint('db', Mysql).hosts();
  });
  expect(hosts).toEqual(['a']);
});

test('looking an endpoint up in a hook of its own takes the unit of the hook in, handler or no handler', async () => {
  class Passive extends RelationBase {
    static override readonly scope = scopes.SERVICE;
  }
  const side = new Side(Passive);
  await side.trial.join('db:0', 'mysql/0');
  expect(side.conversations()).toEqual({});
  await side.during(
    (trial) => trial.join('db:0', 'mysql/1'),
    () => undefined,
  );
  await side.during(idle, () => undefined);
  expect(side.conversations()).toEqual({ 'db:0.mysql': ['mysql/1'] });
});

test("a charm's handler of a flag acts on the relation behind it", async () => {
  const layer = defineLayer('web', [
    handler(when('db.available'), function configure(unit) {
      const db = unit.endpointFromFlag('db.available');
      if (db instanceof Mysql) db.setRemote('user', 'web');
    }),
  ]);
  const side = new Side(Mysql, { layers: { web: layer } });
  await side.trial.join('db:0', 'mysql/0');
  expect(side.trial.published('db:0').unit).toEqual({});
  await side.trial.change('db:0', 'mysql/0', { host: 'a' });
  expect(side.trial.published('db:0').unit).toEqual({ user: 'web' });
});
