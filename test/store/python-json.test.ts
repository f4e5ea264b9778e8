import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  compareCodePoints,
  dumpPythonJson,
  equalAsPython,
  parsePythonJson,
  rewritePythonJson,
} from '../../src/store/python-json.ts';
import { hardNumber, hardText, hardValue, jsonText, mapOf } from './json-values.ts';
import { runPython, toWire, UNWIRE } from './python.ts';

const SAMPLES = 800;

/** Python escapes everything beyond ASCII, so its answers cross the pipe whole, lone surrogates included. */
const DUMP = `${UNWIRE}
values = [unwire(value) for value in json.load(sys.stdin)]
print(json.dumps([[json.dumps(value, sort_keys=True), json.dumps(value)] for value in values]))
`;

it('writes any value as python3 writes it, keys sorted and keys as they stand', () => {
  const values = fc.sample(hardValue, SAMPLES);
  const expected = runPython(DUMP, values.map(toWire)) as [string, string][];
  for (const [index, value] of values.entries()) {
    const [sorted, asTheyStand] = expected[index] ?? [];
    expect(dumpPythonJson(value, { sortKeys: true })).toBe(sorted);
    expect(dumpPythonJson(value)).toBe(asTheyStand);
  }
});

it('writes numbers that are not whole in the form of python3 repr', () => {
  const numbers = fc.sample(hardNumber, SAMPLES);
  const expected = runPython(DUMP, numbers.map(toWire)) as [string, string][];
  for (const [index, number] of numbers.entries()) expect(dumpPythonJson(number)).toBe(expected[index]?.[0]);
});

