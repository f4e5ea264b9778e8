import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parseInterfaceFile } from '../../src/metadata/interface-file.ts';
import { parseLayerFile, readLayerFile } from '../../src/metadata/layer-file.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';

it('reads a layer.yaml and keeps keys it does not know', () => {
  const layer = parseLayerFile(
    `name: web
includes: [layer:basic, interface:http, ../local]
defines: {port: {type: integer, default: 80}}
options: {basic: {packages: [curl]}, web: }
ignore: [tests]
exclude: [notes.md]
metadata: {deletes: [requires.old]}
repo: https://example.com/web
`,
    'layer.yaml',
  );
  expect(layer).toEqual({
    name: 'web',
    includes: ['layer:basic', 'interface:http', '../local'],
    defines: { port: { type: 'integer', default: 80 } },
    options: { basic: { packages: ['curl'] }, web: {} },
    ignore: ['tests'],
    exclude: ['notes.md'],
    deletes: { metadata: ['requires.old'] },
    document: {
      name: 'web',
      includes: ['layer:basic', 'interface:http', '../local'],
      defines: { port: { type: 'integer', default: 80 } },
      options: { basic: { packages: ['curl'] }, web: null },
      ignore: ['tests'],
      exclude: ['notes.md'],
      metadata: { deletes: ['requires.old'] },
      repo: 'https://example.com/web',
    },
  });
});

it('reads an empty layer.yaml, and a lone string as a list of one', () => {
  expect(parseLayerFile('', 'layer.yaml').includes).toEqual([]);
  expect(parseLayerFile('includes: layer:basic', 'layer.yaml').includes).toEqual(['layer:basic']);
});

it('reads an interface.yaml', () => {
  expect(
    parseInterfaceFile('\uFEFFname: http\nsummary: Web\nversion: 1\nignore: docs\n', 'interface.yaml'),
  ).toEqual({
    name: 'http',
    summary: 'Web',
    ignore: ['docs'],
    exclude: [],
  });
  expect(parseInterfaceFile('', 'interface.yaml')).toEqual({ ignore: [], exclude: [] });
});

test.each([
  ['a mapping of includes', 'includes: {a: b}', 'includes: must be a list, got a mapping'],
  ['an include that is no string', 'includes: [layer:a, 5]', 'includes[1]: must be a string, got 5'],
  ['options that are no mapping', 'options: {basic: [a]}', 'options.basic: must be a mapping, got a list'],
  ['an empty name', 'name: ""', 'name: must not be empty'],
  ['deletes that are no list', 'config: {deletes: {a: b}}', 'config.deletes: must be a list, got a mapping'],
  ['a list in place of the file', '- layer:basic', 'must be a mapping, got a list'],
  ['a mapping inside itself', 'tactics: &t\n  more: *t', 'tactics.more: must not contain itself'],
])('a layer.yaml with %s is refused', (_, text, fault) => {
  expect(() => parseLayerFile(text, 'layer.yaml')).toThrow(MetadataError);
  expect(() => parseLayerFile(text, 'layer.yaml')).toThrow(`cannot read "layer.yaml": ${fault}`);
});

it('keeps options named like members of objects apart from those members', () => {
  const { options } = parseLayerFile('options: {__proto__: {constructor: 1}}', 'layer.yaml');
  expect(Object.entries(options)).toEqual([['__proto__', { constructor: 1 }]]);
  expect('toString' in options).toBe(false);
});

it('throws nothing but MetadataError, whatever it is given', () => {
  const key = fc.oneof(fc.constantFrom('includes', 'options', 'defines', 'config', 'deletes'), fc.string());
  fc.assert(
    fc.property(fc.anything({ key, withMap: true, maxDepth: 4 }), (value) => {
      try {
        readLayerFile(value, 'layer.yaml');
      } catch (error) {
        if (!(error instanceof MetadataError)) throw error;
      }
    }),
  );
});
