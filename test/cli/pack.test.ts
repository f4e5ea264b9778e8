import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addBuildCommand } from '../../src/cli/commands/build.ts';
import { addInspectCommand } from '../../src/cli/commands/inspect.ts';
import { addPackCommand } from '../../src/cli/commands/pack.ts';
import { addUnpackCommand } from '../../src/cli/commands/unpack.ts';
import { addToTree } from '../builder/charm-tree.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
  addToTree(folder, {
    'blog/layer.yaml': 'includes: [layer:options]\n',
    'blog/metadata.yaml': 'name: blog\nsummary: A blog\ndescription: A blog\n',
    'blog/reactive/blog.ts':
      "import { defineLayer } from 'charms-reactive';\nexport default defineLayer('blog', []);\n",
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a command has printed, and the error that it ended with; its folder is called FOLDER. */
interface Ended {
  readonly output: string;
  readonly failure: string;
}

/** Runs a command here, in the process of the test. Words that begin with `./` are paths in the test's folder. */
async function reactive(...words: readonly string[]): Promise<Ended> {
  const printed: string[] = [];
  const print = (text: unknown): boolean => printed.push(String(text)) > 0;
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line) => void print(`${line}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation(print),
  ];
  const program = new Command();
  for (const add of [addBuildCommand, addPackCommand, addUnpackCommand, addInspectCommand]) add(program);
  const absolute = words.map((word) => (word.startsWith('./') ? path.join(folder, word) : word));
  let failure = '';
  try {
    await program.parseAsync(absolute, { from: 'user' });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const name = (text: string) => text.replaceAll(`${folder}/`, './');
  return { output: name(printed.join('')), failure: name(failure) };
}

test('a layer is built and packed, twice the same in any time zone, and no trace of it is left', () => {
  const pack = (environment: Readonly<Record<string, string>>, ...words: readonly string[]) =>
    spawnSync(
      process.execPath,
      [MAIN, 'pack', 'blog', '--runtime', 'system', '--arch', 'arm64', '--base', 'ubuntu@22.04', ...words],
      { cwd: folder, env: { ...process.env, ...environment }, encoding: 'utf8' },
    );
  const there = pack({ TZ: 'Pacific/Auckland' }, '-o', 'there');
  const here = pack({ TZ: 'America/Anchorage', TMPDIR: folder });
  expect(there.stderr + here.stderr).toBe('');
  expect(there.stdout).toMatch(
    /^Processing layer:options\nProcessing blog\nBundling blog\nPacked there\/blog_.*\.charm \(\d\.\d MB\)\n$/,
  );
  const name = 'blog_ubuntu@22.04-arm64.charm';
  const [first, second] = [path.join(folder, 'there', name), path.join(folder, name)];
  expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['blog', name, 'there']);
});

test('a packed charm is inspected and unpacked, each file with its layer', async () => {
  await reactive('pack', './blog', '--runtime', 'system', '--arch', 'amd64', '-o', './packed');
  const file = './packed/blog_ubuntu@24.04-amd64.charm';
  const unpacked = await reactive('unpack', file, './out/blog');
  expect(statSync(path.join(folder, 'out/blog/dispatch')).mode & 0o777).toBe(0o755);
  expect(readdirSync(path.join(folder, 'out'))).toEqual(['blog']);
  const inspected = await reactive('inspect', file, '-r');
  expect(inspected.output).toBe(unpacked.output.replace('\n./out/blog\n', `\n${file}\n`));
  expect(inspected.output).toBe(
    [
      'Inspect blog',
      '# blog',
      '# layer:options',
      '',
      file,
      '├── .build.manifest (build artifact)',
      '├── README.md (from layer:options)',
      '├── better_sqlite3.node (build artifact)',
      '├── bin/',
      '│   ├── charms.reactive (build artifact)',
      '│   ├── charms.reactive.sh (build artifact)',
      '│   ├── layer_option (from layer:options)',
      '│   └── node (build artifact)',
      ...['charm.bundle.1', 'charm.bundle'].flatMap(bundle),
      ...['charm.command.bundle.1', 'charm.command.bundle.2'].flatMap(bundle),
      ...bundle('charm.command.bundle'),
      '├── charm.command.js (build artifact)',
      '├── charm.js (build artifact)',
      '├── dispatch (build artifact)',
      '├── layer.yaml (from blog)',
      '├── manifest.yaml (build artifact)',
      '├── metadata.yaml (from blog)',
      '├── package.json (build artifact)',
      '└── programs/',
      '    ├── layer-option.js (build artifact)',
      '    └── layer-option.js.map (build artifact)',
      '',
    ].join('\n'),
  );
});

test('inspecting a folder shows what was changed, added and lost, in the layers’ colours where wanted', async () => {
  addToTree(folder, {
    'charm/metadata.yaml': 'name: blog\nsummary: A blog\ndescription: A blog\n',
    'charm/added': '',
    'charm/.build.manifest': JSON.stringify({
      layers: [{ url: 'layer:base' }, { url: 'blog' }],
      signatures: { 'metadata.yaml': ['layer:base', 'static', 'other'], gone: ['blog', 'static', ''] },
    }),
  });
  const { output } = await reactive('layers', './charm', '-c', '-a');
  expect(output).toBe(
    [
      'Inspect blog',
      '\u001b[32m# blog\u001b[39m',
      '\u001b[34m# layer:base\u001b[39m',
      '',
      './charm',
      '├── .build.manifest+',
      '├── added+',
      '└── \u001b[34mmetadata.yaml*\u001b[39m (from layer:base)',
      '',
      'missing: gone',
      '',
    ].join('\n'),
  );
});

test.each<[what: string, words: readonly string[], failure: string]>([
  ['pack of nothing', ['pack', './gone'], 'cannot read the charm at "./gone": there is no such folder'],
  ['pack for no base', ['pack', './blog', '--base', 'x'], 'cannot pack for "x"'],
  ['pack for no architecture', ['pack', './blog', '--arch', 'x86'], 'cannot build for "x86"'],
  ['pack with no Node', ['pack', './blog', '--runtime', 'nod'], 'cannot use "nod" as the charm\'s Node'],
  ['pack with a link', ['pack', './blog', '--runtime', 'link', '-o', './out'], 'cannot pack'],
  ['build with no Node', ['build', './blog', '--runtime', 'nod'], 'cannot use "nod" as the charm\'s Node'],
  ['unpack of nothing', ['unpack', './x.charm'], 'cannot unpack "./x.charm": there is no such file'],
  ['unpack of no zip', ['unpack', './blog/layer.yaml', './out'], 'cannot unpack "./blog/layer.yaml"'],
  [
    'unpack over files',
    ['unpack', './blog/layer.yaml', './blog'],
    'cannot unpack into "./blog": it is there',
  ],
  ['inspect of a layer’s file', ['inspect', './blog/layer.yaml'], 'cannot inspect "./blog/layer.yaml"'],
])('%s is refused, and leaves nothing behind', async (_, words, failure) => {
  const ended = await reactive(...words);
  expect(ended.failure).toContain(failure);
  expect(readdirSync(folder)).toEqual(['blog']);
});

test('a charm that is built keeps the Node that it was built with', async () => {
  await reactive('build', './blog', '-o', './built', '--runtime', 'system', '--arch', 'amd64');
  const refused = await reactive('pack', './built', '--runtime', 'bundled');
  expect(refused.failure).toContain('or build it with --runtime bundled');
  const { output } = await reactive('pack', './built', '-o', './packed');
  expect(output).toMatch(/^Packed .*blog_ubuntu@24\.04-amd64\.charm \(/);
  expect(existsSync(path.join(folder, 'packed/blog_ubuntu@24.04-amd64.charm'))).toBe(true);
});

/** What is told of a bundle and its source map. */
function bundle(name: string): string[] {
  return [`├── ${name}.js (build artifact)`, `├── ${name}.js.map (build artifact)`];
}