it.each([
  [1e-4, '0.0001'],
  [1e-5, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [5e-324, '5e-324'],
  [123456789.125, '123456789.125'],
  [1 / 3, '0.3333333333333333'],
  [-0, '0'],
  [1, '1'],
  [1e16, '10000000000000000'],
  [1e22, '10000000000000000000000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('writes the number %f as %s', (number, text) => {
  expect(dumpPythonJson(number)).toBe(text);
});

it('sorts keys by code point, astral characters last', () => {
  const map = mapOf([
    ['😀', 1],
    ['\uff5e', 2],
    ['b', 3],
    ['a😀', 4],
    ['a\uff5e', 5],
    ['B', 6],
    ['', 7],
  ]);
  expect(dumpPythonJson(map, { sortKeys: true })).toBe(
    '{"": 7, "B": 6, "a\\uff5e": 5, "a\\ud83d\\ude00": 4, "b": 3, "\\uff5e": 2, "\\ud83d\\ude00": 1}',
  );
});

it('orders any two strings as python3 does, lone surrogates included', () => {
  const pairs = fc.sample(fc.tuple(hardText, hardText), SAMPLES);
  const COMPARE = `${UNWIRE}
pairs = [[unwire(side) for side in pair] for pair in json.load(sys.stdin)]
print(json.dumps([(a > b) - (a < b) for a, b in pairs]))
`;
  const expected = runPython(
    COMPARE,
    pairs.map((pair) => pair.map(toWire)),
  ) as number[];
  const actual = pairs.map(([a, b]) => Math.sign(compareCodePoints(a, b)));
  const wrong = pairs.filter((_, index) => actual[index] !== expected[index]);
  expect(wrong.map((pair) => pair.map((text) => JSON.stringify(text)))).toEqual([]);
});

it('sorts a lone surrogate below U+E000, where its code point stands', () => {
  expect(rewritePythonJson('{"\\uff5e": 1, "\\ud800": 2}')).toBe('{"\\ud800": 2, "\\uff5e": 1}');
});

it('rewrites any JSON text as python3 does when it loads and dumps it', () => {
  const texts = fc.sample(jsonText, SAMPLES);
  const REWRITE = `
import json, sys
print(json.dumps([json.dumps(json.loads(text), sort_keys=True) for text in json.load(sys.stdin)]))
`;
  const expected = runPython(REWRITE, texts) as string[];
  for (const [index, text] of texts.entries()) expect(rewritePythonJson(text), text).toBe(expected[index]);
});

it.each([
  ['1.0', '1.0'],
  ['1e5', '100000.0'],
  ['-0', '0'],
  ['-0.0', '-0.0'],
  ['-0e3', '-0.0'],
  ['1E400', 'Infinity'],
  ['-1e400', '-Infinity'],
  ['1e-400', '0.0'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['1e16', '1e+16'],
  ['{"b":1.0,"a":2,"b":3}', '{"a": 2, "b": 3}'],
  ['{"__proto__":{"x":1},"a":[]}', '{"__proto__": {"x": 1}, "a": []}'],
  ['[NaN,Infinity,-Infinity,"NaN"]', '[NaN, Infinity, -Infinity, "NaN"]'],
  ['"\\u00e9\\/"', '"\\u00e9/"'],
])('rewrites %s as %s', (text, rewritten) => {
  expect(rewritePythonJson(text)).toBe(rewritten);
});

it('takes a text for JSON if, and only if, python3 does', () => {
  const broken = [
    '',
    ' ',
    'nul',
    'True',
    'None',
    "'a'",
    '"a',
    'a"',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{a:1}',
    '{1:2}',
    '01',
    '-',
    '+1',
    '.5',
    '1.',
    '1e',
    '0x1',
    '-NaN',
    '--Infinity',
    '+Infinity',
    'nan',
    'infinity',
    'Infinity1',
    '1Infinity',
    '1.Infinity',
    '-1Infinity',
    'NaNNaN',
    'NaN1',
    '1NaN',
    '[NaN Infinity]',
    '{NaN:1}',
    '{Infinity:1}',
    '{-Infinity:1}',
    '{"a":{NaN:1}}',
    '"\n"',
    '"\x01"',
    '"\\x41"',
    '"\\u12"',
    '\ufeff1',
    '1 2',
    '[1] [2]',
    '{"a" 1}',
    '"a" "b"',
    '\u00a01',
    '[1\u20282]',
    '"NaN',
    'NaN"',
    '"a\\',
    '{"a":NaN}',
    '[-Infinity]',
    ' NaN ',
    '"\\ud800"',
    '"\x7f"',
    '\t1\r\n',
    '1e5',
    '[[]]',
    '"a"NaN"b"',
    '-"Infinity"',
  ];
  const LOADS = `
import json, sys
def reads(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False
print(json.dumps([reads(text) for text in json.load(sys.stdin)]))
`;
  const mutated = fc.sample(
    fc
      .tuple(
        jsonText,
        fc.nat(),
        fc.constantFrom('', '"', '\\', ',', '-', '1', 'e', '.', ']', '}', 'NaN', '-Infinity', ':'),
      )
      .map(
        ([text, at, piece]) =>
          text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
      ),
    SAMPLES,
  );
  const texts = [...broken, ...mutated];
  const expected = runPython(LOADS, texts) as boolean[];
  expect(texts.filter((text, index) => reads(text) !== expected[index])).toEqual([]);
});

function reads(text: string): boolean {
  try {
    parsePythonJson(text);
    return true;
  } catch (error) {
    expect(error, text).toBeInstanceOf(SyntaxError);
    return false;
  }
}

it('reads back every value it writes', () => {
  fc.assert(
    fc.property(hardValue.filter(hasNoBigInt), (value) => {
      const text = dumpPythonJson(value);
      expect(dumpPythonJson(parsePythonJson(text))).toBe(text);
      expect(rewritePythonJson(text)).toBe(dumpPythonJson(value, { sortKeys: true }));
    }),
    { numRuns: 300 },
  );
});

function hasNoBigInt(value: unknown): boolean {
  if (typeof value === 'bigint') return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(hasNoBigInt);
}

it('reads every string as that string, whatever it says', () => {
  const texts = [
    'NaN',
    'Infinity',
    '-Infinity',
    'special number NaN',
    '__proto__',
    '\u{F8FF}charms-reactive special number 12',
    '\u{F8FF}charms-reactive special number NaN',
    '0e-4242424242',
  ];
  for (const text of texts) {
    expect(parsePythonJson(JSON.stringify(text))).toBe(text);
    expect(parsePythonJson(`[NaN, ${JSON.stringify(text)}]`)).toEqual([Number.NaN, text]);
  }
});

it('gives maps no prototype, at any depth', () => {
  const value = parsePythonJson('{"a": [{"toString": 1}], "__proto__": {"polluted": true}}') as {
    a: [Record<string, unknown>];
  };
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(Object.getPrototypeOf(value.a[0])).toBeNull();
  expect(Object.keys(value)).toEqual(['a', '__proto__']);
  expect('polluted' in value).toBe(false);
});

it('leaves out keys whose value is undefined, and asks toJSON', () => {
  const date = new Date(0);
  expect(dumpPythonJson({ a: undefined, b: date, toJSON: undefined })).toBe(
    '{"b": "1970-01-01T00:00:00.000Z"}',
  );
  expect(dumpPythonJson([undefined, 1])).toBe('[null, 1]');
});

it('writes null where an array has a hole', () => {
  const list: number[] = [];
  list[2] = 1;
  expect(dumpPythonJson(list)).toBe('[null, null, 1]');
});

it.each([
  ['undefined', undefined],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a function inside', { a: [() => 1] }],
])('refuses %s with a TypeError', (_, value) => {
  expect(() => dumpPythonJson(value)).toThrow(TypeError);
  expect(() => dumpPythonJson(value)).toThrow(/^cannot write JSON: /);
});

it('refuses a cycle with a TypeError', () => {
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  expect(() => dumpPythonJson(cycle)).toThrow(TypeError);
});

it.each([
  [1, 1, true],
  [1, true, true],
  [0, false, true],
  [1, '1', false],
  [0, null, false],
  ['', null, false],
  [false, null, false],
  ['a', 'a', true],
  [[], [], true],
  [[], {}, false],
  [[1, 2], [2, 1], false],
  [[1, [true]], [true, [1]], true],
  [{ a: 1, b: 2 }, { b: 2, a: true }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [{ a: null }, { b: null }, false],
  [null, null, true],
  [null, {}, false],
  [{ toString: 1 }, { valueOf: 1 }, false],
])('holds %j and %j equal as Python does: %s', (a, b, equal) => {
  expect(equalAsPython(a, b)).toBe(equal);
  expect(equalAsPython(b, a)).toBe(equal);
});

it('holds any two values equal exactly when python3 does', () => {
  const small = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<unknown>(0, 1, 0.5, true, false, null, '', '0', 'a'),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), tie('value')), { maxLength: 2 }).map(mapOf),
    ),
  })).value;
  const pairs = fc.sample(fc.tuple(small, small), SAMPLES);
  const EQUAL = `${UNWIRE}
print(json.dumps([unwire(a) == unwire(b) for a, b in json.load(sys.stdin)]))
`;
  const expected = runPython(
    EQUAL,
    pairs.map((pair) => pair.map(toWire)),
  ) as boolean[];
  const wrong = pairs.filter(([a, b], index) => equalAsPython(a, b) !== expected[index]);
  expect(wrong).toEqual([]);
  expect(expected).toContain(true);
});
