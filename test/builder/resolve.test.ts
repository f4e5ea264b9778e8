import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { BuildError } from '../../src/builder/build-error.ts';
import { resolveLayers } from '../../src/builder/resolve.ts';
import { defaultSearchFolders, PACKAGE_FOLDER } from '../../src/builder/search-folders.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';
import { resolveTree, type Tree, writeTree } from './charm-tree.ts';

/** A tree of layers that say nothing but what they include. */
function includes(layers: Readonly<Record<string, string>>): Tree {
  return Object.fromEntries(
    Object.entries(layers).map(([name, list]) => [`layers/${name}/layer.yaml`, `includes: [${list}]`]),
  );
}

function orderOf(tree: Tree): readonly string[] {
  const { layers, interfaces } = resolveTree(writeTree(tree));
  return [...layers, ...interfaces].map(({ url }) => url);
}

describe('the order of layers', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['a charm alone', { top: '' }, ['top']],
    ['a chain', { top: 'layer:b', b: 'layer:a', a: '' }, ['layer:a', 'layer:b', 'top']],
    [
      'includes as they are written',
      { top: 'layer:b, layer:a', a: '', b: '' },
      ['layer:b', 'layer:a', 'top'],
    ],
    [
      'a diamond, its base once',
      { top: 'layer:left, layer:right', left: 'layer:base', right: 'layer:base', base: '' },
      ['layer:base', 'layer:left', 'layer:right', 'top'],
    ],
    [
      'a layer asked for again further up',
      { top: 'layer:a, layer:b, layer:a', a: '', b: 'layer:a' },
      ['layer:a', 'layer:b', 'top'],
    ],
  ])('%s', (_, layers, order) => {
    expect(orderOf(includes(layers))).toEqual(order);
  });

  it('puts interfaces last, in the order they are met, each once', () => {
    const tree = {
      ...includes({
        top: 'interface:http, layer:base, interface:redis',
        base: 'interface:redis, interface:http',
      }),
      'interfaces/http/interface.yaml': '',
      'interfaces/redis/requires.ts': '',
    };
    expect(orderOf(tree)).toEqual(['layer:base', 'top', 'interface:http', 'interface:redis']);
  });

  it('builds a layer that names itself otherwise twice in a diamond, as the reference does, and warns', () => {
    const warnings: string[] = [];
    const folder = writeTree({
      ...includes({ top: 'layer:left, layer:right', left: 'layer:base', right: 'layer:base' }),
      'layers/base/layer.yaml': 'name: other',
    });
    const { layers } = resolveTree(folder, 'top', (warning) => warnings.push(warning));
    expect(layers.map(({ name }) => name)).toEqual(['other', 'left', 'other', 'right', 'top']);
    expect(warnings).toEqual([
      '"layer:base" is put in twice, since its layer.yaml calls it "other"; remove that name, or call its folder so',
    ]);
  });
});

describe('finding an include', () => {
  it('takes the folder with the plain name before the one with the long name', () => {
    const both = includes({ top: 'layer:a', a: '', 'layer-a': '' });
    const long = includes({ top: 'layer:a', 'layer-a': '' });
    expect(resolveTree(writeTree(both)).layers[0]?.folder).toMatch(/layers\/a$/);
    expect(resolveTree(writeTree(long)).layers[0]?.folder).toMatch(/layers\/layer-a$/);
  });

  it('takes the first search folder that has it', () => {
    const folder = writeTree({
      'charm/layer.yaml': 'includes: [layer:a, layer:b]',
      'first/b/layer.yaml': '',
      'second/a/layer.yaml': '',
      'second/b/layer.yaml': '',
    });
    const layers = [join(folder, 'first'), join(folder, 'second')];
    const stack = resolveLayers({ charm: join(folder, 'charm'), folders: { layers, interfaces: [] } });
    expect(stack.layers.map((layer) => layer.folder)).toEqual([
      join(folder, 'second/a'),
      join(folder, 'first/b'),
      join(folder, 'charm'),
    ]);
  });

  it('takes a path from the including layer, and calls the layer by its last part', () => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [../../elsewhere/web]',
      'elsewhere/web/layer.yaml': 'includes: [./deeper]',
      'elsewhere/web/deeper/layer.yaml': '',
    });
    expect(resolveTree(folder).layers.map(({ name, url }) => [name, url])).toEqual([
      ['deeper', './deeper'],
      ['web', '../../elsewhere/web'],
      ['top', 'top'],
    ]);
  });

  it('calls the charm as its own metadata.yaml does, else as its folder', () => {
    const folder = writeTree({ 'layers/top/metadata.yaml': 'name: blog', 'layers/bare/README.md': '' });
    expect(resolveTree(folder).charm).toBe('blog');
    expect(resolveTree(folder, 'bare')).toMatchObject({ charm: 'bare', layers: [{ name: 'bare' }] });
  });

  it('takes interfaces by the name in interface.yaml', () => {
    const folder = writeTree({
      ...includes({ top: 'interface:web' }),
      'interfaces/interface-web/interface.yaml': 'name: http',
    });
    expect(resolveTree(folder).interfaces).toMatchObject([{ name: 'http', url: 'interface:web' }]);
  });
});

