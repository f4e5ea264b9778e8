import { describe, expect, it } from 'vitest';
import { type ConfigState, manageConfigFlags } from '../../src/flags/config-flags.ts';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';

function manage(state: ConfigState, stored: readonly string[] = []) {
  const store = new SqliteStore({ path: ':memory:' });
  for (const flag of stored) store.set(FLAG_PREFIX + flag, null);
  const flags = new FlagRegistry(store);
  manageConfigFlags(flags, state);
  const during = flags.list();
  flags.save();
  return { during, stored: Object.keys(store.getRange(FLAG_PREFIX, { strip: true })), flags, store };
}

describe('config.changed', () => {
  it('is set for every option in the first hook, whatever its value (Q10)', () => {
    const { during } = manage({
      defaults: { a: 'x', b: null },
      current: { a: 'x', b: null },
      previous: undefined,
    });
    expect(during.filter((flag) => flag.startsWith('config.changed'))).toEqual([
      'config.changed',
      'config.changed.a',
      'config.changed.b',
    ]);
  });

  it('is set for options that differ from what the last good hook saw, as Python compares values', () => {
    const { during } = manage({
      defaults: { a: null, b: null, c: null, d: null, e: null, f: null },
      current: { a: 1, b: true, c: 'x', d: 0, e: '', f: null },
      previous: { a: 1.0, b: 1, c: 'X', d: false, e: null, f: null },
    });
    expect(during.filter((flag) => flag.startsWith('config.changed'))).toEqual([
      'config.changed',
      'config.changed.c',
      'config.changed.e',
    ]);
  });

  it('is not set when nothing differs', () => {
    const { during } = manage({ defaults: { a: 1 }, current: { a: 2 }, previous: { a: 2 } });
    expect(during).toEqual(['config.set.a']);
  });

  it('is set for an option that is new in an upgrade, unless its value is null', () => {
    const { during } = manage({
      defaults: { old: 1, fresh: 0, empty: null },
      current: { old: 1, fresh: 0, empty: null },
      previous: { old: 1 },
    });
    expect(during.filter((flag) => flag.startsWith('config.changed'))).toEqual([
      'config.changed',
      'config.changed.fresh',
    ]);
  });

  it('is not set for a new option without a value, whatever it is called', () => {
    const { during } = manage({
      defaults: { constructor: null },
      current: { constructor: null },
      previous: {},
    });
    expect(during).toEqual(['config.default.constructor']);
  });

  it('is set for an option that lost its value', () => {
    const { during } = manage({ defaults: { a: null }, current: { a: null }, previous: { a: 'x' } });
    expect(during).toEqual(['config.changed', 'config.changed.a', 'config.default.a']);
  });

  it('is not cleared where an earlier hook left it in the store, yet does not last', () => {
    const { during, stored } = manage({ defaults: { a: 1 }, current: { a: 1 }, previous: { a: 1 } }, [
      'config.changed',
      'config.changed.a',
    ]);
    expect(during).toEqual(['config.changed', 'config.changed.a', 'config.default.a', 'config.set.a']);
    expect(stored).toEqual([]);
  });
});

describe('config.set', () => {
  it.each([
    [0, false],
    [0.0, false],
    [false, false],
    ['', false],
    [null, false],
    [1, true],
    [-1, true],
    [0.5, true],
    [true, true],
    ['0', true],
    ['false', true],
    [' ', true],
  ])('of the value %j is set: %s', (value, isSet) => {
    const { during } = manage({ defaults: { a: 'other' }, current: { a: value }, previous: { a: value } });
    expect(during).toEqual(isSet ? ['config.set.a'] : []);
  });

  it('is cleared where it is set and the value is not truthy any more', () => {
    const { during, stored } = manage({ defaults: { a: 'other' }, current: { a: '' }, previous: { a: '' } }, [
      'config.set.a',
      'config.default.a',
      'mine',
    ]);
    expect(during).toEqual(['mine']);
    expect(stored).toEqual(['mine']);
  });
});

describe('config.default', () => {
  it.each([
    [1, 1.0, true],
    [true, 1, true],
    [false, 0, true],
    [null, null, true],
    [null, undefined, true],
    ['', null, false],
    ['1', 1, false],
    ['a', 'b', false],
  ])('of the value %j with the default %j is set: %s', (value, fallback, isSet) => {
    const { during } = manage({ defaults: { a: fallback }, current: { a: value }, previous: { a: value } });
    expect(during.includes('config.default.a')).toBe(isSet);
  });
});

describe('all of them', () => {
  it('exist for options of config.yaml only', () => {
    const { during } = manage({
      defaults: { a: 1 },
      current: { a: 1, stranger: 'x' },
      previous: { gone: 'y' },
    });
    expect(during.filter((flag) => !flag.endsWith('.a') && flag !== 'config.changed')).toEqual([]);
  });

  it('never last, not even where the charm sets them again itself', () => {
    const { flags, store } = manage({
      defaults: { a: 1, b: 'x' },
      current: { a: 1, b: 'y' },
      previous: undefined,
    });
    flags.set('config.changed');
    flags.set('config.changed.b');
    flags.clear('config.set.a');
    flags.set('config.set.a', 'value');
    flags.set('config.mine');
    flags.save();
    expect(Object.keys(store.getRange(''))).toEqual(['reactive.states.config.mine']);
  });

  it('are taken out of the store for every option known now or at the last good hook', () => {
    const { stored } = manage({ defaults: { a: 1 }, current: { a: 1 }, previous: { a: 1, removed: 'x' } }, [
      'config.changed.removed',
      'config.set.removed',
      'config.default.removed',
      'config.set.mine',
    ]);
    expect(stored).toEqual(['config.set.mine']);
  });

  it('fire triggers when they are set, and none when they go', () => {
    const store = new SqliteStore({ path: ':memory:' });
    const flags = new FlagRegistry(store);
    flags.registerTrigger({ when: 'config.changed.a', setFlag: 'woken' });
    flags.registerTrigger({ whenNot: 'config.changed.a', setFlag: 'ghost' });
    manageConfigFlags(flags, { defaults: { a: 1 }, current: { a: 1 }, previous: undefined });
    flags.save();
    expect(Object.keys(store.getRange(FLAG_PREFIX, { strip: true }))).toEqual(['woken']);
  });
});
