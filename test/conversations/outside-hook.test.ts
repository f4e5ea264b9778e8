import { hook, RelationBase, type RelationBaseContext, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class PerUnit extends RelationBase {
  @hook(MYSQL_HOOKS)
  changed(): void {
    this.setState('{relation_name}.connected');
  }
}

class Global extends PerUnit {
  static override readonly scope = scopes.GLOBAL;
}

async function joinTwo(): Promise<Side> {
  const side = new Side(PerUnit, { endpoints: ['db', 'backup'] });
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:1', 'maria/0', { host: 'b', port: '1' });
  return side;
}

test('3b.7: outside a relation hook, an object speaks for all its conversations', async () => {
  const side = await joinTwo();
  const seen = await side.during(idle, (db) => {
    db.setState('{relation_name}.configured');
    db.setRemote({ user: 'x' });
    db.setLocal('done', true);
    return [db.isState('{relation_name}.configured'), db.getRemote('port'), db.getLocal('done')];
  });
  expect(seen).toEqual([true, '1', true]);
  expect(side.holders('db.configured')).toEqual(['db:0.mysql/0', 'db:1.maria/0']);
  expect(side.trial.published('db:0').unit).toEqual({ user: 'x' });
  expect(side.trial.published('db:1').unit).toEqual({ user: 'x' });
  await side.during(idle, (db) => db.removeState('{relation_name}.configured'));
  expect(side.trial.flags()).toEqual(['db.connected']);
});

test('3b.7: an object can be had in any hook, whatever its constructor does with its conversations', async () => {
  class Eager extends PerUnit {
    constructor(context: RelationBaseContext) {
      super(context);
      this.removeState('{relation_name}.triggered');
      this.isState('{relation_name}.triggered');
    }
  }
  const side = new Side(Eager);
  expect(await side.during(idle, (db) => db.conversations())).toEqual([]);
  await side.trial.join('db:0', 'mysql/0');
  expect(await side.during(idle, (db) => db.conversations().length)).toBe(1);
});

test('3b.7: one conversation needs no hook to be chosen; of none or several, the error says what to do', async () => {
  const side = new Side(PerUnit);
  const remedy = 'give a scope, or go through conversations()';
  const ask = (): Promise<string> =>
    side.during(idle, (db) => {
      try {
        return db.conversation().scope;
      } catch (error) {
        return (error as Error).message;
      }
    });
  const prefix =
    'cannot choose a conversation of "db" in the hook "update-status": it is about none of them, and this object speaks for';
  expect(await ask()).toBe(`${prefix} no conversation; ${remedy}`);
  await side.trial.join('db:0', 'mysql/0');
  expect(await ask()).toBe('mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  expect(await ask()).toBe(`${prefix} 2 conversations; ${remedy}`);
});

test('a scope that no conversation has is an error that names those there are', async () => {
  const side = await joinTwo();
  await side.during(idle, (db) => {
    expect(() => db.setState('x', 'mysql/7')).toThrow(
      'cannot find a conversation of "db" with the scope "mysql/7": there are "mysql/0", "maria/0"',
    );
    expect(db.conversation('maria/0').namespace).toBe('db:1');
  });
});

test('with nobody there, nothing is set and nothing is read', async () => {
  const side = new Side(Global);
  const seen = await side.during(idle, (db) => {
    db.setState('{relation_name}.configured');
    db.setRemote('user', 'x');
    db.setLocal('done', true);
    return [db.getRemote('host'), db.getRemote('host', 7), db.getLocal('done'), db.getLocal('done', 'no')];
  });
  expect(seen).toEqual([null, 7, null, 'no']);
  expect(side.trial.stored()).toEqual({});
});

test('in a hook of its own relation, the conversation of the hook comes before all others', async () => {
  const side = await joinTwo();
  const seen = await side.during(
    (trial) => trial.change('db:1', 'maria/0', { host: 'b', port: '1' }),
    (db) => {
      db.setState('{relation_name}.configured');
      return [db.conversations().length, db.conversation().scope, db.getRemote('host')];
    },
  );
  expect(seen).toEqual([2, 'maria/0', 'b']);
  expect(side.holders('db.configured')).toEqual(['db:1.maria/0']);
});

test("in a hook of another endpoint's relation, nothing of that relation is mixed up with its own", async () => {
  const side = await joinTwo();
  const seen = await side.during(
    (trial) => trial.join('backup:5', 'mysql/0', { host: 'other' }),
    (db) => [db.relationName, db.conversations().map(({ key }) => key), db.getRemote('host')],
  );
  expect(seen).toEqual([
    'db',
    ['reactive.conversations.db:0.mysql/0', 'reactive.conversations.db:1.maria/0'],
    'a',
  ]);
  expect(Object.keys(side.conversations())).toEqual(['backup:5.mysql/0', 'db:0.mysql/0', 'db:1.maria/0']);
});

test('conversations of relations that are gone are none of an endpoint any more', async () => {
  class Service extends RelationBase {
    static override readonly scope = scopes.SERVICE;

    @hook(MYSQL_HOOKS)
    changed(): void {}
  }
  const side = new Side(Service);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.depart('db:0', 'mysql/0');
  await side.trial.break('db:0');
  await side.trial.join('db:1', 'maria/0');
  expect(side.conversations()).toEqual({ 'db:0.mysql': ['mysql/0'], 'db:1.maria': ['maria/0'] });
  expect(await side.during(idle, (db) => db.conversations().map(({ scope }) => scope))).toEqual(['maria']);
});

test('two relations to one application have the same scope; the hook tells which is meant', async () => {
  class Service extends RelationBase {
    static override readonly scope = scopes.SERVICE;

    @hook(MYSQL_HOOKS)
    changed(): void {
      this.setState('{relation_name}.connected');
    }
  }
  const side = new Side(Service);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  const seen = await side.during(
    (trial) => trial.join('db:1', 'mysql/0', { host: 'b' }),
    (_, unit) => {
      const db = unit.endpointFromFlag('db.connected') as RelationBase;
      return [db.conversation().namespace, db.conversation('mysql').namespace, db.getRemote('host')];
    },
  );
  expect(seen).toEqual(['db:1', 'db:1', 'b']);
});
