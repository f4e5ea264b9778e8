import { hook, RelationBase, type RelationBaseClass, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class Unscoped extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    this.setState('{relation_name}.connected');
  }
}

class PerService extends Unscoped {
  static override readonly scope = scopes.SERVICE;
}

class Global extends Unscoped {
  static override readonly scope = scopes.GLOBAL;
}

class Shared extends Unscoped {
  static override readonly scope = 'everyone';
}

/** Three units of two applications, in two relations. */
async function joinThree(relationBaseClass: RelationBaseClass): Promise<Side> {
  const side = new Side(relationBaseClass);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:0', 'mysql/1', { host: 'b' });
  await side.trial.join('db:1', 'maria/0', { host: 'c' });
  return side;
}

test('a RelationBase without a scope has a conversation with each unit', async () => {
  const side = await joinThree(Unscoped);
  expect(side.conversations()).toEqual({
    'db:0.mysql/0': ['mysql/0'],
    'db:0.mysql/1': ['mysql/1'],
    'db:1.maria/0': ['maria/0'],
  });
  expect(side.holders('db.connected')).toEqual(['db:0.mysql/0', 'db:0.mysql/1', 'db:1.maria/0']);
});

test('scope SERVICE has a conversation with each application of each relation', async () => {
  const side = await joinThree(PerService);
  expect(side.conversations()).toEqual({
    'db:0.mysql': ['mysql/0', 'mysql/1'],
    'db:1.maria': ['maria/0'],
  });
});

test('scope GLOBAL has one conversation with everyone', async () => {
  const side = await joinThree(Global);
  expect(side.conversations()).toEqual({ 'db.global': ['maria/0', 'mysql/0', 'mysql/1'] });
});

test('any other text is a scope that everyone shares, in every relation', async () => {
  const side = await joinThree(Shared);
  expect(side.conversations()).toEqual({ 'db.everyone': ['maria/0', 'mysql/0', 'mysql/1'] });
  const seen = await side.during(idle, (db) => {
    db.setRemote('user', 'x');
    const { namespace, scope, relationIds } = db.conversation();
    return [namespace, scope, relationIds];
  });
  expect(seen).toEqual(['db', 'everyone', ['db:0', 'db:1']]);
  expect(side.trial.published('db:0').unit).toEqual({ user: 'x' });
  expect(side.trial.published('db:1').unit).toEqual({ user: 'x' });
});

test('the store holds a conversation, and the flag its keys, just as the reference writes them', async () => {
  const side = await joinThree(PerService);
  expect(side.trial.stored()).toMatchObject({
    'reactive.conversations.db:0.mysql': {
      namespace: 'db:0',
      units: ['mysql/0', 'mysql/1'],
      scope: 'mysql',
    },
    'reactive.states.db.connected': {
      relation: 'db',
      conversations: ['reactive.conversations.db:0.mysql', 'reactive.conversations.db:1.maria'],
    },
  });
});

test('a conversation says whom it is with and where', async () => {
  const side = await joinThree(PerService);
  const seen = await side.during(idle, (db) =>
    db.conversations().map((conversation) => ({
      key: conversation.key,
      relationName: conversation.relationName,
      relationIds: conversation.relationIds,
      joined: conversation.joinedUnits.map(({ unitName }) => unitName),
    })),
  );
  expect(seen).toEqual([
    {
      key: 'reactive.conversations.db:0.mysql',
      relationName: 'db',
      relationIds: ['db:0'],
      joined: ['mysql/0', 'mysql/1'],
    },
    {
      key: 'reactive.conversations.db:1.maria',
      relationName: 'db',
      relationIds: ['db:1'],
      joined: ['maria/0'],
    },
  ]);
});

test('unit conversations come in order of relation and unit number', async () => {
  const side = new Side(Unscoped);
  await side.trial.join('db:10', 'mysql/2');
  for (const unit of ['mysql/10', 'mysql/9']) await side.trial.join('db:2', unit);
  const seen = await side.during(idle, (db) =>
    db.conversations().map(({ namespace, scope }) => `${namespace} ${scope}`),
  );
  expect(seen).toEqual(['db:2 mysql/9', 'db:2 mysql/10', 'db:10 mysql/2']);
});

test('relations and units come in order of their numbers, and the first unit with a value counts', async () => {
  const side = new Side(Global);
  for (const unit of ['mysql/10', 'mysql/9']) await side.trial.join('db:10', unit, { host: unit });
  await side.trial.join('db:2', 'maria/3', {});
  const seen = await side.during(idle, (db) => {
    const conversation = db.conversation();
    return [conversation.relationIds, conversation.getRemote('host')];
  });
  expect(seen).toEqual([['db:2', 'db:10'], 'mysql/9']);
});

test('a scope that is no text is refused by the name of its class', async () => {
  class Wrong extends Unscoped {
    static override readonly scope: string = '';
  }
  const side = new Side(Wrong);
  const error = await side.trial.runFailing('install');
  expect(error.message).toBe(
    'cannot use Wrong as requires of "mysql": its static scope must be one of scopes, or a text of its own',
  );
});

test('a class whose scope changed in an upgrade leaves the conversations of the old scope alone', async () => {
  const side = await joinThree(Global);
  side.upgrade(PerService);
  await side.trial.join('db:0', 'mysql/2', {});
  expect(side.conversations()).toEqual({
    'db.global': ['maria/0', 'mysql/0', 'mysql/1'],
    'db:0.mysql': ['mysql/2'],
  });
  side.upgrade(Unscoped);
  await side.trial.join('db:0', 'mysql/3', {});
  const seen = await side.during(idle, (db) => db.conversations().map(({ scope }) => scope));
  expect(seen).toEqual(['mysql/3']);
});
