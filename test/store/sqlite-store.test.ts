import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/store/python-json.ts';
import { hardValue, wellFormedText } from './json-values.ts';
import { cleanUpStores, makeStorePath, openStore } from './store-folder.ts';

cleanUpStores();

describe('one key', () => {
  it('reads what was set, and null or the fallback where nothing was', () => {
    const store = openStore();
    store.set('a', { list: [1, 'two', null, true] });
    expect(store.get('a')).toEqual({ list: [1, 'two', null, true] });
    expect(store.get('b')).toBeNull();
    expect(store.get('b', 'fallback')).toBe('fallback');
  });

  it('tells a stored null from a key that is not there', () => {
    const store = openStore();
    store.set('a', null);
    expect(store.get('a', 'fallback')).toBeNull();
    expect(store.getRange('')).toEqual({ a: null });
  });

  it.each([0, false, ''])('reads a stored %j as it is, not as the fallback', (value) => {
    const store = openStore();
    store.set('a', value);
    expect(store.get('a', 'fallback')).toBe(value);
  });

  it('gives a fresh copy with each read, and keeps none of what it was given', () => {
    const store = openStore();
    const given = [{ a: 1 }];
    store.set('key', given);
    (given[0] as { a: number }).a = 2;
    (store.get('key') as { a: number }[]).push({ a: 3 });
    expect(store.get('key')).toEqual([{ a: 1 }]);
  });

  it('replaces a value, and unsets it', () => {
    const store = openStore();
    store.set('a', 1);
    store.set('a', [2]);
    expect(store.get('a')).toEqual([2]);
    store.unset('a');
    expect(store.get('a')).toBeNull();
    store.unset('a');
    expect(store.getRange('')).toEqual({});
  });

  it('refuses a value without a JSON form with a TypeError that names the key, and keeps the former value', () => {
    const store = openStore();
    store.set('the.key', 1);
    for (const value of [undefined, () => 1, [Symbol('s')], { a: () => 1 }]) {
      expect(() => store.set('the.key', value as unknown as JsonValue)).toThrow(TypeError);
      expect(() => store.set('the.key', value as unknown as JsonValue)).toThrow(/"the\.key"/);
    }
    expect(store.get('the.key')).toBe(1);
  });

  it('keeps every key and every value apart, in this process and in the next', () => {
    fc.assert(
      fc.property(fc.dictionary(wellFormedText, hardValue.filter(isPlain), { maxKeys: 6 }), (values) => {
        const file = makeStorePath();
        const store = openStore(file);
        store.update(values as Record<string, JsonValue>);
        expect(store.getRange('')).toEqual(values);
        store.flush();
        store.close();
        const next = openStore(file);
        expect(next.getRange('')).toEqual(values);
        for (const [key, value] of Object.entries(values)) expect(next.get(key)).toEqual(value);
        next.close();
      }),
      { numRuns: 60 },
    );
  });
});

