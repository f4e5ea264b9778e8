import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type BuildOptions, type BuildResult, buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import type { BuildProgress } from '../../src/builder/progress.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';
import { addToTree, readTree, type Tree, writeTree } from './charm-tree.ts';

/** Stands for the framework: prints what it is handed, and opens a database with the addon. */
const FRAMEWORK: Tree = {
  'framework/charm/command/main.ts': `export const main = () => undefined;\n`,
  'framework/index.ts': `
import Database from 'better-sqlite3';

const seen: string[] = [];

export function when(flag: string) {
  return (_method: unknown, context: ClassMethodDecoratorContext): void => {
    context.addInitializer(() => { seen.push(\`\${flag} \${String(context.name)}\`); });
  };
}

export async function main(charm: any): Promise<void> {
  const layers = charm.layers.map(({ exports, ...layer }: any) => ({ ...layer, exports: Object.keys(exports) }));
  const interfaces = charm.interfaces.map(({ exports, ...one }: any) => ({ ...one, exports: Object.keys(exports) }));
  const top = new (charm.layers.at(-1).exports.default)();
  const database = new Database(':memory:', { nativeBinding: charm.nativeBinding });
  const two = database.prepare('select 1 + 1').pluck().get();
  console.log(JSON.stringify({ ...charm, layers, interfaces, seen, greeting: top.greet?.(), two,
    hook: process.env.JUJU_DISPATCH_PATH, folder: process.cwd(), node: process.version }));
  if (process.env.FAIL) top.fail();
}
`,
};

const CHARM: Tree = {
  'layers/base/layer.yaml': 'defines: {port: {type: integer, default: 80}}',
  'layers/base/reactive/base.ts': 'export default class Base {}\n',
  'layers/base/config.yaml': 'options: {title: {default: hello}}',
  'layers/base/templates/site.conf': 'site\n',
  'layers/top/layer.yaml': 'includes: [layer:base, interface:redis]\n',
  'layers/top/metadata.yaml':
    'name: blog\nsummary: s\ndescription: d\nrequires: {db: redis, cache: {interface: redis}}\n',
  'layers/top/lib/greeting.ts': "export const greeting: string = 'hello';\n",
  'layers/top/reactive/top.ts': `import { when } from 'charms-reactive';
import { greeting } from '../lib/greeting.ts';

export default class Top {
  @when('db.available')
  greet(): string {
    return greeting;
  }

  fail(): void {
    throw new Error('as asked');
  }
}
`,
  'layers/top/actions/backup!': '#!/bin/sh\n',
  'layers/top/icon.svg': '<svg/>\n',
  'interfaces/redis/requires.ts': 'export class RedisRequires {}\n',
  'interfaces/redis/provides.ts': 'export class RedisProvides {}\n',
};

interface Site {
  readonly folder: string;
  readonly output: string;
  build(options?: Partial<BuildOptions>): Promise<BuildResult>;
}

function site(tree: Tree = CHARM): Site {
  const folder = writeTree({ ...FRAMEWORK, ...tree });
  const output = join(folder, 'build/a blog (new)');
  const build: Site['build'] = (options) =>
    buildCharm({
      charm: join(folder, 'layers/top'),
      output,
      layersPath: [join(folder, 'layers')],
      interfacesPath: [join(folder, 'interfaces')],
      frameworkEntry: join(folder, 'framework/index.ts'),
      ...options,
    });
  return { folder, output, build };
}

function dispatch(output: string, environment: Readonly<Record<string, string>> = {}) {
  const run = spawnSync(join(output, 'dispatch'), {
    cwd: '/',
    env: { JUJU_DISPATCH_PATH: 'hooks/install', ...environment },
    encoding: 'utf8',
  });
  return { ...run, told: run.status === 0 ? JSON.parse(run.stdout) : undefined };
}

function hashTree(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readTree(folder)).map(([path, text]) => [
      path,
      createHash('sha256').update(text, 'latin1').digest('hex'),
    ]),
  );
}

