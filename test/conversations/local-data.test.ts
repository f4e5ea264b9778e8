import { hook, RelationBase, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class PerUnit extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    this.setLocal('seen', this.getRemote('host'));
  }
}

test('local data is kept with its conversation, from hook to hook, under the keys of the reference', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:0', 'mysql/1', { host: 'b' });
  expect(side.trial.stored('reactive.conversations.')).toMatchObject({
    'reactive.conversations.db:0.mysql/0.local-data.seen': 'a',
    'reactive.conversations.db:0.mysql/1.local-data.seen': 'b',
  });
  const seen = await side.during(idle, (db) => [
    db.conversations().map((conversation) => conversation.getLocal('seen')),
    db.getLocal('seen'),
    db.getLocal('seen', null, 'mysql/1'),
  ]);
  expect(seen).toEqual([['a', 'b'], 'a', 'b']);
});

test('any JSON value can be kept, several at once; a stored null is a value, a missing key gives the fallback', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', {});
  const seen = await side.during(idle, (db) => {
    db.setLocal({ list: [1, { a: null }], nothing: null, no: false });
    db.setLocal('one', 1, 'mysql/0');
    return [
      db.getLocal('list'),
      db.getLocal('nothing', 'fallback'),
      db.getLocal('no', true),
      db.getLocal('one'),
      db.getLocal('missing'),
      db.getLocal('missing', 'fallback'),
    ];
  });
  expect(seen).toEqual([[1, { a: null }], null, false, 1, null, 'fallback']);
});

test('keys such as __proto__ and constructor are keys like any other', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', {});
  const keys = ['__proto__', 'constructor', 'local-data.x', 'a.local-data.b', ''];
  await side.during(idle, (db) => {
    for (const key of keys) db.setLocal(key, { of: key });
  });
  const seen = await side.during(idle, (db) => [
    keys.map((key) => db.getLocal(key)),
    db.conversations().length,
  ]);
  expect(seen).toEqual([keys.map((key) => ({ of: key })), 1]);
});

test('local data that looks like a conversation is none', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', {});
  await side.during(idle, (db) =>
    db.setLocal('trap', { namespace: 'db:0', scope: 'mysql/0.local-data.other', units: ['mysql/9'] }),
  );
  const seen = await side.during(idle, (db) => db.conversations().map(({ key }) => key));
  expect(seen).toEqual(['reactive.conversations.db:0.mysql/0']);
});

test('local data outlives its conversation, as in the reference, and nothing of it is kept when the hook fails', async () => {
  class Global extends PerUnit {
    static override readonly scope = scopes.GLOBAL;
  }
  const side = new Side(Global);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side
    .during(idle, (db) => {
      db.setLocal('seen', 'lost');
      throw new Error('as asked');
    })
    .catch(() => undefined);
  await side.during(
    (trial) => trial.depart('db:0', 'mysql/0'),
    (db) => db.conversation().depart(),
  );
  expect(side.conversations()).toEqual({});
  expect(side.trial.stored('reactive.conversations.db.global.local-data.')).toEqual({
    'reactive.conversations.db.global.local-data.seen': 'a',
  });
});
