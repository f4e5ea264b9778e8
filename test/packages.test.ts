import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly gypfile?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test('npm ci compiles nothing: better-sqlite3 brings its addons', () => {
  // Without this npm sees a binding.gyp and calls node-gyp, which wants Python and a compiler.
  expect(lock.packages['node_modules/better-sqlite3']?.gypfile).toBe(false);
  expect(manifest.allowScripts).toEqual({ node: true, esbuild: true, 'better-sqlite3': false });
});

test('the runtime is pinned', () => {
  expect(manifest.devDependencies.node).toMatch(/^24\.\d+\.\d+$/);
});

test("the lock has every platform's packages, so that npm ci works on all of them", () => {
  const missing = Object.values(lock.packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !(`node_modules/${name}` in lock.packages));
  expect(missing).toEqual([]);
});

test('B42: a charm needs nothing of Python: no dependency brings any, and a hook runs where there is none', async () => {
  const hook = `
    import { defineLayer, handler, runHook, whenNot } from ${JSON.stringify(source('index.ts'))};
    import { MemoryTools, readMetadata } from ${JSON.stringify(source('testing.ts'))};
    const layer = defineLayer('web', [handler(whenNot('a'), ({ flags }) => flags.set('a'))]);
    const metadata = readMetadata({ name: 'web', summary: 's', description: 'd' }, 'metadata.yaml');
    const charm = { metadata, layers: [{ name: 'web', file: 'web.ts', exports: { layer } }] };
    const environment = { JUJU_UNIT_NAME: 'web/0', JUJU_HOOK_NAME: 'install', JUJU_CHARM_DIR: process.cwd() };
    const { runs } = await runHook(charm, { environment, tools: new MemoryTools({ unit: 'web/0' }) });
    console.log(runs.length);
  `;
  const folder = mkdtempSync(path.join(tmpdir(), 'no-python-'));
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', hook], {
    cwd: folder,
    env: { PATH: '/nowhere' },
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  expect([run.stderr, run.stdout]).toEqual(['', '1\n']);
});

function source(file: string): string {
  return fileURLToPath(new URL(`../src/${file}`, import.meta.url));
}
