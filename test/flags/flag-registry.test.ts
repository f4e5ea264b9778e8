import { describe, expect, it } from 'vitest';
import type { FlagChange } from '../../src/flags/cause.ts';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import type { JsonValue } from '../../src/store/python-json.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { makeFlags } from './flags-in-memory.ts';

describe('edges', () => {
  it('are reported once each: setting a set flag, or clearing a clear one, is none', () => {
    const { flags, log } = makeFlags();
    flags.clear('a');
    flags.set('a');
    flags.set('a', 1);
    flags.toggle('a', true);
    flags.clear('a');
    flags.clear('a');
    flags.toggle('a', false);
    flags.toggle('a', true);
    expect(log).toEqual(['+a', '-a', '+a']);
  });

  it('are seen at once by every question', () => {
    const { flags } = makeFlags();
    flags.set('a');
    expect([flags.isSet('a'), flags.areAllSet('a', 'b'), flags.isAnySet('a', 'b')]).toEqual([
      true,
      false,
      true,
    ]);
    flags.set('b');
    expect(flags.areAllSet('a', 'b')).toBe(true);
    flags.clear('a');
    flags.clear('b');
    expect([flags.isSet('a'), flags.isAnySet('a', 'b'), flags.list()]).toEqual([false, false, []]);
  });

  it('of none: all of no flags are set, none of no flags is', () => {
    const { flags } = makeFlags();
    expect(flags.areAllSet()).toBe(true);
    expect(flags.isAnySet()).toBe(false);
    expect(flags.unset()).toEqual([]);
  });

  it('tell every listener, in order, and nobody who left', () => {
    const { flags } = makeFlags();
    const log: string[] = [];
    const leave = flags.listen({ changed: ({ flag }) => log.push(`first ${flag}`) });
    flags.listen({ changed: ({ flag }) => log.push(`second ${flag}`) });
    flags.set('a');
    leave();
    flags.set('b');
    expect(log).toEqual(['first a', 'second a', 'second b']);
  });

  it('tell of each call of clear, even of a flag that is not set, before the change itself', () => {
    const { flags } = makeFlags();
    const log: string[] = [];
    flags.listen({
      clearCalled: () => log.push('clear called'),
      changed: ({ flag, to }) => log.push(`${flag} ${to}`),
    });
    flags.clear('a');
    flags.set('a');
    flags.clear('a');
    flags.toggle('b', false);
    expect(log).toEqual(['clear called', 'a set', 'clear called', 'a clear', 'clear called']);
  });

  it('see the flag as it is after the change', () => {
    const { flags } = makeFlags();
    const seen: boolean[] = [];
    flags.listen({ changed: ({ flag }) => seen.push(flags.isSet(flag)) });
    flags.set('a');
    flags.clear('a');
    expect(seen).toEqual([true, false]);
  });
});

describe('names', () => {
  it('are listed by code point', () => {
    const { flags } = makeFlags();
    for (const flag of ['b', '😀', 'B', 'a.10', '\uff5e', 'a.2', 'a']) flags.set(flag);
    expect(flags.list()).toEqual(['B', 'a', 'a.10', 'a.2', 'b', '\uff5e', '😀']);
  });

  it('that are not set are listed once each, by code point', () => {
    const { flags } = makeFlags();
    flags.set('b');
    expect(flags.unset('😀', 'c', 'b', '\uff5e', 'a', 'c')).toEqual(['a', 'c', '\uff5e', '😀']);
  });

  it('may be those of built-in members', () => {
    const { flags, store } = makeFlags();
    expect(flags.isSet('constructor')).toBe(false);
    flags.set('__proto__');
    flags.set('constructor');
    flags.save();
    expect(new FlagRegistry(store).list()).toEqual(['__proto__', 'constructor']);
  });

  it('are refused when they are no text, with nothing changed', () => {
    const { flags, log } = makeFlags();
    for (const flag of ['', undefined, null, 1, ['a']] as string[]) {
      expect(() => flags.set(flag)).toThrow(TypeError);
      expect(() => flags.clear(flag)).toThrow(TypeError);
      expect(() => flags.setForHook(flag)).toThrow(TypeError);
      expect(() => flags.toggle(flag, true)).toThrow(TypeError);
    }
    expect(log).toEqual([]);
  });
});

describe('values', () => {
  it('are null unless given, and undefined for a flag that is not set', () => {
    const { flags } = makeFlags();
    flags.set('a');
    flags.set('b', { relation: 'db' });
    expect([flags.value('a'), flags.value('b'), flags.value('c')]).toEqual([
      null,
      { relation: 'db' },
      undefined,
    ]);
  });

  it('are replaced by setting the flag again, with no edge, and last', () => {
    const { flags, store, log } = makeFlags();
    flags.set('a', 1);
    flags.save();
    flags.set('a', 0);
    flags.save();
    expect(log).toEqual(['+a']);
    expect(new FlagRegistry(store).value('a')).toBe(0);
    flags.set('a');
    flags.save();
    expect(new FlagRegistry(store).value('a')).toBeNull();
  });

  it('are what they were when the flag was set, whatever the caller does to them afterwards', () => {
    const { flags, store } = makeFlags();
    const value = ['one'];
    flags.set('a', value);
    value.push('two');
    expect(flags.value('a')).toEqual(['one']);
    flags.save();
    expect(store.get(`${FLAG_PREFIX}a`)).toEqual(['one']);
  });

  it('without a JSON form are refused where the flag is set, with nothing changed', () => {
    const { flags, log } = makeFlags();
    expect(() => flags.set('a', (() => 1) as unknown as JsonValue)).toThrow(/"a"|"reactive\.states\.a"/);
    expect(flags.isSet('a')).toBe(false);
    expect(log).toEqual([]);
  });
});

describe('causes', () => {
  it('stand with each change, and the former one comes back', () => {
    const { flags } = makeFlags();
    const changes: FlagChange[] = [];
    flags.listen({ changed: (change) => changes.push(change) });
    flags.set('before');
    const leaveHook = flags.enter({ kind: 'hook', hook: 'start' });
    flags.set('in.hook');
    const leaveHandler = flags.enter({ kind: 'handler', handler: 'web.start' });
    flags.clear('in.hook');
    leaveHandler();
    flags.set('again');
    leaveHook();
    flags.set('after');
    expect(changes).toEqual([
      { flag: 'before', to: 'set', cause: { kind: 'unknown' } },
      { flag: 'in.hook', to: 'set', cause: { kind: 'hook', hook: 'start' } },
      { flag: 'in.hook', to: 'clear', cause: { kind: 'handler', handler: 'web.start' } },
      { flag: 'again', to: 'set', cause: { kind: 'hook', hook: 'start' } },
      { flag: 'after', to: 'set', cause: { kind: 'unknown' } },
    ]);
  });
});

describe('questions with a predicate', () => {
  it('look at set flags only', () => {
    const { flags } = makeFlags();
    flags.set('a.b');
    flags.set('a.c');
    flags.clear('a.c');
    expect(flags.some((flag) => flag.startsWith('a.'))).toBe(true);
    expect(flags.some((flag) => flag === 'a.c')).toBe(false);
  });
});

it('start as the store has them, without an edge', () => {
  const store = new SqliteStore({ path: ':memory:' });
  store.set(`${FLAG_PREFIX}a`, null);
  store.set(`${FLAG_PREFIX}b`, { v: 1 });
  store.set('REACTIVE.STATES.c', null);
  store.set('reactive_states.d', null);
  const flags = new FlagRegistry(store);
  expect(flags.list()).toEqual(['a', 'b']);
  expect(flags.value('b')).toEqual({ v: 1 });
});
