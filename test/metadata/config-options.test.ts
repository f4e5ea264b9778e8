import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import {
  ConfigValueError,
  coerceConfigValue,
  parseConfigOptions,
  readConfigOptions,
} from '../../src/metadata/config-options.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';

it('reads options of every type, in file order', () => {
  const options = parseConfigOptions(
    `options:
  title: {type: string, default: "My blog", description: What it is called.}
  port: {type: int, default: 8080}
  ratio: {type: float, default: 1}
  debug: {type: boolean, default: "T"}
  key: {type: secret}
  note: {default: null}
  bare:
settings: ignored
`,
    'config.yaml',
  );
  expect(Object.entries(options)).toEqual([
    ['title', { type: 'string', default: 'My blog', description: 'What it is called.' }],
    ['port', { type: 'int', default: 8080 }],
    ['ratio', { type: 'float', default: 1 }],
    ['debug', { type: 'boolean', default: true }],
    ['key', { type: 'secret' }],
    ['note', { type: 'string', default: null }],
    ['bare', { type: 'string' }],
  ]);
});

test.each([
  ['no options key', 'title: x', ': "options" is missing'],
  ['options as a list', 'options: []', 'options: must be a mapping, got a list'],
  ['options with nothing after them', 'options:', 'options: must be a mapping, got nothing'],
  [
    'an unknown type',
    'options: {a: {type: port}}',
    'options.a.type: must be "string", "int", "float", "boolean" or "secret", got "port"',
  ],
  [
    'an int with a word',
    'options: {a: {type: int, default: foo}}',
    'options.a.default: expected int, got "foo"',
  ],
  [
    'an int written as a float',
    'options: {a: {type: int, default: 1.0}}',
    'options.a.default: expected int, got 1.0',
  ],
  [
    'an int with a fraction',
    'options: {a: {type: int, default: 1.5}}',
    'options.a.default: expected int, got 1.5',
  ],
  [
    'a boolean for an int',
    'options: {a: {type: int, default: true}}',
    'options.a.default: expected int, got true',
  ],
  [
    'a number for a string',
    'options: {a: {type: string, default: 5}}',
    'options.a.default: expected string, got 5',
  ],
  [
    'a word for a boolean',
    'options: {a: {type: boolean, default: yes}}',
    'options.a.default: expected boolean, got "yes"',
  ],
  ['a list', 'options: {a: {default: []}}', 'options.a.default: expected string, got a list'],
  [
    'a secret of another scheme',
    'options: {a: {type: secret, default: "http:x"}}',
    'options.a.default: expected secret, got "http:x"',
  ],
])('%s is refused', (_, text, fault) => {
  expect(() => parseConfigOptions(text, 'config.yaml')).toThrow(
    fault.startsWith(': ') ? `cannot read "config.yaml"${fault}` : `cannot read "config.yaml": ${fault}`,
  );
});

test.each([
  ['"0x10"', 16],
  ['"010"', 8],
  ['"-0b11"', -3],
  ['"0o17"', 15],
  ['"42"', 42],
  ['7', 7],
])('a default of %s for an int is %d', (written, value) => {
  expect(parseConfigOptions(`options: {a: {type: int, default: ${written}}}`, 'c').a?.default).toBe(value);
});

it('keeps options named like members of objects apart from those members', () => {
  const options = parseConfigOptions('options: {__proto__: {default: x}, constructor: {type: int}}', 'c');
  expect(Object.keys(options)).toEqual(['__proto__', 'constructor']);
  expect(options.constructor).toEqual({ type: 'int' });
  expect('toString' in options).toBe(false);
});

const options = readConfigOptions(
  {
    options: {
      title: {},
      port: { type: 'int' },
      ratio: { type: 'float' },
      debug: { type: 'boolean' },
      key: { type: 'secret' },
    },
  },
  'config.yaml',
);

test.each<[name: string, text: string, value: string | number | boolean]>([
  ['title', '', ''],
  ['title', '5', '5'],
  ['port', '8080', 8080],
  ['port', '-1', -1],
  ['port', '010', 10],
  ['ratio', '1e3', 1000],
  ['ratio', '.5', 0.5],
  ['debug', 'True', true],
  ['debug', '0', false],
  ['key', 'secret:9m4e2mr0ui3e8a215n4g', 'secret:9m4e2mr0ui3e8a215n4g'],
  ['key', '', ''],
])('juju config %s=%j sets %j', (name, text, value) => {
  expect(coerceConfigValue({ options, name, text })).toBe(value);
});

test.each([
  ['port', 'foo', 'option "port" expected int, got "foo"'],
  ['port', '', 'option "port" expected int, got ""'],
  ['port', '1.0', 'option "port" expected int, got "1.0"'],
  ['port', '0x10', 'option "port" expected int, got "0x10"'],
  ['port', '9007199254740993', 'option "port" expected int'],
  ['ratio', 'NaN', 'option "ratio" expected float, got "NaN"'],
  ['ratio', '1e999', 'option "ratio" expected float'],
  ['debug', 'yes', 'option "debug" expected boolean, got "yes"'],
  ['key', 'hush', 'option "key" expected secret, got "hush"'],
  ['tite', 'x', 'unknown option "tite"; the charm has "title", "port"'],
  ['constructor', 'x', 'unknown option "constructor"'],
])('juju config %s=%j is refused', (name, text, reason) => {
  expect(() => coerceConfigValue({ options, name, text })).toThrow(ConfigValueError);
  expect(() => coerceConfigValue({ options, name, text })).toThrow(
    `cannot set config option "${name}": ${reason}`,
  );
});

it('throws nothing but MetadataError, whatever it is given', () => {
  const key = fc.constantFrom('options', 'type', 'default', 'description', '__proto__');
  const option = fc.record(
    { type: fc.constantFrom('int', 'float', 'boolean', 'secret', 'string'), default: fc.anything() },
    { requiredKeys: [] },
  );
  const shaped = fc.record({ options: fc.dictionary(fc.string(), fc.oneof(option, fc.anything())) });
  fc.assert(
    fc.property(fc.oneof(fc.anything({ key, withMap: true }), shaped), (value) => {
      try {
        for (const { type, default: fallback } of Object.values(readConfigOptions(value, 'c'))) {
          if (fallback === undefined || fallback === null) continue;
          const expected = {
            string: 'string',
            secret: 'string',
            int: 'number',
            float: 'number',
            boolean: 'boolean',
          };
          expect(typeof fallback).toBe(expected[type]);
        }
      } catch (error) {
        if (!(error instanceof MetadataError)) throw error;
      }
    }),
  );
});
