import {
  type HookTools,
  hook,
  RelationBase,
  type RelationBaseClass,
  type RemoteValue,
  scopes,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class PerUnit extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {}
}

class Global extends PerUnit {
  static override readonly scope = scopes.GLOBAL;
}

/** Notes what is told Juju. */
function recordWrites(side: Side): unknown[] {
  const writes: unknown[] = [];
  side.trial.wrap = (tools) =>
    new Proxy<HookTools>(tools, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (name === 'relationSet') writes.push([given[0], { ...(given[1] as object) }]);
          return member.apply(target, given);
        };
      },
    });
  return writes;
}

async function joinTwo(relationBaseClass: RelationBaseClass): Promise<Side> {
  const side = new Side(relationBaseClass);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:1', 'maria/0', { host: 'b', port: '1' });
  return side;
}

test('what is written goes out once a relation, at the end of the hook, and only where it is new', async () => {
  const side = await joinTwo(Global);
  const writes = recordWrites(side);
  const before = await side.during(idle, (db) => {
    db.setRemote('user', 'x');
    db.setRemote({ user: 'y', port: 5 });
    return [...writes];
  });
  expect(before).toEqual([]);
  expect(writes).toEqual([
    [{ relationId: 'db:0' }, { user: 'y', port: '5' }],
    [{ relationId: 'db:1' }, { user: 'y', port: '5' }],
  ]);
  await side.during(idle, (db) => db.setRemote({ user: 'y', port: '5' }));
  expect(writes).toHaveLength(2);
});

test('nothing goes out when the hook fails', async () => {
  const side = await joinTwo(Global);
  const writes = recordWrites(side);
  const failing = side.during(idle, (db) => {
    db.setRemote('user', 'x');
    throw new Error('as asked');
  });
  await expect(failing).rejects.toThrow('as asked');
  expect(writes).toEqual([]);
});

test("what this hook wrote can be read back in the conversation's relations", async () => {
  const side = await joinTwo(Global);
  const seen = await side.during(idle, (db) => {
    db.setRemote({ user: 'x', on: true });
    return db
      .conversation()
      .relations.map(({ relationId, toPublishRaw }) => [relationId, { ...toPublishRaw }]);
  });
  expect(seen).toEqual([
    ['db:0', { user: 'x', on: 'True' }],
    ['db:1', { user: 'x', on: 'True' }],
  ]);
});

test('a unit conversation writes to the bag of its whole relation, and to no other relation', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:1', 'maria/0');
  await side.during(idle, (db) => db.conversation('maria/0').setRemote('user', 'x'));
  await side.during(idle, (db) => db.setRemote('key', 'v', 'mysql/0'));
  expect([side.trial.published('db:0').unit, side.trial.published('db:1').unit]).toEqual([
    { key: 'v' },
    { user: 'x' },
  ]);
});

test('null, undefined and the empty text withdraw a key', async () => {
  const side = await joinTwo(Global);
  await side.during(idle, (db) => db.setRemote({ a: '1', b: '2', c: '3', d: '4' }));
  await side.during(idle, (db) => db.setRemote({ a: null, b: undefined, c: '' }));
  expect(side.trial.published('db:0').unit).toEqual({ d: '4' });
});

test("values are written as Python's str writes them, as peers in Python expect", async () => {
  const side = await joinTwo(Global);
  const values: Record<string, RemoteValue> = {
    text: 'True "as is"',
    yes: true,
    port: 8080,
    share: 0.5,
    ports: [80, 443, 'a', null, false],
    map: { b: "it's", a: [] },
  };
  await side.during(idle, (db) => db.setRemote(values));
  expect(side.trial.published('db:1').unit).toEqual({
    text: 'True "as is"',
    yes: 'True',
    port: '8080',
    share: '0.5',
    ports: "[80, 443, 'a', None, False]",
    map: `{'b': "it's", 'a': []}`,
  });
});

test('a missing key reads as null, or as the fallback given', async () => {
  const side = await joinTwo(Global);
  const seen = await side.during(idle, (db) => [
    db.getRemote('host'),
    db.getRemote('port'),
    db.getRemote('none'),
    db.getRemote('none', 'fallback'),
    db.conversation().getRemote('none', 7),
    db.getRemote('host', 7),
  ]);
  expect(seen).toEqual(['a', '1', null, 'fallback', 7, 'a']);
});

test('a conversation reads from its own units only', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:0', 'mysql/1', { host: 'b' });
  side.trial.putUnit('db:0', 'mysql/2', { host: 'c' });
  const seen = await side.during(idle, (db) =>
    db.conversations().map((conversation) => [conversation.scope, conversation.getRemote('host')]),
  );
  expect(seen).toEqual([
    ['mysql/0', 'a'],
    ['mysql/1', 'b'],
  ]);
});

test('a relation that vanished without its hooks is passed over: nothing is read, nothing is written', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.during(
    (trial) => trial.change('db:0', 'mysql/0', { host: 'a' }),
    (db) => db.setState('{relation_name}.connected'),
  );
  side.trial.dropRelation('db:0');
  const seen = await side.during(idle, (_, unit) => {
    const db = unit.endpointFromFlag('db.connected') as RelationBase;
    db.setRemote('user', 'x');
    return [db.conversation().relationIds, db.conversation().relations, db.getRemote('host')];
  });
  expect(seen).toEqual([['db:0'], [], null]);
  await side.during(idle, (_, unit) => unit.endpointFromFlag('db.connected')?.flags.clear('db.connected'));
  expect(side.trial.flags()).toEqual([]);
});

test('nothing is written to a relation that is broken, even where Juju still lists it', async () => {
  const side = await joinTwo(Global);
  const writes = recordWrites(side);
  const ids = await side.during(
    (trial) => trial.run('db-relation-broken', { relation: 'db:0' }),
    (db) => {
      db.setRemote('user', 'x');
      return db.conversation().relations.map(({ relationId }) => relationId);
    },
  );
  expect(ids).toEqual(['db:1']);
  expect(writes).toEqual([[{ relationId: 'db:1' }, { user: 'x' }]]);
});

test('an idle hook asks Juju about no relation', async () => {
  const side = await joinTwo(Global);
  const asked: string[] = [];
  side.trial.wrap = (tools) =>
    new Proxy<HookTools>(tools, {
      get(target, name) {
        if (String(name).startsWith('relation')) asked.push(String(name));
        return Reflect.get(target, name);
      },
    });
  await side.trial.run('update-status');
  expect(asked).toEqual([]);
});
