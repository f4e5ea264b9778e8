import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import type { UnitData } from '../../src/store/unit-store.ts';

const storedIn = (store: UnitData): Record<string, unknown> => ({
  ...store.getRange(FLAG_PREFIX, { strip: true }),
});

function makeStore(...flags: string[]): SqliteStore {
  const store = new SqliteStore({ path: ':memory:' });
  for (const flag of flags) store.set(FLAG_PREFIX + flag, null);
  return store;
}

/** The same store, with a log of the writes to flags that change something. */
function logWrites(store: SqliteStore, log: string[]): SqliteStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        const before = target.fingerprint;
        const answer: unknown = Reflect.apply(member, target, parameters);
        const key = String(parameters[0]).slice(FLAG_PREFIX.length);
        if (target.fingerprint !== before) log.push(`${String(name)} ${key}`);
        return answer;
      };
    },
  });
}

describe('save', () => {
  it('writes nothing before it is called', () => {
    const store = makeStore('a');
    const flags = new FlagRegistry(store);
    flags.set('b');
    flags.clear('a');
    expect(storedIn(store)).toEqual({ a: null });
    flags.save();
    expect(storedIn(store)).toEqual({ b: null });
  });

  it('writes only what changed', () => {
    const store = makeStore('kept', 'cleared', 'value');
    const log: string[] = [];
    const flags = new FlagRegistry(logWrites(store, log));
    flags.set('kept');
    flags.set('value', 1);
    flags.set('fresh');
    flags.set('pulse');
    flags.clear('pulse');
    flags.clear('cleared');
    flags.clear('never');
    flags.save();
    expect(log.sort()).toEqual(['set fresh', 'set value', 'unset cleared']);
    expect(storedIn(store)).toEqual({ kept: null, value: 1, fresh: null });
    flags.save();
    expect(log).toHaveLength(3);
  });

  it('leaves alone what it did not change, though the store has changed meanwhile', () => {
    const store = makeStore('a', 'b');
    const flags = new FlagRegistry(store);
    store.unset(`${FLAG_PREFIX}a`);
    flags.set('c');
    flags.save();
    expect(storedIn(store)).toEqual({ b: null, c: null });
  });

  it('touches nothing beside flags', () => {
    const store = makeStore('a');
    store.set('a', 'mine');
    store.set('reactive.states', 'mine');
    const flags = new FlagRegistry(store);
    flags.clear('a');
    flags.save();
    expect({ ...store.getRange('') }).toEqual({ a: 'mine', 'reactive.states': 'mine' });
  });

  it('stores, after any changes, the flags that are set and not for the hook only', () => {
    const flag = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.tuple(fc.constantFrom('set', 'clear', 'setForHook', 'save'), flag);
    fc.assert(
      fc.property(fc.uniqueArray(flag), fc.array(step, { maxLength: 20 }), (stored, steps) => {
        const store = makeStore(...stored);
        const flags = new FlagRegistry(store);
        const isSet = new Set(stored);
        const forHook = new Set<string>();
        for (const [action, name] of steps) {
          if (action === 'save') flags.save();
          else flags[action as 'set' | 'clear' | 'setForHook'](name);
          if (action === 'setForHook') forHook.add(name);
          if (action === 'clear') isSet.delete(name);
          else if (action !== 'save') isSet.add(name);
        }
        flags.save();
        expect(flags.list()).toEqual([...isSet].sort());
        const lasting = [...isSet].filter((name) => !forHook.has(name));
        expect(Object.keys(storedIn(store)).sort()).toEqual(lasting.sort());
      }),
    );
  });
});

describe('a flag for this hook only', () => {
  it('is set like any other, and never stored', () => {
    const store = makeStore();
    const flags = new FlagRegistry(store);
    flags.setForHook('a');
    expect(flags.isSet('a')).toBe(true);
    expect(flags.value('a')).toBeNull();
    flags.save();
    expect(flags.isSet('a')).toBe(true);
    expect(storedIn(store)).toEqual({});
  });

  it('stays so when it is set again, with a value, or cleared and set again', () => {
    const store = makeStore();
    const flags = new FlagRegistry(store);
    for (const flag of ['a', 'b', 'c']) flags.setForHook(flag);
    flags.set('a');
    flags.set('b', 'value');
    flags.clear('c');
    flags.set('c');
    flags.save();
    expect(storedIn(store)).toEqual({});
  });

  it('is taken out of the store where an earlier version stored it', () => {
    const store = makeStore('a', 'b', 'c');
    const flags = new FlagRegistry(store);
    flags.setForHook('a');
    flags.keepForHookOnly(['b', 'not.there']);
    expect(flags.list()).toEqual(['a', 'b', 'c']);
    flags.save();
    expect(storedIn(store)).toEqual({ c: null });
  });

  it('fires triggers and tells listeners like any other', () => {
    const store = makeStore();
    const flags = new FlagRegistry(store);
    const log: string[] = [];
    flags.listen({ changed: ({ flag }) => log.push(flag) });
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.setForHook('a');
    flags.setForHook('a');
    flags.save();
    expect(log).toEqual(['a', 'b']);
    expect(storedIn(store)).toEqual({ b: null });
  });

  it('fires no trigger on going when it is saved', () => {
    const store = makeStore('a');
    const flags = new FlagRegistry(store);
    flags.registerTrigger({ whenNot: 'a', setFlag: 'b' });
    flags.setForHook('a');
    flags.save();
    expect(flags.isSet('b')).toBe(false);
    expect(storedIn(store)).toEqual({});
  });
});
