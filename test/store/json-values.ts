import fc from 'fast-check';

/** Strings that are hard on a JSON writer: controls, quotes, astral characters, lone surrogates, the ends of ranges. */
export const hardText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '/',
        '\b',
        '\f',
        '\n',
        '\r',
        '\t',
        '\0',
        '\x1f',
        ' ',
        '~',
        '\x7f',
        '\x80',
        '\x9f',
        '\xa0',
        'é',
        '\u2028',
        '\u2029',
        '\ud7ff',
        '\ud800',
        '\udbff',
        '\udc00',
        '\udfff',
        '\ue000',
        '\uf8ff',
        '\ufeff',
        '\uff5e',
        '\ufffe',
        '\uffff',
        '😀',
        '\u{10000}',
        '\u{10ffff}',
        'NaN',
        'Infinity',
        '-Infinity',
        '[{',
        '}]',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** The same without lone surrogates, which UTF-8, and so a key, cannot hold. */
export const wellFormedText: fc.Arbitrary<string> = hardText.filter(isWellFormed);

/** Whether every surrogate in a text has its other half. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Numbers around every place where Python's `repr` changes its form. */
export const hardNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.1,
    -0.1,
    1.5,
    1e-4,
    1.5e-4,
    9.999e-5,
    1e-5,
    1.5e-5,
    1e-7,
    123456.789e-10,
    5e-324,
    2.2250738585072014e-308,
    1e15 + 0.5,
    9007199254740991,
    2 ** 53 + 2,
    1e15,
    1e16,
    2 ** 60,
    1e17,
    1e20,
    1e21,
    1e22,
    1.5e300,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1 / 3,
    2 / 3e5,
  ),
  fc.double(),
  fc.double({ min: -1e-3, max: 1e-3 }),
  fc.integer(),
  fc.maxSafeInteger(),
);

/** JSON values of every shape, as the store may be given. */
export const hardValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.oneof(hardText, hardNumber, fc.boolean(), fc.constant(null), fc.bigInt()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.oneof(hardText, fc.constant('__proto__'), fc.constant('constructor')), tie('value')),
        {
          maxLength: 5,
        },
      )
      .map(mapOf),
  ),
})).value;

/** A map without prototype, so that `__proto__` is a key like any other. */
export function mapOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** Numbers as JSON texts, written in ways that only a reader of the text itself can keep apart. */
const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '-0.0',
    '1.0',
    '10.0',
    '1e5',
    '1E5',
    '1e+5',
    '1e-5',
    '1.50',
    '-0e3',
    '0e-7',
    '1E400',
    '-1E400',
    '1e-400',
    '123456789012345678901234567890',
    '-98765432109876543210',
    '1e16',
    '1e15',
    '1e22',
    '9007199254740993',
    'NaN',
    'Infinity',
    '-Infinity',
    '0.1e1',
    '100000000000000000000000.0',
  ),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,25}$/)),
      fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,20}$/)),
      fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][-+]?\d{1,3}$/)),
    )
    .map((parts) => parts.join('')),
);

/** A string as a JSON text: some characters escaped, some not, as any writer may choose. */
const stringText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\"',
        '\\\\',
        '\\/',
        '\\b',
        '\\f',
        '\\n',
        '\\r',
        '\\t',
        '\\u0000',
        '\\u001f',
        '\\u00E9',
        'é',
        '\x7f',
      ),
      fc.constantFrom(
        '\\ud83d\\ude00',
        '\\uD83D',
        '\\udE00',
        '😀',
        '\u2028',
        '\ufeff',
        '{',
        '[',
        ']',
        ':',
        ',',
        'NaN',
        'Infinity',
      ),
      fc.stringMatching(/^[ !#-[\]-~]{0,3}$/),
    ),
    { maxLength: 4 },
  )
  .map((parts) => `"${parts.join('')}"`);

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n  ');

/** Whole JSON texts: any spacing, keys twice, `__proto__`, and Python's special numbers. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc
    .tuple(
      space,
      fc.oneof(
        { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
        fc.oneof(numberText, stringText, fc.constantFrom('true', 'false', 'null')),
        fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(
            fc.tuple(
              fc.oneof(stringText, fc.constantFrom('"__proto__"', '"a"', '"b"', '"10"', '"2"')),
              space,
              tie('value'),
            ),
            { maxLength: 5 },
          )
          .map((entries) => `{${entries.map(([key, gap, value]) => `${key}${gap}:${value}`).join(',')}}`),
      ),
      space,
    )
    .map((parts) => parts.join('')),
})).value;
