import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonText } from '../../src/conversations/python-text.ts';
import type { JsonValue } from '../../src/store/python-json.ts';
import { runPython } from '../store/python.ts';

test("what a list or map becomes is what Python's str makes of it", () => {
  expect(pythonText(['a', 1, 1.5, true, null, ['x'], {}])).toBe("['a', 1, 1.5, True, None, ['x'], {}]");
  expect(pythonText({ 'it\'s "it"': 'back\\slash', tab: '\t\n\r' })).toBe(
    `{'it\\'s "it"': 'back\\\\slash', 'tab': '\\t\\n\\r'}`,
  );
  expect(pythonText(['café', '\u{1f600}', '\u00a0', '\u2028', '\u{e0001}', '\u007f'])).toBe(
    "['café', '\u{1f600}', '\\xa0', '\\u2028', '\\U000e0001', '\\x7f']",
  );
});

test('a text is itself, and a number or truth value alone is as Python prints it', () => {
  expect(["it's", '', true, false, 8080, -0.5, 1e-7, Number.NaN].map(pythonText)).toEqual([
    "it's",
    '',
    'True',
    'False',
    '8080',
    '-0.5',
    '1e-07',
    'nan',
  ]);
});

test('any value becomes the text that Python itself makes of it', () => {
  const json = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: fc.integer({ min: 0, max: 0x24f }).map((code) => String.fromCharCode(code)) }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('value'), {
          maxKeys: 3,
          noNullPrototype: true,
        })
        .filter((map) => !Object.keys(map).some((key) => /^\d+$/.test(key) || key === '__proto__')),
    ),
  })).value;
  const values = fc.sample(json, 300).filter((value) => value !== null);
  const program = 'import json, sys; print(json.dumps([str(value) for value in json.load(sys.stdin)]))';
  expect(values.map(pythonText)).toEqual(runPython(program, values));
});
