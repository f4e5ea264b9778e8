import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { splitShellWords } from '../../src/charm/command/shell-words.ts';
import { writeYaml } from '../../src/charm/command/yaml-text.ts';
import { runPython } from '../store/python.ts';

test('words are split as Python’s shlex splits them', () => {
  const texts = [
    '',
    '  ',
    'a b\tc\nd',
    `a 'b c' "d e"`,
    `a'b'"c"d`,
    `"it's" 'say "x"'`,
    `'' ""`,
    `a\\ b \\' \\" \\\\`,
    `"a\\"b" "c\\\\d" "e\\n"`,
    `'a\\'`,
    '$HOME `x` *',
    'a#b',
    'ünï "cöde"',
  ];
  const split = runPython(
    'import json, shlex, sys; print(json.dumps([shlex.split(text) for text in json.load(sys.stdin)]))',
    texts,
  );
  expect(texts.map(splitShellWords)).toEqual(split);
});

test('any words in single quotes come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      expect(splitShellWords(quoted)).toEqual(words);
    }),
  );
});

test('what is not closed is refused', () => {
  for (const text of [`'a`, `"a`, `a "b\\"`, 'a\\']) expect(() => splitShellWords(text)).toThrow(SyntaxError);
});

test('YAML says what was meant, whatever it is', () => {
  const value = fc.jsonValue({ stringUnit: 'grapheme' });
  fc.assert(
    fc.property(value, (one) => {
      const plain: unknown = JSON.parse(JSON.stringify(one));
      expect(parse(writeYaml(JSON.parse(JSON.stringify(one))))).toEqual(plain);
    }),
    { numRuns: 300 },
  );
  for (const text of [
    'true',
    'No',
    '1',
    '1e5',
    '0x1',
    '~',
    '',
    ' a',
    'a ',
    '- a',
    'a: b',
    'a #b',
    "it's",
    '@x',
    'x:y',
    '2001-01-01',
    '=',
    '.5',
    '_1',
  ]) {
    expect(parse(writeYaml([text]))).toEqual([text]);
  }
});
