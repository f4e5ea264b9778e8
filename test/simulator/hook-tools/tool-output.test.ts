import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatValue } from '../../../src/simulator/hook-tools/tool-output.ts';

describe('formatValue', () => {
  it.each([
    ['null', null, '', '', 'null\n'],
    ['a text', 'abc', 'abc\n', 'abc\n', '"abc"\n'],
    ['an empty text', '', '', '""\n', '""\n'],
    ['a text that ends a line', 'a\n', 'a\n\n', '|\n  a\n', '"a\\n"\n'],
    ['a list', ['a', 'b'], 'a\nb\n', '- a\n- b\n', '["a","b"]\n'],
    ['an empty list', [], '', '[]\n', '[]\n'],
    ['true', true, 'True\n', 'true\n', 'true\n'],
    ['false', false, 'False\n', 'false\n', 'false\n'],
    ['a number', 80, '80\n', '80\n', '80\n'],
    ['a million', 1_000_000, '1e+06\n', '1e+06\n', '1000000\n'],
    ['a fraction', 1.5, '1.5\n', '1.5\n', '1.5\n'],
    ['an empty map', {}, '{}\n', '{}\n', '{}\n'],
    ['a map', { b: '2', a: 1 }, 'a: 1\nb: "2"\n', 'a: 1\nb: "2"\n', '{"a":1,"b":"2"}\n'],
  ])('prints %s', (_, value, smart, yaml, json) => {
    expect(formatValue(value, 'smart')).toBe(smart);
    expect(formatValue(value, 'yaml')).toBe(yaml);
    expect(formatValue(value, 'json')).toBe(json);
  });

  it('sorts keys naturally in YAML and by their bytes in JSON', () => {
    const value = { 'a/10': 1, 'a/2': 1, B: 1, 10: 1, 9: 1 };
    expect(formatValue(value, 'yaml')).toBe('"9": 1\n"10": 1\nB: 1\na/2: 1\na/10: 1\n');
    expect(formatValue(value, 'json')).toBe('{"10":1,"9":1,"B":1,"a/10":1,"a/2":1}\n');
  });

  it('keeps the order of a Map, which stands for a Go struct', () => {
    const value = new Map([
      ['z', ['1']],
      ['a', ['2']],
    ]);
    expect(formatValue(value, 'json')).toBe('{"z":["1"],"a":["2"]}\n');
    expect(formatValue(value, 'yaml')).toBe('z:\n- "1"\na:\n- "2"\n');
  });

  it('escapes in JSON what Go escapes', () => {
    expect(formatValue('<a&b>\u2028é', 'json')).toBe('"\\u003ca\\u0026b\\u003e\\u2028é"\n');
  });

  it.each([
    'yes',
    'No',
    'on',
    'OFF',
    'true',
    'null',
    '~',
    '80',
    '1.5',
    '0x1F',
    '1e3',
    '1:20',
    '2020-01-02',
    '1_000',
  ])('quotes the text %s, which YAML would take for something else', (text) => {
    expect(formatValue({ key: text }, 'yaml')).toBe(`key: "${text}"\n`);
  });

  it.each(['abc', '1.2.3', '127.0.0.1', 'yes please', 'a=b', 'redis/0', '10.0.0.0/8', 'é'])(
    'leaves the text %s plain',
    (text) => {
      expect(formatValue({ key: text }, 'yaml')).toBe(`key: ${text}\n`);
    },
  );

  it.each([
    'a: b',
    '- a',
    '#',
    ' x ',
    '{a}',
    '"',
    "it's",
    'two\nlines',
    'tab\t',
    '\u0007',
    '',
    '!',
    'a #b',
    '%',
    '@',
  ])('writes the text %j so that it reads back', (text) => {
    expect(parse(formatValue({ key: text }, 'yaml'))).toEqual({ key: text });
    expect(parse(formatValue({ [text]: ['x', text] }, 'yaml'))).toEqual({ [text]: ['x', text] });
  });

  it('nests lists and maps', () => {
    expect(formatValue({ a: { b: [{ c: 1 }] }, d: { e: [] } }, 'yaml')).toBe(
      'a:\n  b:\n  - c: 1\nd:\n  e: []\n',
    );
  });
});
