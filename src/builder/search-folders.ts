import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: the one with `layers/` and `interfaces/`, above `src/` or `dist/`. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Folders in which included layers and interfaces are looked for, the first that has one wins. */
export interface SearchFolders {
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
}

/**
 * Where includes are looked for when nothing else is said: the environment's CHARM_LAYERS_DIR and CHARM_INTERFACES_DIR
 * (several with `:` between them), then with `charm`, a charm's folder, the `layers/` and `interfaces/` beside the folder
 * it lies in, then those that come with this package. Absolute paths; they need not exist.
 */
export function defaultSearchFolders(
  charm?: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): SearchFolders {
  const around = charm === undefined ? [] : [dirname(dirname(resolve(charm)))];
  const below = (name: string) => [...around, PACKAGE_FOLDER].map((folder) => join(folder, name));
  return {
    layers: unique([...listed(environment.CHARM_LAYERS_DIR), ...below('layers')]),
    interfaces: unique([...listed(environment.CHARM_INTERFACES_DIR), ...below('interfaces')]),
  };
}

/**
 * Where what is fetched from git is kept: the environment's CHARM_CACHE_DIR, else `charms-reactive` among the user's caches
 * (XDG_CACHE_HOME, else `~/.cache`).
 */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>> = {}): string {
  const { CHARM_CACHE_DIR: given, XDG_CACHE_HOME: caches } = environment;
  return resolve(given || join(caches || join(homedir(), '.cache'), 'charms-reactive'));
}

function listed(folders: string | undefined): readonly string[] {
  return (folders ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));
}

function unique(folders: readonly string[]): readonly string[] {
  return [...new Set(folders)];
}
