import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBase } from '../../src/builder/base.ts';
import { buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { readEntries } from '../../src/builder/charm-archive.ts';
import { readContents } from '../../src/builder/charm-contents.ts';
import { classifyFolder } from '../../src/builder/charm-folder.ts';
import { type PackOptions, packCharm } from '../../src/builder/pack.ts';
import { addToTree, type Tree, writeTree } from './charm-tree.ts';

const METADATA = 'name: blog\nsummary: s\ndescription: d\n';

const LAYERS: Tree = {
  'framework/index.ts': 'export const main = console.log;\n',
  'framework/charm/command/main.ts': 'export const main = console.log;\n',
  'layers/base/reactive/base.ts': 'export const base = 1;\n',
  'layers/base/templates/site.conf': 'site\n',
  'layers/top/layer.yaml': 'includes: [layer:base, interface:http]\n',
  'layers/top/metadata.yaml': `${METADATA}provides: {site: http}\n`,
  'layers/top/actions/backup!': '#!/bin/sh\n',
  'interfaces/http/interface.yaml': 'name: http\n',
  'interfaces/http/provides.ts': 'export const http = 1;\n',
};

/** Builds a charm of two layers that runs on the machine's own Node. */
async function build(tree: Tree = {}): Promise<string> {
  const folder = writeTree({ ...LAYERS, ...tree });
  const { output } = await buildCharm({
    charm: join(folder, 'layers/top'),
    output: join(folder, 'built'),
    layersPath: [join(folder, 'layers')],
    interfacesPath: [join(folder, 'interfaces')],
    frameworkEntry: join(folder, 'framework/index.ts'),
    runtime: 'system',
    architecture: 'arm64',
  });
  return output;
}

function pack(folder: string, options: Partial<PackOptions> = {}) {
  return packCharm({
    folder,
    into: join(folder, '..', 'packed'),
    base: readBase('ubuntu@24.04'),
    ...options,
  });
}

/** What is in a packed charm, in its order: path, mode in octal, and the content of short files. */
async function readPacked(file: string) {
  const entries: { path: string; kind: string; mode: string; content: string }[] = [];
  for await (const { path, kind, mode, open } of readEntries(file)) {
    entries.push({ path, kind, mode: mode.toString(8), content: await text(await open()) });
  }
  return entries;
}

describe('a packed charm', () => {
  it('is called by the charm’s name, the base and the architecture that it was built for', async () => {
    const { file, size, warnings } = await pack(await build());
    expect(file).toMatch(/\/packed\/blog_ubuntu@24\.04-arm64\.charm$/);
    expect(size).toBe(readFileSync(file).length);
    expect(warnings).toEqual([]);
  });

  it('has the charm’s files, sorted, and 0755 on what is to be run', async () => {
    const { file } = await pack(await build());
    const entries = await readPacked(file);
    expect(entries.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '644 .build.manifest',
      '755 actions/backup',
      '644 better_sqlite3.node',
      '755 bin/charms.reactive',
      '755 bin/charms.reactive.sh',
      '755 bin/node',
      '644 charm.bundle.js',
      '644 charm.bundle.js.map',
      '644 charm.command.bundle.js',
      '644 charm.command.bundle.js.map',
      '644 charm.command.js',
      '755 charm.js',
      '755 dispatch',
      '644 layer.yaml',
      '644 manifest.yaml',
      '644 metadata.yaml',
      '644 package.json',
      '644 templates/site.conf',
    ]);
  });

  it('passes the linters: dispatch ends in the plain path of an executable file', async () => {
    const { file } = await pack(await build());
    const entries = await readPacked(file);
    const dispatch = entries.find(({ path }) => path === 'dispatch')?.content ?? '';
    expect(dispatch).toMatch(/\nexec \.\/bin\/node --no-maglev --min-semi-space-size=4 \.\/charm\.js\n$/);
    expect(entries.find(({ path }) => path === 'charm.js')?.mode).toBe('755');
  });

  it('says in manifest.yaml where it runs', async () => {
    const { file } = await pack(await build(), { base: readBase('ubuntu@22.04') });
    const manifest = (await readPacked(file)).find(({ path }) => path === 'manifest.yaml');
    expect(parse(manifest?.content ?? '')).toEqual({
      bases: [{ name: 'ubuntu', channel: '22.04', architectures: ['arm64'] }],
    });
    expect(file).toContain('blog_ubuntu@22.04-arm64.charm');
  });

  it('is the same byte for byte, whenever and wherever it was built, whoever may read the files', async () => {
    const [one, other] = [await build(), await build()];
    chmodSync(join(other, 'metadata.yaml'), 0o600);
    chmodSync(join(other, 'dispatch'), 0o700);
    utimesSync(join(other, 'metadata.yaml'), 1e9, 1e9);
    const [first, second] = [await pack(one), await pack(other)];
    expect(readFileSync(second.file).equals(readFileSync(first.file))).toBe(true);
  });

  it('keeps links within the charm and empty folders', async () => {
    const folder = await build();
    symlinkSync('../dispatch', join(folder, 'actions/link'));
    mkdirSync(join(folder, 'empty/deep'), { recursive: true });
    const entries = await readPacked((await pack(folder)).file);
    expect(entries).toContainEqual({
      path: 'actions/link',
      kind: 'link',
      mode: '777',
      content: '../dispatch',
    });
    expect(entries).toContainEqual({ path: 'empty/deep/', kind: 'folder', mode: '755', content: '' });
  });

  it('leaves out what tools and a running unit left behind, and warns of what else was added', async () => {
    const folder = await build();
    addToTree(folder, {
      '.git/config': '',
      'old.charm': '',
      'metadata.yaml~': '',
      '.unit-state.db': '',
      '.unit-state.unread': '',
      'charm.bundle.0123456789abcdef.cache': '',
      'notes.txt': '',
    });
    const { file, warnings } = await pack(folder);
    const paths = (await readPacked(file)).map(({ path }) => path);
    expect(paths.filter((path) => /git|old|~|unit-state|cache|notes/.test(path))).toEqual(['notes.txt']);
    expect(warnings).toEqual(['notes.txt is packed too, which was added after the build']);
  });

  it('has the manifest.yaml of its packing, whatever a layer says', async () => {
    const { file, warnings } = await pack(await build({ 'layers/top/manifest.yaml': 'bases: []\n' }));
    const manifests = (await readPacked(file)).filter(({ path }) => path === 'manifest.yaml');
    expect(manifests.map(({ content }) => parse(content).bases.length)).toEqual([1]);
    expect(warnings).toEqual([
      'manifest.yaml of the charm gives way to the one with the base it is packed for',
    ]);
  });

  it('may be any charm with a metadata.yaml, dispatch executable or not', async () => {
    const folder = writeTree({ 'charm/metadata.yaml': METADATA, 'charm/dispatch': '#!/bin/sh\n' });
    const { file } = await pack(join(folder, 'charm'), { architecture: 'amd64' });
    expect(file).toMatch(/blog_ubuntu@24\.04-amd64\.charm$/);
    expect((await readPacked(file)).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '755 dispatch',
      '644 manifest.yaml',
      '644 metadata.yaml',
    ]);
  });
});

