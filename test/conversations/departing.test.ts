import { hook, RelationBase, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

/** What the departed handler read from the unit that leaves. */
const read: (string | null)[] = [];

class PerUnit extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    this.setState('{relation_name}.connected');
  }

  @hook('{requires:mysql}-relation-departed')
  departed(): void {
    read.push(this.getRemote('host'));
    this.removeState('{relation_name}.connected');
  }
}

class PerService extends PerUnit {
  static override readonly scope = scopes.SERVICE;
}

class Global extends PerUnit {
  static override readonly scope = scopes.GLOBAL;
}

test('a unit that departs leaves its conversation, which ends, at the end of the hook', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  const during = await side.during(
    (trial) => trial.depart('db:0', 'mysql/0'),
    (db) => db.conversations().map(({ scope }) => scope),
  );
  expect(during).toEqual(['mysql/0', 'mysql/1']);
  expect(side.conversations()).toEqual({ 'db:0.mysql/1': ['mysql/1'] });
  expect(side.holders('db.connected')).toEqual(['db:0.mysql/1']);
});

test('a departed hook that fails leaves everything as it was', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  const before = side.trial.storeBytes();
  side.trial.takeUnit('db:0', 'mysql/0');
  const error = await side
    .during(
      (trial) => trial.run('db-relation-departed', { relation: 'db:0', unit: 'mysql/0' }),
      () => {
        throw new Error('as asked');
      },
    )
    .catch((thrown: Error) => thrown.message);
  expect(error).toBe('as asked');
  expect(side.trial.storeBytes()).toBe(before);
});

test('what a departing unit published is still read, after everyone else', async () => {
  read.length = 0;
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0', { host: 'leaving' });
  await side.trial.depart('db:0', 'mysql/0');
  const global = new Side(Global);
  await global.trial.join('db:0', 'mysql/0', { host: 'leaving' });
  await global.trial.join('db:0', 'mysql/1', { host: 'staying' });
  await global.trial.depart('db:0', 'mysql/0');
  await global.trial.depart('db:0', 'mysql/1');
  expect(read).toEqual(['leaving', 'staying', 'staying']);
});

test('a wider conversation keeps the names of units that left, as the reference does, but reads them no more', async () => {
  for (const [relationBaseClass, key] of [
    [PerService, 'db:0.mysql'],
    [Global, 'db.global'],
  ] as const) {
    const side = new Side(relationBaseClass);
    await side.trial.join('db:0', 'mysql/0', { host: 'a' });
    await side.trial.join('db:0', 'mysql/1', {});
    await side.trial.depart('db:0', 'mysql/0');
    expect(side.conversations()).toEqual({ [key]: ['mysql/0', 'mysql/1'] });
    const seen = await side.during(idle, (db) => {
      const conversation = db.conversation();
      return [conversation.joinedUnits.map(({ unitName }) => unitName), conversation.getRemote('host')];
    });
    expect(seen).toEqual([['mysql/1'], null]);
  }
});

test('an interface can take a unit out itself, and the conversation ends with its last unit', async () => {
  const counts: number[] = [];
  class Counting extends Global {
    override departed(): void {
      this.conversation().depart();
      counts.push(this.conversation().units.length);
      if (this.conversation().units.length === 0) this.removeState('{relation_name}.connected');
    }
  }
  const side = new Side(Counting);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  await side.trial.depart('db:0', 'mysql/0');
  expect(side.trial.flags()).toEqual(['db.connected']);
  await side.trial.depart('db:0', 'mysql/1');
  expect(counts).toEqual([1, 0]);
  expect(side.conversations()).toEqual({});
  expect(side.trial.flags()).toEqual([]);
});

test('taking a unit in twice, or out when it is not in, does nothing', async () => {
  const side = new Side(Global);
  await side.trial.join('db:0', 'mysql/0');
  const units = await side.during(
    (trial) => trial.change('db:0', 'mysql/0', { host: 'a' }),
    (db) => {
      const conversation = db.conversation();
      conversation.join();
      const joined = conversation.units;
      conversation.depart();
      conversation.depart();
      return [joined, conversation.units];
    },
  );
  expect(units).toEqual([['mysql/0'], []]);
  await side.during(idle, (db) => {
    db.conversations().forEach((conversation) => {
      conversation.join();
      conversation.depart();
    });
  });
  expect(side.conversations()).toEqual({});
});

test('a unit that comes back begins a new conversation', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.depart('db:0', 'mysql/0');
  expect(side.trial.flags()).toEqual([]);
  await side.trial.join('db:0', 'mysql/0');
  expect(side.conversations()).toEqual({ 'db:0.mysql/0': ['mysql/0'] });
  expect(side.holders('db.connected')).toEqual(['db:0.mysql/0']);
});

test('this unit leaving takes its peers out one by one', async () => {
  const side = new Side(PerUnit);
  await side.trial.join('db:0', 'mysql/0');
  side.trial.takeUnit('db:0', 'mysql/0');
  await side.trial.run('db-relation-departed', { relation: 'db:0', unit: 'mysql/0', departing: 'web/0' });
  expect(side.conversations()).toEqual({});
});
