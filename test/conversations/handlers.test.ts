import {
  defineLayer,
  Endpoint,
  handler,
  hook,
  RelationBase,
  scopes,
  when,
  whenAny,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { MYSQL_HOOKS, Side } from './conversation-side.ts';

/** What handlers saw: name, endpoint and conversations. */
let log: string[] = [];

function note(name: string, relation: RelationBase): void {
  const spoken = relation.conversations().map(({ namespace, scope }) => `${namespace} ${scope}`);
  log.push(`${name} ${relation.relationName}: ${spoken.join(', ')}`);
}

class Mysql extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    note('changed', this);
    this.setState('{relation_name}.connected');
  }

  @when('{relation_name}.connected')
  connected(): void {
    note('connected', this);
  }

  @when('app.ready', '{endpoint_name}.picked')
  picked(): void {
    note('picked', this);
  }

  @whenNot('{relation_name}.connected')
  absent(): void {
    note('absent', this);
  }

  @whenAny('{relation_name}.connected', 'app.ready')
  either(): void {
    note('either', this);
  }

  @hook('upgrade-charm')
  upgraded(): void {
    note('upgraded', this);
  }
}

test('`this` is the object of the hook, or of the first flag that conversations set, or speaks for all', async () => {
  const side = new Side(Mysql);
  log = [];
  await side.trial.join('db:0', 'mysql/0');
  expect(log).toEqual(['changed db: db:0 mysql/0', 'connected db: db:0 mysql/0', 'either db: db:0 mysql/0']);
  log = [];
  await side.during(
    (trial) => trial.join('db:1', 'maria/0'),
    (db, unit) => {
      unit.flags.set('app.ready');
      db.setState('{relation_name}.picked');
    },
  );
  expect(log).toEqual([
    'changed db: db:1 maria/0',
    'connected db: db:0 mysql/0, db:1 maria/0',
    'either db: db:0 mysql/0, db:1 maria/0',
  ]);
  log = [];
  await side.trial.run('upgrade-charm');
  expect(log).toEqual([
    'upgraded db: db:0 mysql/0, db:1 maria/0',
    'connected db: db:0 mysql/0, db:1 maria/0',
    'picked db: db:1 maria/0',
    'either db: db:0 mysql/0, db:1 maria/0',
  ]);
});

test('a hook handler runs once, for the endpoint of the hook; a flag handler for each endpoint', async () => {
  const side = new Side(Mysql, { endpoints: ['db', 'backup'] });
  log = [];
  await side.trial.join('backup:3', 'mysql/0');
  expect(log).toEqual([
    'changed backup: backup:3 mysql/0',
    'connected backup: backup:3 mysql/0',
    'absent db: ',
    'either backup: backup:3 mysql/0',
  ]);
});

test("a flag that another endpoint's conversations set tells nothing about `this`", async () => {
  class Sharing extends RelationBase {
    @hook(MYSQL_HOOKS)
    changed(): void {
      this.setState('shared');
    }

    @when('shared')
    shared(): void {
      note('shared', this);
    }
  }
  const side = new Side(Sharing, { endpoints: ['db', 'backup'] });
  await side.trial.join('db:0', 'mysql/0');
  log = [];
  await side.trial.join('backup:3', 'maria/0');
  expect(log).toEqual(['shared db: db:0 mysql/0, backup:3 maria/0', 'shared backup: backup:3 maria/0']);
});

test("handlers come in the reference's order: the charm's, then interface by interface, each its methods in order", async () => {
  class Web extends RelationBase {
    static override readonly scope = scopes.GLOBAL;

    @hook('{provides:http}-relation-joined')
    joined(): void {}

    @when('go')
    second(): void {}
  }
  class Cache extends Endpoint {
    @when('go')
    only(): void {}
  }
  class Db extends RelationBase {
    @when('go')
    first(): void {}

    @when('go')
    second(): void {}
  }
  const trial = new TrialUnit(
    makeCharm({
      metadata: {
        requires: {
          db: { interface: 'mysql' },
          cache: { interface: 'redis' },
          other: { interface: 'mysql' },
        },
        provides: { website: { interface: 'http' } },
      },
      interfaces: { 'requires/mysql': Db, 'requires/redis': Cache, 'provides/http': Web },
      layers: { web: defineLayer('web', [handler(when('go'), function start() {})]) },
    }),
  );
  trial.presetFlags('go');
  expect(handlersOf(await trial.join('website:0', 'lb/0'))).toEqual([
    'http/provides.joined@website',
    'web.start',
    'mysql/requires.first@db',
    'mysql/requires.first@other',
    'mysql/requires.second@db',
    'mysql/requires.second@other',
    'redis/requires.only@cache',
    'http/provides.second@website',
  ]);
});

test('an endpoint that a RelationBase implements has no automatic flags; its neighbours keep theirs', async () => {
  class Silent extends RelationBase {}
  const trial = new TrialUnit(
    makeCharm({
      metadata: { requires: { db: { interface: 'mysql' }, cache: { interface: 'redis' } } },
      interfaces: { 'requires/mysql': Silent },
    }),
  );
  await trial.join('db:0', 'mysql/0', { a: 'b' });
  expect(trial.flags()).toEqual([]);
  await trial.join('cache:1', 'redis/0', { a: 'b' });
  expect(trial.flags()).toEqual([
    'endpoint.cache.changed',
    'endpoint.cache.changed.a',
    'endpoint.cache.joined',
  ]);
});

test('a subclass inherits handlers, and a role file may pass on the class it builds on', async () => {
  class Base extends RelationBase {
    @hook(MYSQL_HOOKS)
    changed(): void {
      this.setState('{relation_name}.connected');
    }
  }
  class Derived extends Base {
    @when('{relation_name}.connected')
    next(): void {}
  }
  const side = new Side(Derived);
  side.trial.charm = {
    ...side.trial.charm,
    interfaces: [
      { role: 'requires', interface: 'mysql', file: 'requires.ts', exports: { Base, Derived, RelationBase } },
    ],
  };
  expect(handlersOf(await side.trial.join('db:0', 'mysql/0'))).toEqual([
    'mysql/requires.changed@db',
    'mysql/requires.next@db',
  ]);
});

test('a role file that exports both an Endpoint and a RelationBase is refused', async () => {
  class OldStyle extends RelationBase {}
  class NewStyle extends Endpoint {}
  const side = new Side(OldStyle);
  side.trial.charm = {
    ...side.trial.charm,
    interfaces: [
      { role: 'requires', interface: 'mysql', file: 'requires.ts', exports: { OldStyle, NewStyle } },
    ],
  };
  const error = await side.trial.runFailing('install');
  expect(error.message).toBe(
    'cannot use "requires.ts" as requires of "mysql": it must export one class that extends Endpoint or RelationBase, ' +
      'and exports OldStyle, NewStyle',
  );
});

test('handlers may be asynchronous', async () => {
  class Slow extends RelationBase {
    @hook(MYSQL_HOOKS)
    async changed(): Promise<void> {
      await Promise.resolve();
      this.setState('{relation_name}.connected');
    }
  }
  const side = new Side(Slow);
  await side.trial.join('db:0', 'mysql/0');
  expect(side.trial.flags()).toEqual(['db.connected']);
});

test('in a restricted hook nothing is joined, moved or asked', async () => {
  const side = new Side(Mysql);
  side.trial.wrap = (tools) =>
    new Proxy(tools, {
      get(target, name) {
        if (String(name).startsWith('relation')) throw new Error(`${String(name)} is not there`);
        return Reflect.get(target, name);
      },
    });
  expect(handlersOf(await side.trial.run('collect-metrics'))).toEqual([]);
});