describe('a built charm', () => {
  it('has the layers’ files, the bundle and what runs it, and says so', async () => {
    const { output, build } = site();
    const progress: BuildProgress[] = [];
    const result = await build({ onProgress: (one) => progress.push(one) });
    expect(Object.keys(readTree(output))).toEqual([
      '.build.manifest',
      'actions/backup!',
      'better_sqlite3.node',
      'bin/charms.reactive!',
      'bin/charms.reactive.sh!',
      'charm.bundle.js',
      'charm.bundle.js.map',
      'charm.command.bundle.js',
      'charm.command.bundle.js.map',
      'charm.command.js',
      'charm.js!',
      'config.yaml',
      'dispatch!',
      'icon.svg',
      'layer.yaml',
      'metadata.yaml',
      'package.json',
      'templates/site.conf',
    ]);
    expect(result).toMatchObject({
      name: 'blog',
      output,
      layers: ['layer:base', 'blog', 'interface:redis'],
      metadata: { name: 'blog' },
      config: { title: { default: 'hello' } },
      removed: [],
      warnings: [],
    });
    expect(result.files).toEqual(
      [...Object.keys(readTree(output)).map((path) => path.replace('!', '')), 'bin/node'].sort(),
    );
    expect(progress.map(({ message }) => message.replace(output, 'OUTPUT'))).toEqual([
      'Processing layer:base',
      'Processing blog',
      'Processing interface:redis',
      'Bundling blog',
      'Built blog in OUTPUT',
    ]);
    expect(readlinkSync(join(output, 'bin/node'))).toBe(process.execPath);
  });

  it('runs through dispatch from anywhere, whatever the hook and the machine’s Node settings', async () => {
    const { output, build } = site();
    await build();
    const { told } = dispatch(output, {
      JUJU_DISPATCH_PATH: 'hooks/never-heard-of',
      NODE_OPTIONS: '--no-such-flag',
    });
    expect(told).toMatchObject({
      metadata: { name: 'blog', endpoints: [{ name: 'db', interface: 'redis' }, { name: 'cache' }] },
      config: { title: { type: 'string', default: 'hello' } },
      options: { base: { port: 80 }, blog: {} },
      layers: [
        { name: 'base', file: 'reactive/base.ts', exports: ['default'] },
        { name: 'blog', file: 'reactive/top.ts', exports: ['default'] },
      ],
      interfaces: [
        {
          role: 'requires',
          interface: 'redis',
          file: 'interfaces/redis/requires.ts',
          exports: ['RedisRequires'],
        },
      ],
      nativeBinding: join(output, 'better_sqlite3.node'),
      seen: ['db.available greet'],
      greeting: 'hello',
      two: 2,
      hook: 'hooks/never-heard-of',
      folder: output,
      node: process.version,
    });
  });

  it('shows TypeScript lines in stack traces, also of a module that fails to load', async () => {
    const { folder, output, build } = site();
    await build();
    const { status, stderr } = dispatch(output, { FAIL: '1' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /Error: as asked\n {4}at _?Top\d*\.fail \(layers\/blog\/reactive\/top\.ts:11:11\)\n/,
    );
    addToTree(folder, {
      'layers/top/lib/greeting.ts': "export const greeting: string = '';\n\nthrow new TypeError('early');",
    });
    await build();
    expect(dispatch(output).stderr).toContain('TypeError: early\n    at layers/blog/lib/greeting.ts:3:7\n');
  });

  it('shows stack traces as they are where the source map is gone', async () => {
    const { output, build } = site();
    await build();
    rmSync(join(output, 'charm.bundle.js.map'));
    const { stderr } = dispatch(output, { FAIL: '1' });
    expect(stderr).toMatch(/Error: as asked\n {4}at _?Top\d*\.fail \(\/.*charm\.bundle\.js:\d+:\d+\)\n/);
  });

  it('signs every file in its manifest', async () => {
    const { output, build } = site();
    await build();
    const manifest = JSON.parse(readFileSync(join(output, '.build.manifest'), 'utf8'));
    expect(manifest.layers).toEqual([
      { rev: '', url: 'layer:base' },
      { rev: '', url: 'blog' },
      { rev: '', url: 'interface:redis' },
    ]);
    const hash = (path: string) => hashTree(output)[path] ?? hashTree(output)[`${path}!`];
    expect(Object.entries(manifest.signatures)).toEqual([
      ['.build.manifest', ['build', 'dynamic', 'unchecked']],
      ['actions/backup', ['blog', 'static', hash('actions/backup')]],
      ['better_sqlite3.node', ['build', 'dynamic', hash('better_sqlite3.node')]],
      ['bin/charms.reactive', ['build', 'dynamic', hash('bin/charms.reactive')]],
      ['bin/charms.reactive.sh', ['build', 'dynamic', hash('bin/charms.reactive.sh')]],
      ['bin/node', ['build', 'dynamic', 'unchecked']],
      ['charm.bundle.js', ['build', 'dynamic', hash('charm.bundle.js')]],
      ['charm.bundle.js.map', ['build', 'dynamic', hash('charm.bundle.js.map')]],
      ['charm.command.bundle.js', ['build', 'dynamic', hash('charm.command.bundle.js')]],
      ['charm.command.bundle.js.map', ['build', 'dynamic', hash('charm.command.bundle.js.map')]],
      ['charm.command.js', ['build', 'dynamic', hash('charm.command.js')]],
      ['charm.js', ['build', 'dynamic', hash('charm.js')]],
      ['config.yaml', ['layer:base', 'dynamic', hash('config.yaml')]],
      ['dispatch', ['build', 'dynamic', hash('dispatch')]],
      ['icon.svg', ['blog', 'static', hash('icon.svg')]],
      ['layer.yaml', ['blog', 'dynamic', hash('layer.yaml')]],
      ['metadata.yaml', ['blog', 'dynamic', hash('metadata.yaml')]],
      ['package.json', ['build', 'dynamic', hash('package.json')]],
      ['templates/site.conf', ['layer:base', 'static', hash('templates/site.conf')]],
    ]);
  });

  it('is the same byte for byte from another copy of the tree and in another place', async () => {
    const one = site();
    const other = site();
    const elsewhere = join(other.folder, 'some/where/deeper');
    await one.build();
    await other.build({ output: elsewhere });
    expect(hashTree(elsewhere)).toEqual(hashTree(one.output));
    const naming = Object.entries(readTree(elsewhere)).filter(([, text]) => text.includes(other.folder));
    expect(naming.map(([path]) => path)).toEqual([]);
  });

  it('may be built into a folder within its own layer, twice', async () => {
    const { folder, build } = site();
    const output = join(folder, 'layers/top/built');
    const first = await build({ output });
    const second = await build({ output });
    expect(second.files).toEqual(first.files);
    expect(second.files.filter((path) => path.startsWith('built/'))).toEqual([]);
  });
});

describe('a program of a layer', () => {
  it('is bundled on its own, the higher layer’s where two have it, and runs beside the charm', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/base/programs/serve.ts': "console.log('base');",
      'layers/top/programs/serve.ts':
        "import { greeting } from '../lib/greeting.ts';\nconsole.log(greeting, process.argv[2]);",
      'layers/top/programs/serve.test.ts': 'throw new Error();',
    });
    const { files } = await build();
    expect(files.filter((file) => file.startsWith('programs/'))).toEqual([
      'programs/serve.js',
      'programs/serve.js.map',
    ]);
    const run = spawnSync(process.execPath, [join(output, 'programs/serve.js'), 'world'], {
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('hello world\n');
  });
});

