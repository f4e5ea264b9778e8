import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { BuildError } from '../../src/builder/build-error.ts';
import { composedTexts } from './charm-tree.ts';

/** The options of a charm on layer `base`, which defines these; both as YAML in one line. */
function optionsOf(defines: string, options = '{}'): unknown {
  const files = composedTexts({
    'layers/base/layer.yaml': `defines: ${defines}`,
    'layers/top/layer.yaml': `includes: [layer:base]\noptions: ${options}`,
  });
  return parse(files['layer.yaml'] ?? '').options;
}

describe('an option', () => {
  test.each<[what: string, defines: string, options: string, base: unknown]>([
    ['has its default', '{a: {default: 1}}', '{}', { a: 1 }],
    ['has none where none is given', '{a: {type: string}}', '{}', {}],
    ['has its value', '{a: {default: 1}}', '{base: {a: 2}}', { a: 2 }],
    [
      'may be null where its schema says so',
      "{a: {type: [string, 'null']}}",
      '{base: {a: null}}',
      { a: null },
    ],
    ['need not be defined', '{}', '{base: {other: [1]}}', { other: [1] }],
    [
      'has the defaults within it',
      '{a: {properties: {b: {default: 1}, c: {default: {}, properties: {d: {default: 2}}}}}}',
      '{base: {a: {}}}',
      { a: { b: 1, c: { d: 2 } } },
    ],
    [
      'has the defaults of its items and of what it names itself',
      '{a: {items: {properties: {b: {default: 1}}}}, m: {additionalProperties: {properties: {b: {default: 2}}}}}',
      '{base: {a: [{}, {b: 3}], m: {x: {}}}}',
      { a: [{ b: 1 }, { b: 3 }], m: { x: { b: 2 } } },
    ],
    ['may be defined a level too high', '{type: object, default: {}}', '{base: {a: 1}}', { a: 1 }],
    ['is not required by draft 3’s word', '{a: {type: integer, required: true}}', '{}', {}],
    [
      'is bound as draft 4 says',
      '{a: {type: number, minimum: 0, exclusiveMinimum: true}}',
      '{base: {a: 0.5}}',
      { a: 0.5 },
    ],
    ['has a pattern as Python reads it', "{a: {pattern: '^[\\w-]+$'}}", '{base: {a: x-y}}', { a: 'x-y' }],
  ])('%s', (_, defines, options, base) => {
    expect(optionsOf(defines, options)).toEqual({ base, top: {} });
  });

  it('of the charm itself goes by the charm’s name', () => {
    const files = composedTexts({
      'layers/top/metadata.yaml': 'name: blog',
      'layers/top/layer.yaml': 'defines: {a: {default: 1}}\noptions: {blog: {b: 2}}',
    });
    expect(parse(files['layer.yaml'] ?? '').options).toEqual({ blog: { b: 2, a: 1 } });
  });
});

test.each<[what: string, defines: string, options: string, line: string]>([
  [
    'a value of another type',
    '{a: {type: string}}',
    '{base: {a: 5}}',
    'options.base.a: must be string, got 5 (set in the layer.yaml of "top")',
  ],
  [
    'a default of another type',
    '{a: {type: string, default: 5}}',
    '{}',
    'options.base.a: must be string, got 5 (by default)',
  ],
  [
    'a word that is not on the list',
    '{a: {enum: [x, y]}}',
    '{base: {a: z}}',
    'options.base.a: must be equal to one of the allowed values ["x","y"], got "z"',
  ],
  [
    'a key too many',
    '{a: {additionalProperties: false}}',
    '{base: {a: {"b c": 1}}}',
    'options.base.a: must NOT have additional properties ("b c"), got a mapping',
  ],
  [
    'a bad item of a list',
    '{a: {items: {type: string}}}',
    '{base: {a: [x, 3]}}',
    'options.base.a[1]: must be string, got 3',
  ],
  [
    'no alternative that fits, said once',
    '{a: {oneOf: [{type: integer}, {type: string}]}}',
    '{base: {a: []}}',
    'options.base.a: must match exactly one schema in oneOf, got a list (set in the layer.yaml of "top")',
  ],
  ['a schema that is none', '{a: {type: strung}}', '{base: {a: 5}}', 'options.base.a: its schema is none: '],
  ['options that are no mapping', '{}', '{base: }', 'options.base: must be a mapping, got nothing'],
  [
    'options of the framework itself',
    '{}',
    '{charms.reactive: {}}',
    'options: "charms.reactive" is no layer and has no options (set in the layer.yaml of "top")',
  ],
])('%s is refused', (_, defines, options, line) => {
  const build = () => optionsOf(defines, options);
  expect(build).toThrow(BuildError);
  expect(build).toThrow(`cannot build "top": options do not fit what their layers define:\n  ${line}`);
});

test('all that is wrong with options is said at once', () => {
  const build = () =>
    optionsOf('{a: {type: string}, b: {type: object, required: [c]}}', '{base: {a: 1, b: {}}}');
  expect(build).toThrow(
    / {2}options\.base\.a: .*\n {2}options\.base\.b: must have required property 'c', got a mapping/,
  );
});

test('composer.yaml, the older name of layer.yaml, says what a layer is as well', () => {
  const files = composedTexts({
    'layers/base/composer.yaml': 'defines: {a: {default: 1}}\n',
    'layers/top/composer.yaml': 'includes: [layer:base]\noptions: {base: {b: 2}}\n',
  });
  expect(Object.keys(files)).toEqual(['layer.yaml']);
  expect(parse(files['layer.yaml'] ?? '')).toEqual({
    includes: ['layer:base'],
    options: { base: { b: 2, a: 1 }, top: {} },
    is: 'top',
  });
});

test('a charm without layer.yaml is said to be the highest layer that has one', () => {
  const files = composedTexts({
    'layers/base/layer.yaml': '',
    'layers/top/layer.yaml': 'includes: [layer:base]\nexclude: [layer.yaml]',
  });
  expect(parse(files['layer.yaml'] ?? '').is).toBe('layer:base');
});
