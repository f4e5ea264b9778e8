import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PACKAGE_FOLDER } from '../../builder/search-folders.ts';

/**
 * What a package.json in `from` says of charms-reactive, so that npm brings the one that runs now: a version where it was
 * installed from a registry, the repository or the file where it was installed from that, else the path of its folder.
 */
export function findFrameworkSource(from: string, own = PACKAGE_FOLDER): string {
  const modules = dirname(own);
  if (basename(modules) !== 'node_modules') return toPath(from, own);
  const resolved = readResolved(modules, basename(own));
  if (resolved?.startsWith('git')) return resolved;
  if (resolved?.startsWith('file:')) {
    return toPath(from, resolve(dirname(modules), resolved.slice('file:'.length)));
  }
  return `^${readPackage(own).version}`;
}

/** The versions that this package itself is developed with. */
export function readDevelopmentVersions(): Readonly<Record<string, string>> {
  return readPackage(PACKAGE_FOLDER).devDependencies;
}

function toPath(from: string, to: string): string {
  return `file:${relative(from, to).replaceAll(sep, '/')}`;
}

interface OwnPackage {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function readPackage(folder: string): OwnPackage {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Where npm has a package from; undefined where something else than npm has installed it. */
function readResolved(modules: string, name: string): string | undefined {
  const file = join(modules, '.package-lock.json');
  if (!existsSync(file)) return undefined;
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return packages?.[`node_modules/${name}`]?.resolved;
}