describe('packing is refused, and leaves no file', () => {
  it.each<[what: string, change: (folder: string) => void, options: Partial<PackOptions>, error: string]>([
    [
      'another architecture',
      () => undefined,
      { architecture: 'amd64' },
      'is for arm64; build it with --arch amd64',
    ],
    ['no metadata.yaml', (folder) => rmSync(join(folder, 'metadata.yaml')), {}, 'it has no metadata.yaml'],
    [
      'a link to this machine’s Node',
      (folder) => {
        rmSync(join(folder, 'bin/node'));
        symlinkSync(process.execPath, join(folder, 'bin/node'));
      },
      {},
      'build it with --runtime bundled, or system',
    ],
    [
      'a link out of the charm',
      (folder) => symlinkSync('../../secret', join(folder, 'actions/away')),
      {},
      'the symbolic link "actions/away" leads out of the charm, to "../../secret"',
    ],
  ])('for %s', async (_, change, options, error) => {
    const folder = await build();
    change(folder);
    const packing = pack(folder, options);
    await expect(packing).rejects.toThrow(BuildError);
    await expect(packing).rejects.toThrow(error);
    expect(existsSync(join(folder, '../packed/blog_ubuntu@24.04-arm64.charm'))).toBe(false);
  });

  it.each(['ubuntu', '24.04', 'Ubuntu@24.04', 'ubuntu@noble', '../x@1'])('for the base "%s"', (base) => {
    expect(() => readBase(base)).toThrow(`cannot pack for "${base}"`);
  });
});

