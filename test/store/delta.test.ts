import { expect, it } from 'vitest';
import { computeDelta } from '../../src/store/delta.ts';
import type { JsonValue } from '../../src/store/python-json.ts';

it('is empty between equal values, as Python compares them', () => {
  expect(computeDelta({ a: 1, b: [true, { c: 1 }] }, { b: [1, { c: true }], a: 1 })).toEqual({});
});

it('gives null for the side on which a key is missing', () => {
  expect({ ...computeDelta({ gone: 0 }, { fresh: '' }) }).toEqual({
    gone: { previous: 0, current: null },
    fresh: { previous: null, current: '' },
  });
});

it('counts a key that appears with the value null as added, as the reference does', () => {
  expect({ ...computeDelta({}, { a: null }) }).toEqual({ a: { previous: null, current: null } });
  expect({ ...computeDelta({ a: null }, {}) }).toEqual({ a: { previous: null, current: null } });
  expect(computeDelta({ a: null }, { a: null })).toEqual({});
});

it('treats the names of built-in members as keys like any others', () => {
  const delta = computeDelta(
    mapOf([]),
    mapOf([
      ['__proto__', 1],
      ['toString', 2],
    ]),
  );
  expect(Object.keys(delta)).toEqual(['__proto__', 'toString']);
  expect(Object.keys(computeDelta(mapOf([['hasOwnProperty', 1]]), {}))).toEqual(['hasOwnProperty']);
});

function mapOf(entries: readonly (readonly [string, JsonValue])[]): Record<string, JsonValue> {
  const map: Record<string, JsonValue> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}
