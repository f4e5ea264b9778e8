import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = path.join(ROOT, 'src/cli/main.ts');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-proof-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function reactive(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, lines: stdout.split('\n').slice(0, -1) };
}

/** A charm in no language, whose metadata.yaml is given. */
function writeCharm(name: string, metadata: string): void {
  mkdirSync(path.join(folder, name, 'hooks'), { recursive: true });
  writeFileSync(path.join(folder, name, 'metadata.yaml'), metadata);
}

function writeLayer(): void {
  mkdirSync(path.join(folder, 'blog/reactive'), { recursive: true });
  writeFileSync(path.join(folder, 'blog/layer.yaml'), 'includes: [layer:basic]\n');
  writeFileSync(
    path.join(folder, 'blog/metadata.yaml'),
    'name: blog\ndisplay-name: Blog\nsummary: A blog\ndescription: A blog\nmaintainer: A <a@b.c>\ntags: [a]\nprovides: {site: {interface: http}}\n',
  );
  for (const file of ['copyright', 'icon.svg', 'README.md'])
    writeFileSync(path.join(folder, 'blog', file), 'x\n');
  writeFileSync(path.join(folder, 'blog/config.yaml'), 'options: {}\n');
  writeFileSync(
    path.join(folder, 'blog/reactive/blog.ts'),
    `import { Layer, hook, when } from 'charms-reactive';

export default class Blog extends Layer {
  @hook('install', 'site-relation-joined')
  install(): void {
    this.unit.flags.set('blog.ready');
  }

  @when('blog.raedy')
  start(): void {
    this.unit.flags.clear('blog.ready');
  }
}
`,
  );
}

test('proof prints a line for each finding and exits as the reference, with 200 where something will not work', () => {
  writeCharm('web', 'name: web\n');
  const bad = reactive('proof', 'web');
  expect(bad.lines.slice(0, 3)).toEqual([
    'E: Missing required metadata field (summary)',
    'I: `display-name` not provided, add for custom naming in the UI',
    'E: Charm must have either a maintainer or maintainers field',
  ]);
  expect([bad.status, bad.stderr]).toEqual([200, '']);
  for (const file of ['copyright', 'README']) writeFileSync(path.join(folder, 'web', file), 'x\n');
  writeCharm('web', 'name: web\nsummary: s\ndescription: d\nmaintainer: A <a@b.c>\ntags: [a]\n');
  const good = reactive('proof', 'web');
  expect(good.lines.every((line) => line.startsWith('I: '))).toBe(true);
  expect(good.status).toBe(0);
});

test('proof refuses what is no charm, in the reference’s words', () => {
  expect(reactive('proof')).toMatchObject({
    status: 200,
    stdout: 'FATAL: No bundle.yaml (Bundle) or metadata.yaml (Charm) found, cannot proof\n',
  });
  expect(reactive('proof', 'missing')).toMatchObject({
    status: 200,
    stdout: `Unable to read from ${path.join(folder, 'missing')}\n`,
  });
});

test('proof tells of a layer what it tells of the charm built out of it, build --proof the same, and graph draws it', () => {
  writeLayer();
  const found =
    'W: flag "blog.raedy" is never set, and blog.start waits for it; did you mean "blog.ready"? (layers/blog/reactive/blog.ts:9)';
  const unheard = 'I: flag "blog.ready" is set, and nobody waits for it (layers/blog/reactive/blog.ts:6)';
  const ofLayer = reactive('proof', 'blog');
  expect([ofLayer.lines, ofLayer.status, ofLayer.stderr]).toEqual([[found, unheard], 100, '']);
  const built = reactive('build', 'blog', '-o', 'out/blog', '--runtime', 'link', '--proof');
  expect(built.lines.slice(-2)).toEqual([`proof: ${found}`, `proof: ${unheard}`]);
  expect(built.status).toBe(100);
  const json = JSON.parse(reactive('proof', 'out/blog', '--format', 'json').stdout);
  expect(json).toMatchObject({
    exitCode: 100,
    findings: [
      {
        level: 'W',
        check: 'flag-never-set',
        file: 'layers/blog/reactive/blog.ts',
        line: 9,
        key: 'blog.raedy',
      },
      { level: 'I', check: 'flag-never-waited-for' },
    ],
  });
  seeGraph('out/blog');
});

/** The graph of the same charm, as Mermaid, DOT and SVG, all of it and what is near. */
function seeGraph(charm: string): void {
  const mermaid = reactive('graph', charm);
  expect([mermaid.status, mermaid.stderr, mermaid.lines[0]]).toEqual([0, '', 'flowchart LR']);
  expect(mermaid.stdout).toContain('subgraph g0["layer:blog"]');
  const near = reactive('graph', charm, '--flag', 'blog.raedy', '--format', 'dot');
  expect(near.lines[0]).toBe('digraph charm {');
  expect(near.stdout).toContain('"flag blog.raedy" -> "handler blog.start"');
  expect(near.stdout).not.toContain('site-relation-joined');
  expect(reactive('graph', charm, '-o', 'graph.svg')).toMatchObject({ status: 0, stdout: '' });
  const svg = readFileSync(path.join(folder, 'graph.svg'), 'utf8');
  expect(svg).toContain('</svg>');
  expect(svg).toContain('>blog.ready</text>');
  expect(reactive('graph', charm, '--handler', 'nobody')).toMatchObject({
    status: 1,
    stderr: 'ERROR cannot show the handler "nobody": there is none; there are blog.install, blog.start\n',
  });
}

test('proof tells why a layer cannot be built, and looks at what can be put together all the same', () => {
  writeLayer();
  writeFileSync(path.join(folder, 'blog/reactive/blog.ts'), "import './nowhere.ts';\n");
  const broken = reactive('proof', 'blog');
  expect(broken.lines).toEqual([expect.stringMatching(/^E: cannot bundle "blog": .*blog\.ts:1:\d+: /)]);
  expect(broken.status).toBe(200);
});