describe('what a layer imports', () => {
  it('comes from the layer’s own node_modules first, CommonJS or not', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/node_modules/greeter/package.json': '{ "name": "greeter", "main": "index.js" }',
      'layers/top/node_modules/greeter/index.js':
        "const { basename } = require('path');\nmodule.exports = () => 'greeted by ' + typeof __dirname + ' ' + basename('/a/b');",
      'layers/top/lib/greeting.ts': "import greet from 'greeter';\nexport const greeting: string = greet();",
    });
    await build();
    expect(dispatch(output).told.greeting).toBe('greeted by string b');
  });

  it('may be imported late, by its names, and is in a file of its own then', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/node_modules/greeter/package.json': '{ "name": "greeter", "main": "index.js" }',
      'layers/top/node_modules/greeter/index.js': "exports.greet = () => 'greeted late';",
      'layers/top/lib/greeting.ts':
        "export const greeting: Promise<string> = import('greeter').then(({ greet }) => greet());",
      'layers/top/reactive/top.ts':
        "import { greeting } from '../lib/greeting.ts';\nvoid greeting.then((text) => console.error(text));",
    });
    await build();
    expect(dispatch(output).stderr).toContain('greeted late');
    expect(readFileSync(join(output, 'charm.bundle.js'), 'utf8')).not.toContain('greeted late');
  });

  it('may be imported late and at once, a package in CommonJS among it', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/node_modules/greeter/package.json': '{ "name": "greeter", "main": "index.js" }',
      'layers/top/node_modules/greeter/index.js': "exports.greet = () => 'hello';",
      'layers/top/lib/a.ts': "export const a = 'at once';",
      'layers/top/lib/greeting.ts': `import greeter from 'greeter';
        import { a } from './a.ts';
        void Promise.all([import('./a.ts'), import('greeter')]).then(([late, { greet }]) => console.error(late.a, greet()));
        export const greeting: string = a + greeter.greet();`,
    });
    await build();
    const { told, stderr } = dispatch(output);
    expect([told.greeting, stderr]).toEqual(['at oncehello', 'at once hello\n']);
  });

  it('may be made into something of its own at once: starting processes is loaded when one is started', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/lib/greeting.ts': `import { execFile, execFileSync, spawn } from 'node:child_process';
        import { promisify } from 'node:util';
        const run = promisify(execFile);
        const isLoaded = (): boolean => process.moduleLoadList.some((name) => name === 'NativeModule child_process');
        const before = isLoaded();
        void run('echo', ['awaited']).then(({ stdout }) => console.error(stdout));
        const atOnce = execFileSync('echo', ['at once'], { encoding: 'utf8' });
        export const greeting: string = JSON.stringify([before, isLoaded(), atOnce, typeof spawn]);`,
    });
    await build();
    const { told, stderr } = dispatch(output);
    expect(JSON.parse(told.greeting)).toEqual([false, true, 'at once\n', 'function']);
    expect(stderr).toBe('awaited\n\n');
  });

  it('may await at the top level, which makes the charm an ES module', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/lib/greeting.ts': "export const greeting: string = await Promise.resolve('awaited');",
    });
    await build();
    expect(dispatch(output).told.greeting).toBe('awaited');
  });

  it('is compiled once: a second process takes over what V8 made of the code, and other code takes its place', async () => {
    const { output, build } = site();
    const caches = () => readdirSync(output).filter((name) => name.endsWith('.cache'));
    await build();
    expect(caches()).toEqual([]);
    dispatch(output, { FAIL: '1' });
    expect(caches()).toEqual([]);
    dispatch(output);
    const [cache = ''] = caches();
    expect(cache).toMatch(/^charm\.bundle\.[0-9a-f]{16}\.cache$/);
    writeFileSync(join(output, cache), 'no cache at all');
    expect(dispatch(output).status).toBe(0);
    writeFileSync(join(output, 'charm.bundle.0123456789abcdef.cache'), 'of other code');
    rmSync(join(output, cache));
    dispatch(output);
    expect(caches()).toEqual([cache]);
  });

  it('is an included interface by the package’s name for it', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/lib/greeting.ts':
        "import { RedisRequires } from 'charms-reactive/interfaces/redis/requires';\nexport const greeting: string = RedisRequires.name;",
    });
    await build();
    expect(dispatch(output).told.greeting).toBe('RedisRequires');
  });

  it('cannot be an interface that is not included', async () => {
    const { build } = site({
      ...CHARM,
      'layers/top/lib/greeting.ts': "export * from 'charms-reactive/interfaces/mysql/requires';",
    });
    await expect(build()).rejects.toThrow(/layer\.yaml does not include interface:mysql; add it/);
  });

  it('may call its own things require and __dirname', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/lib/greeting.ts':
        "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst __dirname = ' mine';\nexport const greeting: string = require('node:path').basename('/x/y') + __dirname;",
    });
    await build();
    expect(dispatch(output).told.greeting).toBe('y mine');
  });

  it('keeps the names of its functions and classes, whatever others are called', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/base/reactive/base.ts':
        'export function start() {}\nexport class Top {}\nexport default [start, Top];',
      'layers/top/lib/greeting.ts':
        "function start() {}\nclass Top {}\nexport const greeting: string = start.name + ' ' + Top.name;",
    });
    await build();
    expect(dispatch(output).told.greeting).toBe('start Top');
  });

  it('is the running framework, whatever copy lies beside the layer', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/node_modules/charms-reactive/package.json':
        '{ "name": "charms-reactive", "main": "index.js" }',
      'layers/top/node_modules/charms-reactive/index.js':
        'exports.when = () => { throw new Error("the wrong one"); };',
    });
    await build();
    expect(dispatch(output).told.seen).toEqual(['db.available greet']);
  });

  it('is compiled the same whatever the layer’s tsconfig.json says', async () => {
    const { output, build } = site({
      ...CHARM,
      'layers/top/tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
    });
    await build();
    expect(dispatch(output).told.seen).toEqual(['db.available greet']);
  });
});

test.each<[what: string, tree: Tree, kind: typeof BuildError | typeof MetadataError, error: string | RegExp]>(
  [
    [
      'code that does not parse',
      { 'layers/top/reactive/top.ts': 'export default\n  class {' },
      BuildError,
      /^cannot bundle "blog": ROOT\/layers\/top\/reactive\/top\.ts:2:10: /,
    ],
    [
      'an import that leads nowhere',
      { 'layers/top/lib/greeting.ts': "import './gone.ts';" },
      BuildError,
      'cannot bundle "blog": ROOT/layers/top/lib/greeting.ts:1:8: Could not resolve "./gone.ts"',
    ],
    [
      'a role without implementation',
      { 'layers/top/metadata.yaml': 'name: blog\nsummary: s\ndescription: d\npeers: {mates: redis}' },
      BuildError,
      'cannot build "blog": Missing implementation for interface role: peers.ts; endpoint "mates" needs it of "interface:redis"',
    ],
    [
      'no metadata.yaml',
      { 'layers/top/metadata.yaml': '', 'layers/top/layer.yaml': 'exclude: [metadata.yaml]' },
      BuildError,
      'cannot build "top": none of its layers has a metadata.yaml',
    ],
    [
      'metadata against Juju’s rules',
      { 'layers/base/metadata.yaml': 'provides: {juju-x: http}' },
      MetadataError,
      'cannot read "ROOT/layers/base/metadata.yaml + ROOT/layers/top/metadata.yaml": provides.juju-x: "juju-x" is a reserved endpoint name',
    ],
    [
      'config against Juju’s rules',
      { 'layers/base/config.yaml': 'options: {port: {type: int, default: x}}' },
      MetadataError,
      'cannot read "ROOT/layers/base/config.yaml": options.port.default: expected int, got "x"',
    ],
    [
      'a file of the builder’s own',
      { 'layers/base/dispatch': '#!/bin/sh' },
      BuildError,
      'cannot put "dispatch" of "layer:base" into the charm: the builder makes that file; rename or remove ROOT/layers/base/dispatch',
    ],
  ],
)('%s is refused, and nothing is written', async (_, tree, kind, error) => {
  const { folder, output, build } = site({ ...CHARM, ...tree });
  const failure: unknown = await build().catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(kind);
  const message = String(failure)
    .replace(/^\w+: /, '')
    .replaceAll(folder, 'ROOT');
  if (typeof error === 'string') expect(message).toContain(error);
  else expect(message).toMatch(error);
  expect(existsSync(output)).toBe(false);
});

test('an interface that no endpoint uses is left out with a warning', async () => {
  const { output, build } = site({
    ...CHARM,
    'layers/top/layer.yaml': 'includes: [layer:base, interface:redis, interface:http]\n',
    'interfaces/http/provides.ts': 'throw new Error("not to be loaded");',
  });
  const { warnings } = await build();
  expect(warnings).toEqual([
    '"interface:http" is included, and no endpoint in metadata.yaml uses the interface "http"',
  ]);
  expect(dispatch(output).told.interfaces).toHaveLength(1);
});

describe('the output folder', () => {
  it('may be an earlier build: what is gone is removed, what is not the builder’s stays', async () => {
    const { folder, output, build } = site({
      ...CHARM,
      'layers/top/docs/deep/old.md': 'old',
      'layers/top/was-file': '',
    });
    await build();
    writeFileSync(join(output, 'mine.txt'), 'mine');
    rmSync(join(folder, 'layers/top/docs'), { recursive: true });
    rmSync(join(folder, 'layers/top/was-file'));
    addToTree(folder, { 'layers/top/was-file/inside': 'x', 'layers/top/icon.svg': '<svg>new</svg>' });
    const { removed } = await build();
    expect(removed).toEqual(['docs/deep/old.md', 'was-file']);
    expect(existsSync(join(output, 'docs'))).toBe(false);
    const files = readTree(output);
    expect(files).toMatchObject({ 'mine.txt': 'mine', 'was-file/inside': 'x', 'icon.svg': '<svg>new</svg>' });
    expect(dispatch(output).told.greeting).toBe('hello');
  });

  it('may be empty', async () => {
    const { output, build } = site();
    mkdirSync(output, { recursive: true });
    await build();
    expect(lstatSync(join(output, 'bin/node')).isSymbolicLink()).toBe(true);
  });

  it('is left alone when it holds anything else', async () => {
    const { output, build } = site();
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'thesis.txt'), 'ten years of work');
    await expect(build()).rejects.toThrow(
      /cannot build into ".*new\)": it has files and no \.build\.manifest/,
    );
    writeFileSync(join(output, '.build.manifest'), 'no manifest');
    await expect(build()).rejects.toThrow(BuildError);
    expect(Object.keys(readTree(output))).toEqual(['.build.manifest', 'thesis.txt']);
  });

  it('is left alone when the build fails', async () => {
    const { folder, output, build } = site();
    await build();
    const before = hashTree(output);
    addToTree(folder, { 'layers/top/reactive/top.ts': 'export default {' });
    await expect(build()).rejects.toThrow(BuildError);
    expect(hashTree(output)).toEqual(before);
  });

  it('loses nothing outside it, whatever an earlier manifest says', async () => {
    const { folder, output, build } = site();
    await build();
    const outside = join(folder, 'build/precious.txt');
    writeFileSync(outside, 'precious');
    const manifest = {
      layers: [],
      signatures: { '../precious.txt': ['x', 'static', ''], 'a/../../precious.txt': ['x', 'static', ''] },
    };
    writeFileSync(join(output, '.build.manifest'), JSON.stringify(manifest));
    expect((await build()).removed).toEqual([]);
    expect(readFileSync(outside, 'utf8')).toBe('precious');
  });

  it('does not write through a link that took a file’s place', async () => {
    const { folder, output, build } = site();
    await build();
    const outside = join(folder, 'precious.txt');
    writeFileSync(outside, 'precious');
    rmSync(join(output, 'icon.svg'));
    symlinkSync(outside, join(output, 'icon.svg'));
    await build({ force: true });
    expect(readFileSync(outside, 'utf8')).toBe('precious');
    expect(readFileSync(join(output, 'icon.svg'), 'utf8')).toBe('<svg/>\n');
  });

  it('cannot have the layers in it', async () => {
    const { folder, build } = site();
    rmSync(join(folder, 'framework'), { recursive: true });
    writeFileSync(join(folder, 'layers/.build.manifest'), '{ "layers": [], "signatures": {} }');
    await expect(build({ output: join(folder, 'layers') })).rejects.toThrow(/"layer:base" lies in it/);
    await expect(build({ output: join(folder, 'layers/top/icon.svg') })).rejects.toThrow(/it is no folder/);
  });
});
