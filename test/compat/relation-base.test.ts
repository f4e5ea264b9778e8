import {
  Conversation,
  endpoint_from_flag,
  endpoint_from_name,
  hook,
  RelationBase,
  relation_call,
  State,
  scopes,
  when,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import type { TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

class Store extends RelationBase {
  static override readonly scope: string = scopes.UNIT;
  static override readonly auto_accessors: readonly string[] = ['host', 'db-name'];
  static override readonly states = {
    connected: State('{relation_name}.connected'),
    available: State('{relation_name}.available'),
  };
  declare readonly host: () => string | null;
  declare readonly db_name: () => string | null;

  @hook('{requires:store}-relation-{joined,changed}')
  changed(): void {
    this.set_state(Store.states.connected);
    this.toggle_state(Store.states.available, this.host());
  }

  @hook('{requires:store}-relation-{departed,broken}')
  gone(): void {
    this.remove_state(Store.states.connected);
    this.remove_flag(Store.states.available);
  }

  @when('{relation_name}.available')
  greet(): void {
    for (const conversation of this.conversations()) {
      conversation.set_local('greeted', Number(conversation.get_local('greeted', 0)) + 1);
    }
  }
}

class Shared extends Store {
  static override readonly scope = scopes.GLOBAL;
}

/** A unit that looks at its endpoint `store` from a handler, in each hook. */
function looking(look: (store: Store) => void, storeClass: typeof Store = Store): TrialUnit {
  return trialOf(
    () => {
      when_not('never')(function see() {
        look(endpoint_from_name('store', storeClass) as Store);
      });
    },
    { metadata: endpoints('requires', 'store', 'store2'), interfaces: { 'requires/store': storeClass } },
  );
}

test('a RelationBase goes through its life by its Python names', async () => {
  const unit = looking(() => {});
  await unit.join('store:0', 'db/0');
  expect(unit.flags()).toEqual(['store.connected']);
  await unit.change('store:0', 'db/0', { host: '10.0.0.1' });
  expect(unit.flags()).toEqual(['store.available', 'store.connected']);
  await unit.join('store:0', 'db/1');
  await unit.depart('store:0', 'db/0');
  expect(unit.flags()).toEqual(['store.connected']);
  await unit.depart('store:0', 'db/1');
  await unit.break('store:0');
  expect(unit.flags()).toEqual([]);
});

test('states are asked for and toggled, under both of their names, by scope or for all', async () => {
  const seen: unknown[] = [];
  let act = (_store: Store): void => {};
  const unit = looking((store) => act(store));
  await unit.join('store:0', 'db/0');
  await unit.join('store:0', 'db/1');
  act = (store) => {
    store.set_flag('{relation_name}.a', 'db/0');
    store.toggle_flag('{relation_name}.b');
    store.toggle_state('{relation_name}.c', [], 'db/0');
    store.toggle_state('{relation_name}.d', 'yes', 'db/1');
    store.toggle_state('{relation_name}.b', null);
    store.toggle_flag('{relation_name}.e', undefined);
    seen.push(
      ...['a', 'b', 'c', 'd', 'e'].map((state) => [
        store.is_state(`{relation_name}.${state}`),
        store.is_flag_set(`{relation_name}.${state}`, 'db/0'),
        store.is_flag_set(`{relation_name}.${state}`, 'db/1'),
      ]),
    );
    store.remove_state('{relation_name}.a', 'db/0');
  };
  await unit.run('update-status');
  expect(seen).toEqual([
    [true, true, false],
    [false, false, false],
    [false, false, false],
    [true, false, true],
    [false, false, false],
  ]);
  expect(unit.flags()).toEqual(['store.connected', 'store.d']);
});

test('data goes to and comes from the other side, or stays with us, by key or as an object', async () => {
  const seen: unknown[] = [];
  let act = (_store: Store): void => {};
  const unit = looking((store) => act(store));
  await unit.join('store:0', 'db/0', { host: 'a', 'db-name': 'orders' });
  await unit.join('store:1', 'db/9', { host: 'z' });
  act = (store) => {
    store.set_remote('all', true);
    store.set_remote({ port: 80, list: [1, 'x'] }, 'db/0');
    store.set_remote('none', null);
    store.set_local('seen', { n: 1 }, 'db/0');
    store.set_local({ a: 1, b: 2 });
    seen.push(
      [
        store.get_remote('host'),
        store.get_remote('host', null, 'db/9'),
        store.get_remote('no'),
        store.get_remote('no', 5),
      ],
      [
        store.get_local('seen'),
        store.get_local('seen', null, 'db/9'),
        store.get_local('b'),
        store.get_local('no', 7),
      ],
      [store.host(), store.db_name()],
      store.relation_name,
    );
  };
  await unit.run('update-status');
  expect(seen).toEqual([['a', 'z', null, 5], [{ n: 1 }, null, 2, 7], ['a', 'orders'], 'store']);
  expect(unit.published('store:0').unit).toEqual({ all: 'True', port: '80', list: "[1, 'x']" });
  expect(unit.published('store:1').unit).toEqual({ all: 'True' });
});

test('a conversation has all of its Python names, and is the one that the framework keeps', async () => {
  const seen: unknown[] = [];
  let act = (_conversation: Conversation): void => {};
  const unit = looking((store) => {
    for (const conversation of store.conversations()) act(conversation);
  });
  await unit.join('store:0', 'db/0', { host: 'a' });
  act = (conversation) => {
    conversation.set_state('{relation_name}.a');
    conversation.set_flag('{relation_name}.b');
    conversation.toggle_state('{relation_name}.c');
    conversation.toggle_flag('{relation_name}.d', 0);
    conversation.remove_state('{relation_name}.b');
    conversation.toggle_state('{relation_name}.e', true);
    conversation.remove_flag('{relation_name}.e');
    conversation.set_remote('x', 1);
    conversation.set_remote({ y: 'two' });
    conversation.set_local('l', [1]);
    conversation.set_local({ m: 2 });
    seen.push(
      [conversation.key, conversation.namespace, conversation.scope, [...conversation.units]],
      [conversation.relation_name, conversation.relation_ids],
      [conversation.is_state('{relation_name}.a'), conversation.is_flag_set('{relation_name}.b')],
      [conversation.get_remote('host'), conversation.get_remote('no'), conversation.get_remote('no', 'f')],
      [conversation.get_local('l'), conversation.get_local('no'), conversation.get_local('no', 'f')],
      [conversation instanceof Conversation, ({} as object) instanceof Conversation],
    );
  };
  await unit.run('update-status');
  expect(seen).toEqual([
    ['reactive.conversations.store:0.db/0', 'store:0', 'db/0', ['db/0']],
    ['store', ['store:0']],
    [true, false],
    ['a', null, 'f'],
    [[1], null, 'f'],
    [true, false],
  ]);
  expect(unit.published('store:0').unit).toEqual({ x: '1', y: 'two' });
  expect(unit.flags()).toEqual(['store.a', 'store.available', 'store.c', 'store.connected']);
});

test('asked for twice, a conversation is one object, and departs by hand in scopes that keep their units', async () => {
  const seen: unknown[] = [];
  const unit = looking((store) => {
    const [one] = store.conversations();
    seen.push([one === store.conversations()[0], one?.units.length ?? 0]);
    if (store.hook.name === 'store-relation-departed') store.conversation().depart();
  }, Shared);
  await unit.join('store:0', 'db/0');
  await unit.join('store:0', 'db/1');
  await unit.depart('store:0', 'db/1');
  await unit.run('update-status');
  expect(seen).toEqual([
    [true, 1],
    [true, 2],
    [true, 2],
    [true, 1],
  ]);
});

test('a method that waits for a flag speaks for the conversations in that state', async () => {
  const unit = looking(() => {});
  await unit.join('store:0', 'db/0', { host: 'a' });
  await unit.join('store:0', 'db/1');
  const greeted = unit.stored('reactive.conversations.');
  expect(Object.keys(greeted).filter((key) => key.endsWith('local-data.greeted'))).toEqual([
    'reactive.conversations.store:0.db/0.local-data.greeted',
  ]);
});

test('a RelationBase is found by name, by flag and by state', async () => {
  let seen: unknown;
  const unit = looking(() => {
    seen = [
      Store.from_name('store2')?.relation_name,
      Store.from_name(null),
      Store.from_flag('store.connected')
        ?.conversations()
        .map(({ scope }) => scope),
      RelationBase.from_state('store.connected')?.relationName,
      Store.from_state('store.available'),
      endpoint_from_flag('store.connected', Store)?.host(),
      relation_call('conversations', { relation_name: 'store' }),
      relation_call('get_remote', { flag: 'store.connected' }, 'db-name'),
    ];
  });
  await unit.join('store:0', 'db/0', { 'db-name': 'orders' });
  expect(seen).toEqual(['store2', null, ['db/0'], 'store', null, null, ['db/0'], 'orders']);
});

test('accessors that cannot be made are refused, with what to do', async () => {
  class Wrong extends RelationBase {
    static override readonly auto_accessors = ['set-state'];
  }
  const unit = trialOf(() => {}, {
    metadata: endpoints('requires', 'store'),
    interfaces: { 'requires/store': Wrong },
  });
  expect((await unit.runFailing('install')).message).toBe(
    'cannot make the accessor "set_state" of Wrong: the name is taken; read it with get_remote("set-state")',
  );
});

test('a class with a method of the name of an accessor keeps its method', async () => {
  class Own extends Store {
    static override readonly auto_accessors = ['port'];
    port(): number {
      return Number(this.get_remote('port', '0'));
    }
  }
  const seen: unknown[] = [];
  const unit = trialOf(
    () => {
      when('store.connected')(function see(store: Own) {
        seen.push(store.port());
      });
    },
    { metadata: endpoints('requires', 'store'), interfaces: { 'requires/store': Own } },
  );
  await unit.join('store:0', 'db/0', { port: '81' });
  expect(seen).toEqual([81]);
});
