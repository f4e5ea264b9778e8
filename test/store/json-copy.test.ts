import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPlainJson } from '../../src/store/json-copy.ts';
import { dumpPythonJson, parsePythonJson } from '../../src/store/python-json.ts';
import { hardValue } from './json-values.ts';

it('is what reading the written value gives, or nothing', () => {
  fc.assert(
    fc.property(hardValue, (value) => {
      const copy = copyPlainJson(value);
      const read = parsePythonJson(dumpPythonJson(value));
      expect(copy === undefined || isDeepStrictEqual(copy, read)).toBe(true);
    }),
  );
});

it('shares nothing with the value', () => {
  const value = { list: [{ a: 1 }], ['__proto__']: 'own' };
  const copy = copyPlainJson(value) as typeof value;
  (copy.list[0] as { a: number }).a = 2;
  copy.list.push({ a: 3 });
  expect(value).toEqual({ list: [{ a: 1 }], ['__proto__']: 'own' });
  expect(Object.getPrototypeOf(copy)).toBeNull();
  expect(Object.keys(copy)).toEqual(['list', '__proto__']);
});

it.each([
  ['minus zero', -0],
  ['what is no number', [Number.NaN]],
  ['a big integer', { a: 1n }],
  ['undefined', [undefined]],
  ['what writes itself', { toJSON: () => 1 }],
  ['a date', new Date()],
  ['an object of a class', new (class Own {})()],
])('leaves %s to be written and read', (_, value) => {
  expect(copyPlainJson(value)).toBeUndefined();
});