/** What survives JSON as it is: no big integers, no minus zero, no prototype to lose. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'bigint' || Object.is(value, -0)) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isPlain);
}

describe('a range of keys', () => {
  it('holds the keys that start with the prefix to the letter: case counts, _ % * and ? are no wildcards', () => {
    const store = openStore();
    const keys = [
      'my_app.x',
      'myXapp.x',
      'MY_APP.x',
      'my%app.x',
      'my.app.x',
      'my*app.x',
      'my?app.x',
      'my[_]app.x',
    ];
    for (const key of keys) store.set(key, key);
    expect(Object.keys(store.getRange('my_app.'))).toEqual(['my_app.x']);
    expect(Object.keys(store.getRange('my%'))).toEqual(['my%app.x']);
    expect(Object.keys(store.getRange('MY'))).toEqual(['MY_APP.x']);
    expect(Object.keys(store.getRange('my*'))).toEqual(['my*app.x']);
    expect(Object.keys(store.getRange('my['))).toEqual(['my[_]app.x']);
  });

  it('unsets by the same rule (B39)', () => {
    const store = openStore();
    store.update({ 'my_app.x': 1, 'myXapp.x': 2, 'MY_APP.x': 3, 'my%app.x': 4 });
    store.unsetRange(null, 'my_app.');
    expect(store.getRange('')).toEqual({ 'myXapp.x': 2, 'MY_APP.x': 3, 'my%app.x': 4 });
    store.unsetRange(null, '%');
    expect(Object.keys(store.getRange(''))).toHaveLength(3);
    store.unsetRange(null, 'my%');
    expect(store.getRange('')).toEqual({ 'myXapp.x': 2, 'MY_APP.x': 3 });
  });

  it('takes the prefix off the keys when asked, even off the key that is the prefix', () => {
    const store = openStore();
    store.update({ '': 0, 'a.': 1, 'a.b': 2, 'a.b.c': 3, b: 4 });
    expect(store.getRange('a.', { strip: true })).toEqual({ '': 1, b: 2, 'b.c': 3 });
    expect(store.getRange('a.', { strip: false })).toEqual({ 'a.': 1, 'a.b': 2, 'a.b.c': 3 });
    expect(store.getRange('', { strip: true })).toEqual({ '': 0, 'a.': 1, 'a.b': 2, 'a.b.c': 3, b: 4 });
    expect(store.getRange('none')).toEqual({});
  });

  it('is what a filter on each key would give, for any keys and prefix', () => {
    const key = fc.oneof(
      wellFormedText,
      fc.string({ unit: fc.constantFrom('a', 'A', '_', '%', '.', '\u{10ffff}'), maxLength: 4 }),
      fc.constantFrom('a\u{10ffff}', 'a\ud7ff', 'a\ue000', 'a\uffff', '\u{10ffff}\u{10ffff}b', '\0', 'a\0b'),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.oneof(key, fc.constantFrom('a', 'A', '_', '%', '\ud7ff', '\u{10ffff}')),
        (keys, prefix) => {
          const store = openStore(':memory:');
          for (const key of keys) store.set(key, key);
          const expected = keys.filter((key) => key.startsWith(prefix));
          expect(Object.keys(store.getRange(prefix)).sort()).toEqual([...expected].sort());
          store.unsetRange(null, prefix);
          expect(Object.keys(store.getRange('')).sort()).toEqual(
            keys.filter((key) => !expected.includes(key)).sort(),
          );
          store.close();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps a key such as __proto__ as a key', () => {
    const store = openStore();
    store.set('x.__proto__', { polluted: true });
    store.set('x.constructor', 1);
    const range = store.getRange('x.', { strip: true });
    expect(Object.keys(range).sort()).toEqual(['__proto__', 'constructor']);
    expect('polluted' in range).toBe(false);
    expect(Reflect.get(Object.prototype, 'polluted')).toBeUndefined();
  });
});

describe('many keys at once', () => {
  it('updates each entry under the prefix', () => {
    const store = openStore();
    store.set('p.a', 'old');
    store.update({ a: 1, b: null }, 'p.');
    store.update({ c: 3 });
    expect(store.getRange('')).toEqual({ 'p.a': 1, 'p.b': null, c: 3 });
  });

  it('unsets the listed keys under the prefix, and no others', () => {
    const store = openStore();
    store.update({ 'p.a': 1, 'p.b': 2, 'p.c': 3, a: 4 });
    store.unsetRange(['a', 'missing', 'c'], 'p.');
    expect(store.getRange('')).toEqual({ 'p.b': 2, a: 4 });
    store.unsetRange(['a']);
    expect(store.getRange('')).toEqual({ 'p.b': 2 });
    store.unsetRange([], 'p.');
    expect(store.getRange('')).toEqual({ 'p.b': 2 });
  });

  it('unsets everything when given no keys and no prefix', () => {
    const store = openStore();
    store.update({ a: 1, b: 2 });
    store.unsetRange(null);
    expect(store.getRange('')).toEqual({});
  });

  it('says what was added, changed and removed, and leaves out what is equal', () => {
    const store = openStore();
    store.update({ same: 1, changed: { a: 1 }, removed: [1] }, 'p.');
    store.set('other', 1);
    expect({ ...store.delta({ same: true, changed: { a: 2 }, added: 'x' }, 'p.') }).toEqual({
      changed: { previous: { a: 1 }, current: { a: 2 } },
      removed: { previous: [1], current: null },
      added: { previous: null, current: 'x' },
    });
    expect(store.get('p.changed')).toEqual({ a: 1 });
  });
});

describe('a transaction', () => {
  it('tells of all that was written in it, by key and by range, and drops it as a whole', () => {
    const store = openStore();
    store.update({ kept: 'old', gone: 1, same: [1] });
    store.flush();
    store.set('kept', { a: [1] });
    store.unset('gone');
    store.set('fresh', -0);
    (store.get('kept') as { a: number[] }).a.push(2);
    (store.get('same') as number[]).push(2);
    const now = { fresh: 0, kept: { a: [1] }, same: [1] };
    expect([store.get('kept'), store.get('gone'), store.get('fresh'), store.get('same')]).toEqual([
      ...[{ a: [1] }, null, 0, [1]],
    ]);
    expect(store.getRange('')).toEqual(now);
    store.set('gone', 2);
    expect(store.listKeys('')).toEqual(['fresh', 'gone', 'kept', 'same']);
    store.flush(false);
    expect(store.getRange('')).toEqual({ gone: 1, kept: 'old', same: [1] });
    expect([store.get('kept'), store.get('gone'), store.get('fresh')]).toEqual(['old', 1, null]);
  });

  it('may be larger than what is kept in memory, in keys and in text', () => {
    const path = makeStorePath();
    const store = openStore(path);
    const keys = Array.from({ length: 10_500 }, (_, number) => `key.${number}`);
    for (const key of keys) store.set(key, 1);
    const large = ['x', 'y', 'z'].map((letter) => letter.repeat(700_000));
    for (const [number, text] of large.entries()) store.set(`large.${number}`, text);
    for (const key of keys) store.set(key, key);
    store.unset('key.3');
    expect(store.get('key.4')).toBe('key.4');
    expect(store.get('large.1')).toBe(large[1]);
    store.flush();
    store.close();
    const again = openStore(path);
    const values = again.getRange('key.');
    expect(Object.keys(values)).toHaveLength(10_499);
    expect(keys.filter((key) => values[key] !== key)).toEqual(['key.3']);
    expect(Object.values(again.getRange('large.'))).toEqual(large);
  });
});

describe('the fingerprint', () => {
  it('stays as it is when nothing changes', () => {
    const store = openStore();
    store.set('a', { b: [1] });
    const { fingerprint } = store;
    store.set('a', { b: [1] });
    store.unset('missing');
    store.unsetRange(null, 'missing');
    store.update({});
    store.get('a');
    store.getRange('');
    store.flush();
    expect(store.fingerprint).toBe(fingerprint);
  });

  it('is another one for other data, and the same again when the data is as it was', () => {
    const store = openStore();
    store.set('stored', 1);
    const empty = store.fingerprint;
    store.set('a', 1);
    const one = store.fingerprint;
    store.set('a', 2);
    const two = store.fingerprint;
    store.set('b', 2);
    const both = store.fingerprint;
    expect(new Set([empty, one, two, both]).size).toBe(4);
    store.unset('b');
    expect(store.fingerprint).toBe(two);
    store.set('a', 1);
    expect(store.fingerprint).toBe(one);
    store.unsetRange(null, 'a');
    expect(store.fingerprint).toBe(empty);
    store.unset('stored');
    expect(store.fingerprint).not.toBe(empty);
  });

  it('tells a key from its value, and which value belongs to which key', () => {
    const fingerprints = [
      { a: 'b' },
      { b: 'a' },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { ab: 1 },
      { a: 'b1' },
      {},
    ].map((values) => {
      const store = openStore(':memory:');
      store.update(values);
      return store.fingerprint;
    });
    expect(new Set(fingerprints).size).toBe(7);
  });

  it('goes back with the data when that is dropped', () => {
    const store = openStore();
    store.set('a', 1);
    store.flush();
    const { fingerprint } = store;
    store.set('a', 2);
    store.set('b', 2);
    store.flush(false);
    expect(store.fingerprint).toBe(fingerprint);
    store.set('a', 2);
    store.set('a', 1);
    expect(store.fingerprint).toBe(fingerprint);
  });

  it('is equal exactly for equal data, over any changes', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const step = fc.tuple(fc.constantFrom('set', 'unset', 'drop', 'save'), key, fc.constantFrom(1, 2, 'x'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const store = openStore(':memory:');
        const dataOf = new Map<string, string>();
        const look = () => {
          const data = JSON.stringify(Object.entries(store.getRange('')));
          const former = dataOf.get(store.fingerprint);
          expect(former ?? data).toBe(data);
          expect([...dataOf.values()].filter((other) => other === data)).toHaveLength(former ? 1 : 0);
          dataOf.set(store.fingerprint, data);
        };
        for (const [action, name, value] of steps) {
          if (action === 'set') store.set(name, value);
          else if (action === 'unset') store.unset(name);
          else store.flush(action === 'save');
          look();
        }
        store.close();
      }),
      { numRuns: 200 },
    );
  });
});
