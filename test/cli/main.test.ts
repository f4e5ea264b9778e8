import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reactive(...parameters: string[]) {
  return spawnSync(process.execPath, [MAIN, ...parameters], { cwd: folder, encoding: 'utf8' });
}

function writeLayer(metadata: string): void {
  mkdirSync(path.join(folder, 'blog/reactive'), { recursive: true });
  writeFileSync(path.join(folder, 'blog/layer.yaml'), 'includes: [layer:basic]\n');
  writeFileSync(path.join(folder, 'blog/metadata.yaml'), metadata);
  writeFileSync(
    path.join(folder, 'blog/reactive/blog.ts'),
    "import { defineLayer } from 'charms-reactive';\nexport default defineLayer('blog', []);\n",
  );
}

test('--help tells what each command is for, and exits with 0', () => {
  const { status, stdout } = reactive('--help');
  expect(status).toBe(0);
  for (const command of ['create', 'build', 'demo'])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test('an unknown command is named, with the way to help, and exits with 1', () => {
  const { status, stderr } = reactive('bild');
  expect(status).toBe(1);
  expect(stderr).toContain("unknown command 'bild'");
  expect(stderr).toContain('reactive --help');
});

test('build composes a layer with the layers that come with the package', () => {
  writeLayer('name: blog\nsummary: A blog\ndescription: A blog\n');
  const { status, stdout, stderr } = reactive('build', 'blog', '-o', 'out');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('Processing layer:basic');
  expect(stdout).toMatch(/Built .*blog/);
  for (const file of ['dispatch', 'charm.js', 'metadata.yaml', 'bin/node']) {
    expect(existsSync(path.join(folder, 'out', file)), file).toBe(true);
  }
});

test('build --quiet prints nothing when all is well', () => {
  writeLayer('name: blog\nsummary: A blog\ndescription: A blog\n');
  const { stdout, stderr } = reactive('build', 'blog', '--quiet');
  expect([stdout, stderr]).toEqual(['', '']);
  expect(existsSync(path.join(folder, '.charms/blog/dispatch'))).toBe(true);
});

test('a charm file that breaks a rule is refused with its name, the key and the reason, without a stack', () => {
  writeLayer('name: blog\nsummary: A blog\ndescription: A blog\nrequires: {juju-db: redis}\n');
  const { status, stderr } = reactive('build', 'blog');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ERROR .*metadata\.yaml.*requires\.juju-db.*reserved/s);
  expect(stderr).not.toContain('    at ');
});
