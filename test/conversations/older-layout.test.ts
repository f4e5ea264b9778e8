import { hook, type JsonValue, RelationBase, type RelationBaseClass, scopes } from 'charms-reactive';
import { SqliteStore } from 'charms-reactive/testing';
import { expect, test } from 'vitest';
import { MYSQL_HOOKS, Side } from './conversation-side.ts';

class PerUnit extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {}
}

class Service extends PerUnit {
  static override readonly scope = scopes.SERVICE;
}

class Global extends PerUnit {
  static override readonly scope = scopes.GLOBAL;
}

class Shared extends PerUnit {
  static override readonly scope = 'everyone';
}

const PREFIX = 'reactive.conversations.';

/** A unit whose store was written by an old release, in a model with two relations. */
function upgraded(relationBaseClass: RelationBaseClass, stored: Record<string, JsonValue>): Side {
  const side = new Side(relationBaseClass);
  side.trial.putUnit('db:0', 'mysql/0', { host: 'a' });
  side.trial.putUnit('db:0', 'mysql/1', { host: 'b' });
  side.trial.putUnit('db:10', 'mysql/0', { host: 'c' });
  const store = new SqliteStore({ path: side.trial.storeFile });
  store.update(stored);
  store.flush();
  store.close();
  return side;
}

test('a conversation of a unit or application is split by relation, and flags list all parts', async () => {
  const side = upgraded(Service, {
    [`${PREFIX}db.mysql`]: { relation_name: 'db', units: ['mysql/1', 'mysql/0', 'mysql/7'], scope: 'mysql' },
    [`${PREFIX}db.maria`]: { relation_name: 'db', units: ['maria/0'], scope: 'maria' },
    'reactive.states.db.connected': {
      relation: 'db',
      conversations: [`${PREFIX}db.maria`, `${PREFIX}db.mysql`, `${PREFIX}other:1.x`],
    },
    'reactive.states.db.gone': { relation: 'db', conversations: [`${PREFIX}db.maria`] },
    'reactive.states.plain': null,
    'reactive.states.odd': { conversations: [`${PREFIX}db.mysql`] },
  });
  await side.trial.run('upgrade-charm');
  expect(side.trial.stored()).toEqual({
    [`${PREFIX}db:0.mysql`]: { namespace: 'db:0', units: ['mysql/0', 'mysql/1'], scope: 'mysql' },
    [`${PREFIX}db:10.mysql`]: { namespace: 'db:10', units: ['mysql/0'], scope: 'mysql' },
    'reactive.states.db.connected': {
      relation: 'db',
      conversations: [`${PREFIX}other:1.x`, `${PREFIX}db:0.mysql`, `${PREFIX}db:10.mysql`],
    },
    'reactive.states.plain': null,
    'reactive.states.odd': { conversations: [`${PREFIX}db.mysql`] },
  });
});

test('local data goes with each part', async () => {
  const side = upgraded(PerUnit, {
    [`${PREFIX}db.mysql/0`]: { relation_name: 'db', units: ['mysql/0'], scope: 'mysql/0' },
    [`${PREFIX}db.mysql/0.local-data.spec`]: { relation_name: 'no conversation' },
    [`${PREFIX}db.mysql/1`]: { relation_name: 'db', units: ['mysql/1'], scope: 'mysql/1' },
    [`${PREFIX}db.mysql/1.local-data.spec`]: 'of 1',
  });
  await side.trial.run('upgrade-charm');
  expect(side.conversations()).toEqual({
    'db:0.mysql/0': ['mysql/0'],
    'db:0.mysql/1': ['mysql/1'],
    'db:10.mysql/0': ['mysql/0'],
  });
  const local = Object.entries(side.trial.stored(PREFIX)).filter(([key]) => key.includes('.local-data.'));
  expect(local).toEqual([
    [`${PREFIX}db:0.mysql/0.local-data.spec`, { relation_name: 'no conversation' }],
    [`${PREFIX}db:0.mysql/1.local-data.spec`, 'of 1'],
    [`${PREFIX}db:10.mysql/0.local-data.spec`, { relation_name: 'no conversation' }],
  ]);
});

test('a conversation that spans relations only gets its namespace', async () => {
  for (const [relationBaseClass, scope] of [
    [Global, 'global'],
    [Shared, 'everyone'],
  ] as const) {
    const key = `${PREFIX}db.${scope}`;
    const flag = { relation: 'db', conversations: [key] };
    const side = upgraded(relationBaseClass, {
      [key]: { relation_name: 'db', units: ['mysql/0'], scope },
      [`${key}.local-data.spec`]: 1,
      'reactive.states.db.connected': flag,
    });
    await side.trial.run('upgrade-charm');
    expect(side.trial.stored()).toEqual({
      [key]: { namespace: 'db', units: ['mysql/0'], scope },
      [`${key}.local-data.spec`]: 1,
      'reactive.states.db.connected': flag,
    });
  }
});

test('a store in the present layout is left as it is, byte for byte', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  const before = side.trial.storeBytes();
  await side.trial.run('update-status');
  expect(side.trial.storeBytes()).toBe(before);
});

test('entries that are no conversation are left alone', async () => {
  const stored = {
    [`${PREFIX}db.x`]: 'text',
    [`${PREFIX}db.y`]: null,
    [`${PREFIX}db.z`]: ['db'],
    [`${PREFIX}db.1`]: { relation_name: 7, units: [], scope: '1' },
    [`${PREFIX}db.2`]: { relation_name: 'db', units: 'all', scope: '2' },
    [`${PREFIX}db.3`]: { relation_name: 'db', units: ['mysql/0'], scope: 'another' },
    [`${PREFIX}db:0.mysql/3`]: { namespace: 7, units: ['mysql/3'], scope: 'mysql/3' },
    [`${PREFIX}db:0.mysql/4`]: { namespace: 'db:0', units: [null, 5, ''], scope: 'mysql/4' },
  };
  const side = upgraded(PerUnit, stored);
  const seen = await side.during(
    (trial) => trial.run('upgrade-charm'),
    (db) => db.conversations(),
  );
  expect(seen).toEqual([]);
  expect(side.trial.stored()).toEqual(stored);
});

test('the hook in which a unit departs still moves its conversation, and then ends it', async () => {
  const side = upgraded(PerUnit, {
    [`${PREFIX}db.mysql/1`]: { relation_name: 'db', units: ['mysql/1'], scope: 'mysql/1' },
    'reactive.states.db.connected': { relation: 'db', conversations: [`${PREFIX}db.mysql/1`] },
  });
  await side.trial.depart('db:0', 'mysql/1');
  expect(side.conversations()).toEqual({});
  expect(side.holders('db.connected')).toEqual(['db:0.mysql/1']);
});
