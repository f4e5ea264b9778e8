import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { BuildError } from '../../src/builder/build-error.ts';
import { composeLayers } from '../../src/builder/compose.ts';
import { composedTexts, composeTree, resolveTree, type Tree, writeTree } from './charm-tree.ts';

/** What layers `a` (lowest), `b` and `top` come to, the file of each named. */
function fileOf(path: string, layers: Readonly<Record<string, string>>, more: Tree = {}): string | undefined {
  return composedTexts({ ...STACK, ...more, ...named(path, layers) })[path];
}

function named(path: string, layers: Readonly<Record<string, string>>): Tree {
  return Object.fromEntries(Object.entries(layers).map(([layer, text]) => [`layers/${layer}/${path}`, text]));
}

const STACK: Tree = {
  'layers/a/layer.yaml': '',
  'layers/b/layer.yaml': 'includes: [layer:a]',
  'layers/top/layer.yaml': 'includes: [layer:b]',
};

describe('files without a rule of their own', () => {
  it('come from the highest layer that has them, with its mode', () => {
    const files = composedTexts({
      ...STACK,
      'layers/a/icon.svg': 'a',
      'layers/a/templates/site.conf': 'a',
      'layers/b/templates/site.conf!': 'b',
      'layers/top/actions/backup!': 'top',
      'layers/a/actions/backup': 'a',
    });
    delete files['layer.yaml'];
    expect(files).toEqual({ 'actions/backup!': 'top', 'icon.svg': 'a', 'templates/site.conf!': 'b' });
  });

  it('leave out junk, and what only development needs unless exclude takes it back in', () => {
    const files = composedTexts({
      'layers/top/README.md': 'r',
      'layers/top/.git/HEAD': '',
      'layers/top/node_modules/x/index.js': '',
      'layers/top/web/node_modules/x/index.js': '',
      'layers/top/dist/site.css': '',
      'layers/top/test/a.test.ts': '',
      'layers/top/package.json': '{}',
      'layers/top/tsconfig.build.json': '{}',
      'layers/top/notes~': '',
      'layers/top/lib/cached.pyc': '',
      'layers/top/build.lock': '',
      'layers/top/old.charm': '',
      'layers/top/.build.manifest': '{}',
    });
    expect(Object.keys(files)).toEqual(['README.md']);
    const kept = composedTexts({
      'layers/top/dist/site.css': '',
      'layers/top/layer.yaml': "exclude: ['!dist']",
    });
    expect(Object.keys(kept)).toEqual(['dist/site.css', 'layer.yaml']);
  });

  it('are copied from where links lead', () => {
    const folder = writeTree({ 'layers/top/real/a.txt': 'a', 'outside/b.txt': 'b' });
    symlinkSync('real/a.txt', join(folder, 'layers/top/link.txt'));
    symlinkSync('../../outside', join(folder, 'layers/top/folder'));
    const { files } = composeLayers(resolveTree(folder));
    expect(files.map(({ path }) => path)).toEqual(['folder/b.txt', 'link.txt', 'real/a.txt']);
  });

  it('cannot come by a link that leads nowhere, or back up', () => {
    const nowhere = writeTree({ 'layers/top/a.txt': '' });
    symlinkSync('gone', join(nowhere, 'layers/top/link'));
    expect(() => composeLayers(resolveTree(nowhere))).toThrow(
      /cannot read ".*top\/link" of "top": the link leads nowhere/,
    );
    const around = writeTree({ 'layers/top/docs/a.txt': '' });
    symlinkSync('..', join(around, 'layers/top/docs/link'));
    expect(() => composeLayers(resolveTree(around))).toThrow(/docs\/link" of "top": the link leads back up/);
  });

  it('cannot be a file in one layer and a folder in another', () => {
    expect(() => composeTree({ ...STACK, 'layers/a/x/y': '', 'layers/top/x': '' })).toThrow(
      'cannot put "x/y" of "layer:a" into the charm: "x" is a file in "top"; rename one of them',
    );
  });
});

describe('ignore and exclude', () => {
  test.each([
    [
      'exclude drops a layer’s own file, and a lower one is used',
      'b',
      'exclude: [f]',
      { a: 'a', b: 'b' },
      'a',
    ],
    ['ignore drops the file of the layer next below', 'top', 'ignore: [f]', { b: 'b' }, undefined],
    ['ignore drops lower copies with it', 'top', 'ignore: [f]', { a: 'a', b: 'b' }, undefined],
    ['ignore does not reach further down on its own', 'top', 'ignore: [f]', { a: 'a' }, 'a'],
    ['ignore does not reach the layer’s own file', 'top', 'ignore: [f]', { b: 'b', top: 'top' }, 'top'],
    ['an exclamation mark takes back in', 'b', "exclude: ['*', '!f']", { b: 'b' }, 'b'],
  ])('%s', (_, layer, rule, files, result) => {
    const below = { a: '', b: 'includes: [layer:a]\n', top: 'includes: [layer:b]\n' };
    const text = below[layer as keyof typeof below] + rule;
    expect(fileOf('f', files as Record<string, string>, { [`layers/${layer}/layer.yaml`]: text })).toBe(
      result,
    );
  });
});

describe('metadata.yaml', () => {
  test('is merged, with maintainers of the highest layer and series of the highest first', () => {
    expect(
      fileOf(
        'metadata.yaml',
        {
          a: 'name: a\nsummary: base summary\nmaintainer: Base\ntags: [one]\nseries: [xenial]\nrequires: {old: {interface: o}, keep: {interface: foo}}\nstorage: {data: {type: filesystem}, scratch: {type: block}}\n',
          top: 'provides: {web: {interface: foo}}\nname: mycharm\ndescription: d\nmaintainers: [Top]\ntags: [two, one]\nseries: [bionic]\nsubordinate: false\n',
        },
        {
          'layers/top/layer.yaml':
            'includes: [layer:b]\nmetadata: {deletes: [requires.old, storage.scratch, tags.gone]}'.replace(
              ', tags.gone',
              '',
            ),
        },
      ),
    ).toMatchInlineSnapshot(`
      "name: mycharm
      summary: base summary
      maintainers:
        - Top
      description: d
      tags:
        - one
        - two
      series:
        - bionic
        - xenial
      requires:
        keep:
          interface: foo
      provides:
        web:
          interface: foo
      storage:
        data:
          type: filesystem
      subordinate: false
      "
    `);
  });

  test('has no maintainer where the highest layer with one names none', () => {
    expect(fileOf('metadata.yaml', { a: 'maintainer: Base\nname: a', b: 'name: b' })).toBe('name: b\n');
  });

  test('keeps a maintainer whatever is deleted, as the reference does', () => {
    const deletes = {
      'layers/top/layer.yaml': 'includes: [layer:b]\nmetadata: {deletes: [maintainer, tags]}',
    };
    expect(fileOf('metadata.yaml', { top: 'name: t\nmaintainer: Me\ntags: [x]' }, deletes)).toBe(
      'name: t\nmaintainer: Me\n',
    );
  });
});

describe('config.yaml and actions.yaml', () => {
  test('are merged deeply', () => {
    const low = 'options:\n  port: {type: int, default: 80, description: The port.}\n';
    const high = 'options:\n  port: {default: 8080}\n  name: {type: string, default: "yes"}\n';
    expect(fileOf('config.yaml', { a: low, top: high })).toMatchInlineSnapshot(`
      "options:
        port:
          type: int
          default: 8080
          description: The port.
        name:
          type: string
          default: "yes"
      "
    `);
    expect(
      fileOf('actions.yaml', {
        a: 'backup: {params: {path: {type: string}}}',
        b: 'backup: {required: [path]}',
      }),
    ).toMatchInlineSnapshot(`
      "backup:
        params:
          path:
            type: string
        required:
          - path
      "
    `);
  });

  test.each([
    ['the layer with the file', { top: 'options: {x: {}, z: {}}' }, { top: '[x]' }, 'options:\n  z: {}\n'],
    ['one layer above it', { b: 'options: {x: {}, z: {}}' }, { top: '[x]' }, 'options:\n  z: {}\n'],
    [
      'no layer further up, as in the reference',
      { a: 'options: {x: {}, z: {}}' },
      { top: '[x]' },
      'options:\n  x: {}\n  z: {}\n',
    ],
    [
      'the highest of those alone',
      { top: 'options: {x: {}, z: {}}' },
      { a: '[z]', b: '[x]' },
      'options:\n  z: {}\n',
    ],
    [
      'paths with dots',
      { top: 'options: {x: {a: 1, b: 2}}' },
      { top: '[x.a]' },
      'options:\n  x:\n    b: 2\n',
    ],
    ['last keys that are not there', { top: 'options: {x: {}}' }, { top: '[z]' }, 'options:\n  x: {}\n'],
  ])('deletes are heard from %s', (_, files, deletes, result) => {
    const below = { a: '', b: 'includes: [layer:a]\n', top: 'includes: [layer:b]\n' };
    const layerFiles = Object.entries(deletes).map(([layer, list]) => [
      `layers/${layer}/layer.yaml`,
      `${below[layer as keyof typeof below]}config: {deletes: ${list}}`,
    ]);
    expect(fileOf('config.yaml', files as Record<string, string>, Object.fromEntries(layerFiles))).toBe(
      result,
    );
  });
});

describe('layer.yaml', () => {
  test('is merged without defines, with defaults filled in', () => {
    expect(
      composedTexts({
        'layers/base/layer.yaml':
          'defines:\n  opt: {type: string, default: dflt}\n  num: {type: number, default: 3}\n  arr: {type: array, default: [q]}\n  bare: {type: string}\n  limits: {type: object, default: {}, properties: {cpu: {default: 2}}}\nrepo: https://base\n',
        'layers/left/layer.yaml':
          'includes: [layer:base]\noptions: {base: {opt: left, arr: [l]}}\nfoo: bar\nexclude: [x]\n',
        'layers/right/layer.yaml':
          'includes: [layer:base]\noptions: {base: {arr: [r], unknown: 7}}\ndefines: {ropt: {enum: [u, v], default: u}}\n',
        'layers/top/layer.yaml':
          'includes: [layer:left, layer:right, ../../deep/er/side]\noptions: {base: {num: 9}}\nignore: [tests]\nrepo: https://top\n',
        'layers/top/metadata.yaml': 'name: mycharm',
        'deep/er/side/README.md': '',
      })['layer.yaml'],
    ).toMatchInlineSnapshot(`
      "repo: https://top
      includes:
        - layer:base
        - layer:left
        - layer:right
        - er/side
      options:
        base:
          opt: left
          arr:
            - l
            - r
          unknown: 7
          num: 9
          limits:
            cpu: 2
        left: {}
        right:
          ropt: u
        mycharm: {}
      foo: bar
      exclude:
        - x
      ignore:
        mycharm:
          - tests
      is: mycharm
      "
    `);
  });

  test('refuses options for a layer that is not there', () => {
    expect(() =>
      fileOf('x', {}, { 'layers/top/layer.yaml': 'includes: [layer:b]\noptions: {a: {}, c: {x: 1}}' }),
    ).toThrow(
      'cannot build "top": options are set for "c", and no such layer with a layer.yaml is in it; there are "a", "b", "top"',
    );
  });
});

test('everybody’s copyright is kept', () => {
  const files = composedTexts({ ...STACK, ...named('copyright', { a: 'of a', b: 'of b', top: 'of top' }) });
  delete files['layer.yaml'];
  expect(files).toEqual({ copyright: 'of top', 'copyright.layer-a': 'of a', 'copyright.layer-b': 'of b' });
});

test.each([
  [
    'metadata.yaml',
    'provides: [a]',
    'provides: {b: http}',
    'cannot merge "metadata.yaml": provides is a mapping in "top" and a list in "layer:a" below it',
  ],
  [
    'config.yaml',
    'options: {port: 80}',
    'options: {port: {default: 80}}',
    'cannot merge "config.yaml": options.port is a mapping in "top" and 80 in "layer:a" below it',
  ],
  [
    'layer.yaml',
    'options: {a: {x: {y: 1}}}',
    'includes: [layer:a]\noptions: {a: {x: [1]}}',
    'cannot merge "layer.yaml": options.a.x is a list in "top" and a mapping in "layer:a" below it',
  ],
])('%s that does not go together is refused with layers and key path', (path, low, high, error) => {
  const tree = {
    'layers/top/layer.yaml': 'includes: [layer:a]',
    [`layers/a/${path}`]: low,
    [`layers/top/${path}`]: high,
  };
  expect(() => composeTree(tree)).toThrow(BuildError);
  expect(() => composeTree(tree)).toThrow(error);
});

test('a deletes that leads through what is not there is refused', () => {
  const tree = {
    'layers/top/layer.yaml': 'config: {deletes: [gone.default]}',
    'layers/top/config.yaml': 'options: {}',
  };
  expect(() => composeTree(tree)).toThrow(
    'cannot delete gone.default from "config.yaml", as the layer.yaml of "top" asks: there is no mapping gone',
  );
});

test('a merged file that is no mapping is refused', () => {
  expect(() => composeTree({ 'layers/top/actions.yaml': '- backup' })).toThrow(
    /cannot read ".*actions.yaml": must be a mapping, got a list/,
  );
});

describe('code', () => {
  it('goes into the bundle: modules with handlers by layer, then by name, a higher layer’s in place of a lower one’s', () => {
    const { files, reactive } = composeTree({
      ...STACK,
      'layers/a/reactive/z.ts': '',
      'layers/a/reactive/common.ts': '',
      'layers/a/reactive/z.test.ts': '',
      'layers/a/reactive/types.d.ts': '',
      'layers/a/reactive/deep/er.ts': '',
      'layers/a/lib/helper.ts': '',
      'layers/b/reactive/b.js': '',
      'layers/b/reactive/backup.sh!': '',
      'layers/b/reactive/left-out.ts': '',
      'layers/b/layer.yaml': 'includes: [layer:a]\nexclude: [left-out.ts]',
      'layers/top/reactive/top.mts': '',
      'layers/top/reactive/common.ts': '',
      'layers/top/site/app.js': '',
    });
    expect(reactive.map(({ layer, path }) => `${layer.url}/${path}`)).toEqual([
      'layer:a/reactive/z.ts',
      'layer:b/reactive/b.js',
      'top/reactive/common.ts',
      'top/reactive/top.mts',
    ]);
    expect(files.map(({ path }) => path)).toEqual(['layer.yaml', 'reactive/backup.sh', 'site/app.js']);
  });
});