test.each<[what: string, tree: Tree, error: string]>([
  [
    'a circle',
    includes({ top: 'layer:a', a: 'layer:b', b: 'layer:c', c: 'layer:a' }),
    'cannot build "top": layers include one another in a circle: "layer:a" → "layer:b" → "layer:c" → "layer:a"; remove one of these includes',
  ],
  ['a layer that includes itself', includes({ top: 'layer:top' }), 'in a circle: "top" → "layer:top"'],
  [
    'a layer that is nowhere',
    includes({ top: 'layer:a', a: 'layer:gone' }),
    'cannot find "layer:gone", which "layer:a" includes: looked for ROOT/layers/gone, ROOT/layers/layer-gone; set CHARM_LAYERS_DIR',
  ],
  [
    'an interface that is nowhere',
    includes({ top: 'interface:gone' }),
    'cannot find "interface:gone", which "top" includes: looked for ROOT/interfaces/gone, ROOT/interfaces/interface-gone; set CHARM_INTERFACES_DIR',
  ],
  [
    'a name that leads out of the folder',
    { ...includes({ top: '"layer:../outside"' }), 'outside/layer.yaml': '' },
    'cannot find "layer:../outside", which "top" includes: that is no name of a folder',
  ],
  [
    'a name that starts with a digit',
    { 'layers/top/metadata.yaml': 'name: 2nd' },
    `must start with a lower-case letter, and this one is called "2nd"`,
  ],
])('%s is refused', (_, tree, error) => {
  const folder = writeTree(tree);
  expect(() => resolveTree(folder)).toThrow(BuildError);
  expect(() => resolveTree(folder)).toThrow(error.replaceAll('ROOT', folder));
});

test('a charm that is nowhere is refused', () => {
  expect(() => resolveTree(writeTree({}))).toThrow(/cannot build ".*top": there is no such folder/);
});

test('a layer.yaml that is wrong is refused with its place', () => {
  const folder = writeTree({ ...includes({ top: 'layer:a' }), 'layers/a/layer.yaml': 'includes: [5]' });
  expect(() => resolveTree(folder)).toThrow(MetadataError);
  expect(() => resolveTree(folder)).toThrow(
    `cannot read "${folder}/layers/a/layer.yaml": includes[0]: must be a string, got 5`,
  );
});

test('includes are looked for in the environment, beside the charm, and in this package, in that order', () => {
  const environment = { CHARM_LAYERS_DIR: '/env/a:/env/b', CHARM_INTERFACES_DIR: '/env/i' };
  expect(defaultSearchFolders('/home/me/charms/blog', environment)).toEqual({
    layers: ['/env/a', '/env/b', '/home/me/layers', join(PACKAGE_FOLDER, 'layers')],
    interfaces: ['/env/i', '/home/me/interfaces', join(PACKAGE_FOLDER, 'interfaces')],
  });
  expect(defaultSearchFolders(undefined, {}).layers).toEqual([join(PACKAGE_FOLDER, 'layers')]);
  expect(defaultSearchFolders(join(PACKAGE_FOLDER, 'layers/redis'), {}).layers).toEqual([
    join(PACKAGE_FOLDER, 'layers'),
  ]);
});
