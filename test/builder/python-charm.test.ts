import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { type BuildOptions, type BuildResult, buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { addToTree, readTree, type Tree, writeTree } from './charm-tree.ts';

interface Site {
  readonly folder: string;
  readonly output: string;
  build(options?: Partial<BuildOptions>): Promise<BuildResult>;
  /** The built file's text. */
  read(path: string): string;
  /** Layer and kind that the manifest signs a file with. */
  signature(path: string): readonly string[];
}

function site(tree: Tree): Site {
  const folder = writeTree(tree);
  const output = join(folder, 'build/charm');
  const read = (path: string) => readFileSync(join(output, path), 'utf8');
  return {
    folder,
    output,
    read,
    signature: (path) => JSON.parse(read('.build.manifest')).signatures[path].slice(0, 2),
    build: (options) =>
      buildCharm({
        charm: join(folder, 'layers/top'),
        output,
        layersPath: [join(folder, 'layers')],
        interfacesPath: [join(folder, 'interfaces')],
        workingFolder: folder,
        ...options,
      }),
  };
}

const METADATA = 'name: top\nsummary: s\ndescription: d\n';

const SMALL: Tree = {
  'layers/base/hooks/hook.template': '# {}\n',
  'layers/base/layer.yaml': '',
  'layers/base/reactive/base.py': 'pass\n',
  'layers/top/layer.yaml': 'includes: [layer:base]\n',
  'layers/top/metadata.yaml': METADATA,
};

/** Two layers on one base, with everything that merges; what the reference makes of it is known. */
const DIAMOND: Tree = {
  'layers/base/hooks/hook.template!': '#!/bin/sh\n# hook {}\n',
  'layers/base/layer.yaml':
    'defines:\n  opt1: {type: string, default: dflt}\n  num: {type: number, default: 3}\n  arr: {type: array, default: [q]}\n  nodefault: {type: string}\nrepo: https://base\n',
  'layers/base/metadata.yaml':
    'name: base\nsummary: base summary\nmaintainer: Base\ntags: [one]\nseries: [xenial]\nrequires:\n  old: {interface: oldif}\n  keep: {interface: foo}\nstorage:\n  data: {type: filesystem}\n  scratch: {type: block}\n',
  'layers/base/config.yaml':
    'options:\n  a: {type: int, default: 1}\n  b: {type: string}\n  gone: {type: string, default: x}\n',
  'layers/base/actions.yaml': 'act1: {}\n',
  'layers/base/copyright': 'base\n',
  'layers/base/README.md': 'base\n',
  'layers/base/baseonly': 'b\n',
  'layers/base/tests/fromb': 'base\n',
  'layers/base/tests/both': 'base\n',
  'layers/left/layer.yaml':
    'includes: [layer:base]\noptions: {base: {opt1: left, arr: [l]}}\nrepo: https://left\nfoo: bar\n',
  'layers/left/README.md': 'left\n',
  'layers/left/copyright': 'left\n',
  'layers/left/tests/both': 'left\n',
  'layers/right/layer.yaml':
    'includes: [layer:base]\noptions: {base: {arr: [r], unknownopt: 7}}\ndefines: {ropt: {enum: [u, v], default: u}}\n',
  'layers/right/rightonly': 'r\n',
  'layers/right/tests/fromright': 'r\n',
  'interfaces/foo/interface.yaml': 'name: foo\nexclude: [skipme]\nignore: [igme]\n',
  'interfaces/foo/requires.py': 'r\n',
  'interfaces/foo/provides.py': 'p\n',
  'interfaces/foo/sub/f.py': 'f\n',
  'interfaces/foo/skipme': '',
  'interfaces/foo/igme': '',
  'interfaces/unused/interface.yaml': '',
  'layers/top/layer.yaml':
    'includes: [layer:left, layer:right, interface:foo, interface:unused]\noptions: {base: {num: 9}}\nignore: [tests, rightonly, baseonly]\nexclude: [topsecret]\nmetadata: {deletes: [requires.old, storage.scratch]}\nconfig: {deletes: [gone]}\nrepo: https://top\n',
  'layers/top/metadata.yaml':
    'name: mycharm\nsummary: top summary\ndescription: d\nmaintainers: [Top]\ntags: [two, one]\nseries: [bionic]\nsubordinate: false\nprovides:\n  web: {interface: foo}\n',
  'layers/top/tests/top': 'top\n',
  'layers/top/topsecret': '',
  'layers/top/README.md': 'top\n',
  'layers/top/hooks/start': '#!/bin/sh\n',
};

function diamond(): Site {
  const made = site(DIAMOND);
  mkdirSync(join(made.folder, 'layers/base/emptydir'));
  symlinkSync('baseonly', join(made.folder, 'layers/base/alink'));
  symlinkSync('tests', join(made.folder, 'layers/base/dlink'));
  return made;
}

describe('a charm of layers in Python', () => {
  it('has the files of all its layers, merged, and a hook for all that can happen', async () => {
    const { output, build, read } = diamond();
    const { name, layers } = await build();
    expect(name).toBe('mycharm');
    expect(layers).toEqual([
      'layer:base',
      'layer:left',
      'layer:right',
      'mycharm',
      'interface:foo',
      'interface:unused',
    ]);
    const hooks = [
      ...['config-changed', 'install', 'leader-elected', 'leader-settings-changed', 'post-series-upgrade'],
      ...['pre-series-upgrade', 'stop', 'update-status', 'upgrade-charm'],
      ...['data-storage-attached', 'data-storage-detaching'],
      ...['keep', 'web'].flatMap((endpoint) =>
        ['broken', 'changed', 'created', 'departed', 'joined'].map(
          (event) => `${endpoint}-relation-${event}`,
        ),
      ),
    ].map((hook) => `hooks/${hook}!`);
    expect(Object.keys(readTree(output)).sort()).toEqual(
      [
        ...hooks,
        ...['.build.manifest', 'README.md', 'actions.yaml', 'alink', 'baseonly', 'config.yaml'],
        ...['copyright', 'copyright.layer-base', 'dlink/both', 'dlink/fromb', 'hooks/hook.template!'],
        ...['__init__.py', 'interface.yaml', 'provides.py', 'requires.py', 'sub/f.py'].map(
          (file) => `hooks/relations/foo/${file}`,
        ),
        ...['hooks/start', 'layer.yaml', 'metadata.yaml', 'tests/both', 'tests/fromb', 'tests/top'],
      ].sort(),
    );
    expect(existsSync(join(output, 'emptydir'))).toBe(true);
    expect(['README.md', 'copyright', 'tests/both', 'alink'].map(read)).toEqual([
      'top\n',
      'left\n',
      'left\n',
      'b\n',
    ]);
    expect(read('hooks/install')).toBe('#!/bin/sh\n# hook hook\n');
    expect(read('hooks/web-relation-created')).toBe('#!/bin/sh\n# hook web\n');
    expect(read('hooks/data-storage-attached')).toBe('#!/bin/sh\n# hook data\n');
    expect(Object.keys(parse(read('config.yaml')).options)).toEqual(['a', 'b', 'gone']);
    expect(parse(read('layer.yaml'))).toEqual({
      repo: 'https://top',
      includes: ['layer:base', 'layer:left', 'layer:right', 'interface:foo', 'interface:unused'],
      options: {
        base: { opt1: 'left', arr: ['l', 'r'], unknownopt: 7, num: 9 },
        left: {},
        right: { ropt: 'u' },
        mycharm: {},
      },
      foo: 'bar',
      ignore: { mycharm: ['tests', 'rightonly', 'baseonly'] },
      exclude: ['topsecret'],
      metadata: { deletes: ['requires.old', 'storage.scratch'] },
      config: { deletes: ['gone'] },
      is: 'mycharm',
    });
  });

  it('signs each file under the layer it is from', async () => {
    const { build, signature } = diamond();
    await build();
    expect(
      Object.fromEntries(
        [
          'hooks/install',
          'hooks/web-relation-joined',
          'hooks/data-storage-attached',
          'hooks/start',
          'hooks/relations/foo/__init__.py',
          'metadata.yaml',
          'config.yaml',
          'copyright.layer-base',
          'tests/fromb',
        ].map((path) => [path, signature(path)]),
      ),
    ).toEqual({
      'hooks/install': ['layer:base', 'dynamic'],
      'hooks/web-relation-joined': ['layer:base', 'dynamic'],
      'hooks/data-storage-attached': ['layer:base', 'dynamic'],
      'hooks/start': ['mycharm', 'static'],
      'hooks/relations/foo/__init__.py': ['interface:foo', 'static'],
      'metadata.yaml': ['mycharm', 'dynamic'],
      'config.yaml': ['layer:base', 'dynamic'],
      'copyright.layer-base': ['layer:base', 'static'],
      'tests/fromb': ['layer:base', 'static'],
    });
  });

  it('warns of what layer.yaml asks for without effect, and of an interface that is not used', async () => {
    const { build } = diamond();
    const { warnings } = await build();
    expect(warnings).toEqual([
      '"interface:unused" is included, and no endpoint in metadata.yaml uses the interface "unused"',
      '"tests" in the ignore of "mycharm" reaches only "layer:right", the layer right below it: tests/fromb of "layer:base", tests/both of "layer:left" stay',
      '"baseonly" in the ignore of "mycharm" reaches only "layer:right", the layer right below it: baseonly of "layer:base" stays',
      'config.deletes in the layer.yaml of "mycharm" leaves gone in config.yaml: "layer:base" is the highest layer with that file, and a deletes reaches it from one layer above at most; give "mycharm" a config.yaml, an empty one will do',
    ]);
  });

  it('has no bundle, and what Node layers leave out', async () => {
    const { output, build } = site({
      ...SMALL,
      'layers/base/lib/site.ts': '',
      'layers/base/test/a.py': '',
      'layers/base/dist/site.css': '',
      'layers/base/dispatch!': '#!/bin/sh\n',
    });
    await build();
    expect(Object.keys(readTree(output))).toEqual(
      expect.arrayContaining(['lib/site.ts', 'test/a.py', 'dist/site.css', 'dispatch!']),
    );
    expect(existsSync(join(output, 'charm.js'))).toBe(false);
  });

  it('may break Juju’s rules, which is a warning', async () => {
    const { build } = site({ ...SMALL, 'layers/top/metadata.yaml': 'name: top\nsummary: s\n' });
    const { warnings, metadata } = await build();
    expect(metadata).toBeUndefined();
    expect(warnings.join()).toMatch(
      /^Juju will refuse the charm: cannot read ".*": "description" is missing/,
    );
  });
});

describe('a hook', () => {
  it('that a layer has is left as it is, and not made up for where an ignore or exclude drops it', async () => {
    const { output, build, read } = site({
      ...SMALL,
      'layers/base/hooks/stop': 'own\n',
      'layers/base/hooks/start': 'dropped\n',
      'layers/top/hooks/install': 'dropped\n',
      'layers/top/layer.yaml': 'includes: [layer:base]\nignore: [hooks/start]\nexclude: [hooks/install]\n',
    });
    await build();
    expect(read('hooks/stop')).toBe('own\n');
    expect(existsSync(join(output, 'hooks/start'))).toBe(false);
    expect(existsSync(join(output, 'hooks/install'))).toBe(false);
  });

  it('of a storage is signed under the lowest layer that has the storage, and stays where only the whole is deleted', async () => {
    const { build, signature } = site({
      ...SMALL,
      'layers/base/metadata.yaml': 'storage: {data: {type: block}}\n',
      'layers/top/layer.yaml': 'includes: [layer:base]\nmetadata: {deletes: [storage]}\n',
      'layers/top/metadata.yaml': `${METADATA}storage: {data: {type: block}, more: {type: block}}\n`,
    });
    await build();
    expect(signature('hooks/data-storage-attached')).toEqual(['layer:base', 'dynamic']);
    expect(signature('hooks/more-storage-attached')).toEqual(['top', 'dynamic']);
  });
});

describe('an interface', () => {
  const used = {
    ...SMALL,
    'layers/top/metadata.yaml': `${METADATA}requires: {db: {interface: redis}}\n`,
    'layers/top/layer.yaml': 'includes: [layer:base, interface:redis]\nexclude: ["*.md"]\nignore: [docs]\n',
    'interfaces/redis/requires.py': 'new\n',
  };

  it('takes the place of what layers have for it, and signs the rest of its folder', async () => {
    const { build, read, signature } = site({
      ...used,
      'layers/base/hooks/relations/redis/requires.py': 'old\n',
      'layers/base/hooks/relations/redis/more.py': 'more\n',
      'layers/base/hooks/relations/redis/__init__.py': '# here\n',
    });
    await build();
    expect(read('hooks/relations/redis/requires.py')).toBe('new\n');
    expect(read('hooks/relations/redis/__init__.py')).toBe('# here\n');
    expect(signature('hooks/relations/redis/more.py')).toEqual(['interface:redis', 'static']);
  });

  it('is rid of what the charm’s own layer and the interface leave out', async () => {
    const { output, build } = site({
      ...used,
      'interfaces/redis/interface.yaml': 'exclude: ["!README.md"]\nignore: [cache]\n',
      'interfaces/redis/README.md': '',
      'interfaces/redis/NOTES.md': '',
      'interfaces/redis/docs/a': '',
      'interfaces/redis/cache': '',
      'interfaces/redis/old.pyc': '',
    });
    await build();
    expect(Object.keys(readTree(join(output, 'hooks/relations/redis')))).toEqual([
      'README.md',
      '__init__.py',
      'interface.yaml',
      'requires.py',
    ]);
  });
});

test.each<[what: string, tree: Tree, error: string]>([
  [
    'no template for hooks',
    { 'layers/top/layer.yaml': '' },
    'cannot build "top": at least one layer must provide hooks/hook.template',
  ],
  [
    'a template that is left out',
    { 'layers/top/layer.yaml': 'includes: [layer:base]\nignore: [hook.template]' },
    'cannot build "top": the layer.yaml of "top" leaves hooks/hook.template out',
  ],
  [
    'no metadata.yaml',
    { 'layers/top/layer.yaml': 'includes: [layer:base]\nexclude: [metadata.yaml]' },
    'cannot build "top": none of its layers has a metadata.yaml',
  ],
  [
    'an interface and no metadata for it',
    {
      'layers/top/layer.yaml': 'includes: [layer:base, interface:http]',
      'layers/top/metadata.yaml': '',
      'interfaces/http/requires.py': '',
    },
    'metadata.yaml is empty, and has no endpoint for "interface:http" to belong to',
  ],
  [
    'an endpoint without interface',
    { 'layers/top/metadata.yaml': `${METADATA}requires: {db: {scope: global}}` },
    'requires.db in metadata.yaml names no interface; write "db: {interface: NAME}"',
  ],
  [
    'an endpoint in the short form, which Python cannot read',
    { 'layers/top/metadata.yaml': `${METADATA}requires: {db: redis}` },
    'requires.db in metadata.yaml names no interface',
  ],
  [
    'endpoints that are no mapping',
    { 'layers/top/metadata.yaml': `${METADATA}peers:` },
    'peers in metadata.yaml must be a mapping, got nothing',
  ],
  [
    'storage that is no mapping',
    { 'layers/top/metadata.yaml': `${METADATA}storage: [data]` },
    'cannot read the metadata.yaml of "top": storage must be a mapping, got a list',
  ],
  [
    'a role without implementation',
    {
      'layers/top/layer.yaml': 'includes: [layer:base, interface:http]',
      'layers/top/metadata.yaml': `${METADATA}provides: {web: {interface: http}}`,
      'interfaces/http/requires.py': '',
    },
    'Missing implementation for interface role: provides.py; endpoint "web" needs it of "interface:http"',
  ],
  [
    'an interface of which nothing is left',
    {
      'layers/top/layer.yaml': 'includes: [layer:base, interface:http]\nexclude: ["/*"]',
      'layers/top/metadata.yaml': '',
      'layers/base/metadata.yaml': `${METADATA}requires: {web: {interface: http}}`,
      'interfaces/http/requires.py': '',
    },
    'leave nothing of "interface:http"; take back in what is needed',
  ],
  [
    'options for a layer that is not there, before a requirement that cannot be read',
    {
      'layers/top/layer.yaml': 'includes: [layer:base]\noptions: {gone: {}}',
      'layers/top/wheelhouse.txt': 'foo bar',
    },
    'options are set for "gone"',
  ],
  [
    'a merge with a file that is left out',
    {
      'layers/base/copyright': 'b',
      'layers/top/copyright': 't',
      'layers/top/layer.yaml': 'includes: [layer:base]\nignore: [copyright]',
    },
    'cannot merge "copyright": "top" has one above that of "layer:base", which the ignore in the layer.yaml of "top" leaves out',
  ],
  [
    'deletes of a key and of what is below it',
    {
      'layers/top/layer.yaml': 'includes: [layer:base]\nmetadata: {deletes: [requires.db, requires]}',
      'layers/top/metadata.yaml': `${METADATA}requires: {db: {interface: redis}}`,
    },
    'cannot delete requires.db from "metadata.yaml", as the layer.yaml of "top" asks: there is no mapping requires',
  ],
  [
    'series of unlike forms',
    {
      'layers/base/metadata.yaml': 'series: jammy',
      'layers/top/metadata.yaml': `${METADATA}series: [focal]`,
    },
    'cannot merge "metadata.yaml": series is a list in "top" and "jammy" in "layer:base" below it',
  ],
])('%s is refused, and nothing is written', async (_, tree, error) => {
  const { output, build } = site({ ...SMALL, ...tree });
  const failure: unknown = await build().catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(BuildError);
  expect(String(failure)).toContain(error);
  expect(existsSync(output)).toBe(false);
});

test('handlers in TypeScript leave hooks that are files without effect, with a warning', async () => {
  const { folder, output, build } = site({ ...SMALL, 'layers/top/reactive/top.ts': 'export default [];\n' });
  addToTree(folder, {
    'framework/index.ts': 'export async function main() {}\n',
    'framework/charm/command/main.ts': 'export async function main() {}\n',
    'layers/top/hooks/start!': '#!/bin/sh\n',
    'layers/top/hooks/notes': 'not executable',
  });
  const { warnings } = await build({ frameworkEntry: join(folder, 'framework/index.ts') });
  expect(warnings).toEqual([
    'hooks/hook.template has no effect: in a charm with handlers in TypeScript all hooks go through dispatch',
    `hooks/start of "top" has no effect: in a charm with handlers in TypeScript all hooks go through dispatch; wait for it with hook('start')`,
  ]);
  expect(existsSync(join(output, 'hooks/install'))).toBe(false);
  expect(existsSync(join(output, 'dispatch'))).toBe(true);
});
