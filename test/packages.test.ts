import { readFileSync } from 'node:fs';
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
