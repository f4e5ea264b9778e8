import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { bagOf, stringsOf, toYamlInput } from '../../src/tools/tool-answers.ts';
import { runPython } from '../store/python.ts';

const HOSTILE: readonly string[] = [
  '',
  ' ',
  'yes',
  'no',
  'on',
  'null',
  '~',
  'true',
  '1.50',
  '0x10',
  '0o7',
  '1e3',
  '.inf',
  '.nan',
  '1:20',
  '2001-01-01',
  '-',
  '--',
  '---',
  '...',
  '- a',
  '# no',
  'a: b',
  'a #b',
  '{a: b}',
  '[1]',
  '&a',
  '*a',
  '!!str x',
  '!x',
  '|',
  '|-\n x',
  '>',
  '%YAML 1.1',
  '@x',
  '`x`',
  "'",
  '"',
  '\\',
  '\\n',
  '\\u0041',
  '<<',
  '=',
  '?',
  '? a',
  ':',
  ': a',
  ',',
  'a,b',
  '\t',
  '\n',
  '\r',
  '\r\n',
  'a\n\nb\n',
  ' a ',
  '\0',
  '\x01',
  '\b',
  '\x1f',
  '\x7f',
  '\x80',
  '\x85',
  '\x9f',
  '\xa0',
  'é',
  '\u2028',
  '\u2029',
  '\ud7ff',
  '\ue000',
  '\ufeff',
  'a\ufeffb',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '😀',
  '\u{10000}',
  '\u{1fffe}',
  '\u{10ffff}',
  '{"a":"\\u00e9\\ud83d\\ude00"}',
  'x'.repeat(5000),
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('')),
);

/** A YAML 1.2 reader takes these characters as they are; every other one has to be escaped (chapter 5.1). */
const PRINTABLE = /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

it('writes every hostile value so that a YAML reader reads it again', () => {
  const settings = Object.fromEntries(HOSTILE.map((value, index) => [`key ${index}`, value]));
  expect(parse(toYamlInput(settings))).toEqual(settings);
});

it('writes every hostile key so that a YAML reader reads it again', () => {
  const settings = Object.fromEntries(
    HOSTILE.filter((key) => key.length < 1000).map((key, index) => [key, `value ${index}`]),
  );
  expect(parse(toYamlInput(settings))).toEqual(settings);
});

it('writes any settings so that a YAML reader reads them again, with no warning', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        text.filter((key) => key.length < 1000),
        text,
        { maxKeys: 5 },
      ),
      (settings) => {
        const document = parseDocument(toYamlInput(settings), { prettyErrors: false });
        expect([...document.errors, ...document.warnings]).toEqual([]);
        expect(document.toJS()).toEqual(settings);
      },
    ),
    { numRuns: 300 },
  );
});

it('writes nothing that YAML does not take as it is, and no line break or byte order mark inside a text', () => {
  fc.assert(
    fc.property(text, (value) => {
      const written = toYamlInput({ key: value });
      expect(written).toMatch(PRINTABLE);
      expect(written).not.toMatch(/[\n\r\x7f\x85\u2028\u2029\ufeff]/);
    }),
  );
});

it('writes astral characters as they are: Juju refuses escaped halves', () => {
  expect(toYamlInput({ key: '😀\u{1fffe}' })).toBe('{"key":"😀\u{1fffe}"}');
  expect(toYamlInput({ key: 'é\ufffe\uffff' })).toBe('{"key":"é\\ufffe\\uffff"}');
});

it('is JSON, too, so that python3 and every JSON reader agree', () => {
  const settings = Object.fromEntries(HOSTILE.map((value, index) => [`key ${index}`, value]));
  expect(JSON.parse(toYamlInput(settings))).toEqual(settings);
  expect(
    runPython('import json, sys; print(json.dumps(json.loads(json.load(sys.stdin))))', toYamlInput(settings)),
  ).toEqual(settings);
});

it('keeps the key __proto__', () => {
  const settings = Object.fromEntries([['__proto__', 'a']]);
  expect(toYamlInput(settings)).toBe('{"__proto__":"a"}');
});

it('takes strings out of a list, and nothing out of anything else', () => {
  expect(stringsOf(['a', '', 1, null, 'b'])).toEqual(['a', '', 'b']);
  for (const answer of [null, undefined, 'a', 1, {}, { 0: 'a', length: 1 }])
    expect(stringsOf(answer)).toEqual([]);
});

it('takes a bag out of a map, and undefined out of anything else', () => {
  expect({ ...bagOf({ a: '1', b: '', c: 2, d: null }) }).toEqual({ a: '1', b: '' });
  for (const answer of [null, undefined, 'a', 1, [], ['a']]) expect(bagOf(answer)).toBeUndefined();
});
