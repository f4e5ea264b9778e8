import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { BuildError } from '../../src/builder/build-error.ts';
import { type Mapping, mergeMappings, writeMapping } from '../../src/builder/yaml-mapping.ts';
import { parseYaml } from '../../src/metadata/yaml-text.ts';

function read(text: string): Mapping {
  const value = parseYaml(text, 'test');
  if (!(value instanceof Map)) throw new Error('the test wants a mapping');
  return value;
}

function merge(...texts: readonly string[]): Mapping {
  return mergeMappings(
    'x.yaml',
    texts.map((text, index) => ({ layer: `layer:${'abc'[index]}`, mapping: read(text) })),
  );
}

test.each([
  ['keys of both', 'k: 1', 'l: 2', 'k: 1\nl: 2'],
  ['mappings deeply', 'k: {a: {b: 1, c: 2}}', 'k: {a: {c: 3, d: 4}}', 'k: {a: {b: 1, c: 3, d: 4}}'],
  ['lists, the lower items first', 'k: [b, a]', 'k: [c, a, d]', 'k: [b, a, c, d]'],
  ['items that are alike deep down', 'k: [{a: [1]}]', 'k: [{a: [1]}, {a: [2]}]', 'k: [{a: [1]}, {a: [2]}]'],
  ['doubles within one file stay', 'j: 1', 'k: [a, a]', 'j: 1\nk: [a, a]'],
  ['a scalar over a scalar', 'k: a', 'k: b', 'k: b'],
  ['a scalar over a mapping', 'k: {a: 1}', 'k: b', 'k: b'],
  ['a scalar over a list', 'k: [a]', 'k: 5', 'k: 5'],
  ['null over anything', 'k: {a: 1}', 'k: null', 'k: null'],
  ['false over anything', 'k: [1]', 'k: false', 'k: false'],
  ['a mapping over an empty text', 'k: ""', 'k: {a: 1}', 'k: {a: 1}'],
  ['a list over zero', 'k: 0', 'k: [a]', 'k: [a]'],
  ['a list over an empty mapping', 'k: {}', 'k: [a]', 'k: [a]'],
  ['a mapping over an empty list', 'k: []', 'k: {a: 1}', 'k: {a: 1}'],
  ['an empty list over a mapping changes nothing', 'k: {a: 1}', 'k: []', 'k: {a: 1}'],
  ['an empty mapping over a text changes nothing', 'k: a', 'k: {}', 'k: a'],
  [
    'keys that objects have of themselves',
    '__proto__: {a: 1}',
    '__proto__: {b: 2}\nconstructor: c',
    '__proto__: {a: 1, b: 2}\nconstructor: c',
  ],
  ['keys that are numbers', '10: a\n9: b', '10: c', '10: c\n9: b'],
])('merges %s', (_, lower, higher, merged) => {
  const result = merge(lower, higher);
  expect(result).toEqual(read(merged));
  expect([...result.keys()]).toEqual([...read(merged).keys()]);
});

test.each([
  [
    'a mapping over a text',
    ['k: {a: text}', 'j: 1', 'k: {a: {b: 1}}'],
    'cannot merge "x.yaml": k.a is a mapping in "layer:c" and "text" in "layer:a" below it; make them alike',
  ],
  ['a list over a text', ['k: text', 'k: [a]'], 'k is a list in "layer:b" and "text" in "layer:a"'],
  ['a list over a mapping', ['k: {a: 1}', 'k: [a]'], 'k is a list in "layer:b" and a mapping in "layer:a"'],
  [
    'a mapping over a list',
    ['"x y": {k: [a]}', '"x y": {k: {a: 1}}'],
    '"x y".k is a mapping in "layer:b" and a list in "layer:a"',
  ],
  [
    'a value of the layer next below',
    ['k: {a: 1}', 'k: 5', 'k: [a]'],
    'k is a list in "layer:c" and 5 in "layer:b"',
  ],
])('refuses %s, with both layers', (_, texts, error) => {
  expect(() => merge(...texts)).toThrow(BuildError);
  expect(() => merge(...texts)).toThrow(error);
});

const yaml: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('', 'a', 'yes', 0, 1, null, false),
    tie('list'),
    tie('mapping'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  mapping: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), tie('value')), { maxLength: 3 })
    .map((pairs) => new Map(pairs)),
})).mapping;

test('merging a mapping with itself, with nothing and onto nothing gives that mapping', () => {
  fc.assert(
    fc.property(yaml, (value) => {
      const mapping = value as Mapping;
      const empty: Mapping = new Map();
      for (const pair of [
        [mapping, mapping],
        [mapping, empty],
        [empty, mapping],
      ]) {
        expect(
          mergeMappings(
            'x',
            pair.map((part) => ({ layer: 'l', mapping: part })),
          ),
        ).toEqual(mapping);
      }
    }),
  );
});

test('merging fails with a BuildError or not at all', () => {
  fc.assert(
    fc.property(fc.array(yaml, { maxLength: 4 }), (values) => {
      try {
        mergeMappings(
          'x',
          values.map((value, index) => ({ layer: `l${index}`, mapping: value as Mapping })),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(BuildError);
        expect(String(error)).not.toContain('undefined');
      }
    }),
  );
});

test('text that YAML 1.1 would read as something else is written in quotes', () => {
  const text = new TextDecoder().decode(
    writeMapping(
      read('a: "yes"\nb: "0755"\nc: "12:30"\nd: "1_000"\ne: true\nf: plain\ng: "on"\n"no": "2020-01-01"'),
    ),
  );
  expect(text).toBe(
    'a: "yes"\nb: "0755"\nc: "12:30"\nd: "1_000"\ne: true\nf: plain\ng: "on"\n"no": "2020-01-01"\n',
  );
});

test('what is written says the same to a reader of YAML 1.1 and of YAML 1.2', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'y',
      'NO',
      '~',
      '0o7',
      '0x1F',
      '1e3',
      '.inf',
      '<<',
      '=',
      '- a',
      'a: b',
      '#c',
      ' x',
      'a\nb',
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean(), fc.array(word))), (value) => {
      const text = new TextDecoder().decode(writeMapping(new Map(Object.entries(value))));
      for (const version of ['1.1', '1.2'] as const) {
        expect(parse(text, { version, mapAsMap: true, merge: false })).toEqual(
          new Map(Object.entries(value)),
        );
      }
    }),
  );
});
