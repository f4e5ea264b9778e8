import { type Conversation, RelationBase, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, Side } from './conversation-side.ts';

class PerUnit extends RelationBase {}

class Global extends RelationBase {
  static override readonly scope = scopes.GLOBAL;
}

async function joinTwo(): Promise<Side> {
  const side = new Side(PerUnit);
  await side.during(
    (trial) => trial.join('db:0', 'mysql/0'),
    () => undefined,
  );
  await side.during(
    (trial) => trial.join('db:0', 'mysql/1'),
    () => undefined,
  );
  return side;
}

test('a flag is set while at least one conversation is in the state, and lists those that are', async () => {
  const side = await joinTwo();
  const log: unknown[] = [];
  await side.during(idle, (db, unit) => {
    const note = (): void => void log.push(unit.flags.value('db.ready') ?? 'clear');
    const [first, second] = db.conversations() as [Conversation, Conversation];
    first.setState('{relation_name}.ready');
    note();
    second.setState('{relation_name}.ready');
    second.setState('{relation_name}.ready');
    note();
    first.removeState('{relation_name}.ready');
    log.push([first.isState('{relation_name}.ready'), second.isState('{relation_name}.ready')]);
    note();
    first.removeState('{relation_name}.ready');
    second.removeState('{relation_name}.ready');
    note();
  });
  const [first, second] = ['reactive.conversations.db:0.mysql/0', 'reactive.conversations.db:0.mysql/1'];
  expect(log).toEqual([
    { relation: 'db', conversations: [first] },
    { relation: 'db', conversations: [first, second] },
    [false, true],
    { relation: 'db', conversations: [second] },
    'clear',
  ]);
});

test('only the first conversation in and the last one out change the flag', async () => {
  const side = await joinTwo();
  const report = await new Promise<readonly string[]>((resolve) => {
    void side.during(
      async (trial) => {
        const done = await trial.run('update-status');
        resolve(done.changes.map(({ flag, to }) => `${to} ${flag}`));
        return done;
      },
      (db) => {
        for (const conversation of db.conversations()) conversation.setState('{relation_name}.ready');
        for (const conversation of db.conversations()) conversation.removeState('{relation_name}.ready');
      },
    );
  });
  expect(report).toEqual(['set db.ready', 'clear db.ready']);
});

test('toggling without a side turns the state over; each conversation by itself', async () => {
  const side = await joinTwo();
  await side.during(idle, (db) => {
    db.conversation('mysql/0').setState('{relation_name}.ready');
    db.toggleState('{relation_name}.ready');
  });
  expect(side.holders('db.ready')).toEqual(['db:0.mysql/1']);
  await side.during(idle, (db) => db.toggleState('{relation_name}.ready', true));
  expect(side.holders('db.ready').toSorted()).toEqual(['db:0.mysql/0', 'db:0.mysql/1']);
  await side.during(idle, (db) => db.toggleState('{relation_name}.ready', false));
  expect(side.trial.flags()).toEqual([]);
});

test('a scope as the last argument singles one conversation out', async () => {
  const side = await joinTwo();
  const seen = await side.during(idle, (db) => {
    db.setState('{relation_name}.a', 'mysql/1');
    db.setState('{relation_name}.b');
    db.removeState('{relation_name}.b', 'mysql/0');
    db.toggleState('{relation_name}.c', undefined, 'mysql/0');
    return [db.isState('{relation_name}.a', 'mysql/0'), db.isState('{relation_name}.a', 'mysql/1')];
  });
  expect(seen).toEqual([false, true]);
  expect(side.holders('db.a')).toEqual(['db:0.mysql/1']);
  expect(side.holders('db.b')).toEqual(['db:0.mysql/1']);
  expect(side.holders('db.c')).toEqual(['db:0.mysql/0']);
});

test('the flag-named methods are the state-named ones', async () => {
  const side = await joinTwo();
  const seen = await side.during(idle, (db) => {
    db.setFlag('{relation_name}.a');
    db.toggleFlag('{relation_name}.b');
    const isSet = db.isFlagSet('{relation_name}.a');
    db.clearFlag('{relation_name}.a', 'mysql/0');
    const conversation = db.conversation('mysql/1');
    conversation.clearFlag('{relation_name}.b');
    conversation.setFlag('{relation_name}.c');
    conversation.toggleFlag('{relation_name}.d', true);
    return [isSet, conversation.isFlagSet('{relation_name}.a'), conversation.isFlagSet('{relation_name}.b')];
  });
  expect(seen).toEqual([true, true, false]);
  expect(side.holders('db.a')).toEqual(['db:0.mysql/1']);
  expect(side.holders('db.b')).toEqual(['db:0.mysql/0']);
  expect(side.trial.flags()).toEqual(['db.a', 'db.b', 'db.c', 'db.d']);
});

test('a name without a place for the relation is taken as it is, whatever its other braces', async () => {
  const side = await joinTwo();
  await side.during(idle, (db) => {
    db.setState('certificate {of} db', 'mysql/0');
    db.setState('{relation_name}-{relation_name}', 'mysql/0');
  });
  expect(side.trial.flags()).toEqual(['certificate {of} db', 'db-db']);
});

test('a flag that nobody but the charm set is not cleared by a conversation, and can be taken over by one', async () => {
  const side = await joinTwo();
  const seen = await side.during(idle, (db, unit) => {
    unit.flags.set('db.ready');
    db.removeState('{relation_name}.ready');
    const afterRemoval = [unit.flags.isSet('db.ready'), db.isState('{relation_name}.ready')];
    db.setState('{relation_name}.ready', 'mysql/0');
    return afterRemoval;
  });
  expect(seen).toEqual([true, false]);
  expect(side.holders('db.ready')).toEqual(['db:0.mysql/0']);
});

test('values that make no sense in the store are passed over', async () => {
  const side = await joinTwo();
  const values = [
    7,
    'text',
    [],
    {},
    { relation: 3 },
    { relation: 'db' },
    { relation: 'db', conversations: 7 },
  ];
  const seen = await side.during(idle, (db, unit) =>
    values.map((value) => {
      unit.flags.set('db.odd', value);
      const before = [db.isState('db.odd'), unit.endpointFromFlag('db.odd')?.endpointName];
      db.setState('db.odd', 'mysql/0');
      const is = db.isState('db.odd');
      db.removeState('db.odd');
      return [...before, is, unit.flags.isSet('db.odd')];
    }),
  );
  expect(seen).toEqual(
    values.map((value) => [
      false,
      Reflect.get(Object(value), 'relation') === 'db' ? 'db' : undefined,
      true,
      false,
    ]),
  );
});

test('triggers see a state change', async () => {
  const side = new Side(Global);
  await side.trial.join('db:0', 'mysql/0');
  const flags = await side.during(idle, (db, unit) => {
    unit.flags.registerTrigger({ when: 'db.ready', setFlag: 'app.start' });
    db.setState('{relation_name}.ready');
    return unit.flags.list();
  });
  expect(flags).toEqual(['app.start', 'db.ready']);
});
