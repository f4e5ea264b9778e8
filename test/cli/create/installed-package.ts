import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Installs this package into a folder as npm would from a registry: what `npm pack` takes, built of the sources of now,
 * beside all that is installed here.
 */
export function installOwnPackage(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  const own = join(CHECKOUT, 'node_modules');
  for (const name of readdirSync(own)) symlinkSync(join(own, name), join(modules, name));
  const run = (program: string, ...words: string[]) =>
    execFileSync(program, words, { cwd: CHECKOUT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  // Built as it is installed, and not in the checkout, where others may run what is built.
  const [packed] = JSON.parse(run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  run('tar', '-xzf', join(folder, packed.filename), '-C', folder);
  renameSync(join(folder, 'package'), join(modules, 'charms-reactive'));
  const compiler = join(own, 'typescript', 'bin', 'tsc');
  const dist = join(modules, 'charms-reactive', 'dist');
  run(process.execPath, compiler, '-p', 'tsconfig.build.json', '--outDir', dist);
}