describe('what is in a charm', () => {
  it('is told file by file, with its layer and what became of it, packed or not', async () => {
    const folder = await build();
    addToTree(folder, { 'notes.txt': '', 'templates/site.conf': 'changed\n' });
    rmSync(join(folder, 'layer.yaml'));
    const { file } = await pack(folder);
    const packed = await readContents(file);
    expect(packed).toMatchObject({
      name: 'blog',
      layers: ['blog', 'layer:base', 'interface:http'],
      missing: ['layer.yaml'],
    });
    expect(packed.files.map(({ path, owner, state }) => `${path} ${owner} ${state}`)).toEqual([
      '.build.manifest build built',
      'actions/backup blog built',
      'better_sqlite3.node build built',
      'bin/charms.reactive build built',
      'bin/charms.reactive.sh build built',
      'bin/node build built',
      'charm.bundle.js build built',
      'charm.bundle.js.map build built',
      'charm.command.bundle.js build built',
      'charm.command.bundle.js.map build built',
      'charm.command.js build built',
      'charm.js build built',
      'dispatch build built',
      'manifest.yaml build built',
      'metadata.yaml blog built',
      'notes.txt undefined added',
      'package.json build built',
      'templates/site.conf layer:base changed',
    ]);
    const unpacked = await readContents(folder);
    expect(unpacked).toEqual({
      ...packed,
      files: packed.files.filter(({ path }) => path !== 'manifest.yaml'),
    });
  });

  it('is told without layers where nothing says which they are', async () => {
    const folder = writeTree({ 'metadata.yaml': METADATA, 'dispatch!': '#!/bin/sh\n' });
    expect(await readContents(folder)).toMatchObject({
      layers: [],
      files: [
        { path: 'dispatch', owner: undefined, state: 'built', isExecutable: true },
        { path: 'metadata.yaml', isExecutable: false },
      ],
      missing: [],
    });
  });

  it('cannot be told of what is no charm', async () => {
    const folder = writeTree({ 'text.charm': 'no zip', 'empty/x': '' });
    await expect(readContents(join(folder, 'text.charm'))).rejects.toThrow(
      /^cannot inspect ".*text\.charm": /,
    );
    await expect(readContents(join(folder, 'empty'))).rejects.toThrow('it has no metadata.yaml');
    await expect(readContents(join(folder, 'gone'))).rejects.toThrow('there is no such file or folder');
  });
});

it('a folder is a layer until it is built', async () => {
  const folder = await build();
  expect(classifyFolder(folder)).toBe('charm');
  expect(classifyFolder(join(folder, '../layers/top'))).toBe('layer');
  writeFileSync(join(folder, '../framework/metadata.yaml'), METADATA);
  expect(classifyFolder(join(folder, '../framework'))).toBe('charm');
  expect(() => classifyFolder(join(folder, '..'))).toThrow('neither a metadata.yaml nor a layer.yaml');
  expect(() => classifyFolder(join(folder, 'gone'))).toThrow('there is no such folder');
});
