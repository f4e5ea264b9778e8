import { hook, RelationBase, scopes, withAutoAccessors } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, MYSQL_HOOKS, Side } from './conversation-side.ts';

class Mysql extends withAutoAccessors(['host', 'db-name', 'a-b-c']) {
  static override readonly scope: string = scopes.GLOBAL;

  @hook(MYSQL_HOOKS)
  changed(): void {
    if (this.host() && this.db_name()) this.setState('{relation_name}.available');
  }
}

test('an accessor reads its key, dashes written as underscores', async () => {
  const side = new Side(Mysql);
  await side.trial.join('db:0', 'mysql/0', { host: 'a', 'a-b-c': '3', db_name: 'not this one' });
  expect(side.trial.flags()).toEqual([]);
  const seen = await side.during(
    (trial) => trial.change('db:0', 'mysql/0', { host: 'a', 'db-name': 'shop', 'a-b-c': '3' }),
    (_, unit) => {
      const db = unit.endpoint('db', Mysql);
      return [db.host(), db.db_name(), db.a_b_c()];
    },
  );
  expect(seen).toEqual(['a', 'shop', '3']);
  expect(side.trial.flags()).toEqual(['db.available']);
});

test('accessors are methods of the class: listed, inherited, and each class has its own', async () => {
  class Derived extends Mysql {
    address(): string {
      return `${this.host()}/${this.db_name()}`;
    }
  }
  const side = new Side(Derived);
  await side.trial.join('db:0', 'mysql/0', { host: 'a', 'db-name': 'shop' });
  const seen = await side.during(idle, (_, unit) => unit.endpoint('db', Derived).address());
  expect(seen).toBe('a/shop');
  expect(Mysql.autoAccessors).toEqual(['host', 'db-name', 'a-b-c']);
  expect('host' in withAutoAccessors(['port']).prototype).toBe(false);
});

test('a class with accessors has the default scope', () => {
  class PerUnit extends withAutoAccessors(['host']) {}
  expect(PerUnit.scope).toBe(scopes.UNIT);
});

test('a name that a RelationBase has already, or that two keys share, is refused', () => {
  for (const key of ['conversations', 'hook', 'setState', 'constructor', 'toString', '']) {
    expect(() => withAutoAccessors([key])).toThrow(
      `cannot make an accessor for the key "${key}": the name "${key}" is taken; read it with getRemote("${key}")`,
    );
  }
  expect(() => withAutoAccessors(['a-b', 'a_b'])).toThrow('for the key "a_b": the name "a_b" is taken');
  expect(RelationBase.prototype).not.toHaveProperty('a_b');
});
