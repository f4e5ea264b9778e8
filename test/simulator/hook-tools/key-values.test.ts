import { describe, expect, it } from 'vitest';
import { parseKeyValues, parseSettingsFile } from '../../../src/simulator/hook-tools/key-values.ts';

describe('parseKeyValues', () => {
  it('splits at the first = and trims both sides', () => {
    expect(parseKeyValues([' a = 1=2 ', 'b=', '', '__proto__=x'])).toEqual(
      Object.fromEntries([
        ['a', '1=2'],
        ['b', ''],
        ['__proto__', 'x'],
      ]),
    );
  });

  it.each([
    [['haha'], 'expected "key=value", got "haha"'],
    [['=v'], 'expected "key=value", got "=v"'],
    [['a=1', 'a=2'], 'key "a" specified more than once'],
  ])('refuses %j', (args, message) => {
    expect(() => parseKeyValues(args)).toThrow(message);
  });
});

describe('parseSettingsFile', () => {
  it('takes scalars by their text', () => {
    const text = "port: 80\nflag: yes\nversion: 1.50\nquoted: ' x '\nhex: 0x1F\ndate: 2020-01-02\n5: five\n";
    expect(parseSettingsFile(text)).toEqual({
      port: '80',
      flag: 'yes',
      version: '1.50',
      quoted: ' x ',
      hex: '0x1F',
      date: '2020-01-02',
      '5': 'five',
    });
  });

  it.each(['key: null', 'key: ~', 'key:', 'key: ""', '{"key": null}'])(
    'takes nothing for an empty text: %s',
    (text) => {
      expect(parseSettingsFile(text)).toEqual({ key: '' });
    },
  );

  it('keeps the text "null" where it is quoted', () => {
    expect(parseSettingsFile('key: "null"')).toEqual({ key: 'null' });
  });

  it('takes JSON, and only the first of several documents', () => {
    expect(parseSettingsFile('{"a": "1", "b": "two\\nlines"}')).toEqual({ a: '1', b: 'two\nlines' });
    expect(parseSettingsFile('a: 1\n---\nb: 2\n')).toEqual({ a: '1' });
  });

  it.each(['', '\n', '# nothing\n', '{}', '---\n'])('takes an empty file for no change: %j', (text) => {
    expect(parseSettingsFile(text)).toEqual({});
  });

  it.each([
    ['a: 1\nb: [1]\n', 'yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into string'],
    ['a: {b: 1}\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string'],
    ['- a\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]string'],
    ['abc', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `abc` into map[string]string'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSettingsFile(text)).toThrow(message);
  });

  it('refuses what is no YAML', () => {
    expect(() => parseSettingsFile('a: [')).toThrow(/^yaml: line \d+: /);
  });
});
