import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { rcompare, satisfies } from 'semver';
import { BuildError } from './build-error.ts';
import { useIncluded } from './included-modules.ts';
import { findCopy, findRange, type InstalledCopy } from './installed-packages.ts';
import type { InterfaceLayer, Layer, LayerStack } from './layer.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';

/** The npm packages that layers import, name → folder of the one copy that goes into the charm. */
export type ChosenPackages = ReadonlyMap<string, string>;

type Owner = Pick<Layer | InterfaceLayer, 'url' | 'folder'>;

/** A layer that imports a package. */
interface User {
  readonly url: string;
  /** What its package.json asks for; undefined where it has none, or says nothing of versions. */
  readonly range: string | undefined;
  /** The copy that its own imports would find. */
  readonly own: InstalledCopy | undefined;
}

/**
 * Settles for each npm package that layers or interfaces import on one version for all of them: of the copies that are
 * installed beside any of them, the newest that does for what each one's package.json asks for. Packages that packages import
 * are npm's own matter.
 *
 * Throws `BuildError` where no copy does for all, naming who needs what; says where a layer that asks for nothing gets another
 * version than it has.
 */
export async function choosePackages(search: {
  readonly stack: LayerStack;
  /** The modules that the charm starts from: absolute paths. */
  readonly modules: readonly string[];
  readonly onWarning: (warning: string) => void;
}): Promise<ChosenPackages> {
  const { stack, modules, onWarning } = search;
  // The charm's own layer first, then those below it.
  const owners: readonly Owner[] = [...stack.layers.toReversed(), ...stack.interfaces];
  const uses = await findUses(stack, owners, modules);
  const chosen = new Map<string, string>();
  for (const [name, importers] of [...uses].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const users = owners
      .filter((owner) => importers.has(owner))
      .map(({ url, folder }) => ({ url, range: findRange(name, folder), own: findCopy(name, folder) }));
    const copy = chooseCopy({ charm: stack.charm, name, users, copies: findCopies(name, owners), onWarning });
    if (copy !== undefined) chosen.set(name, copy.folder);
  }
  return chosen;
}

/** Lets bundles take the chosen copies, for imports in the layers' own files. */
export function useChosen(packages: ChosenPackages, stack: LayerStack): Plugin {
  const owners = [...stack.layers, ...stack.interfaces];
  return {
    name: 'chosen-packages',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) => {
        const folder = packages.get(packageOf(path));
        if (folder === undefined || pluginData === packages || ownerOf(importer, owners) === undefined) {
          return undefined;
        }
        // The folder that the copy's node_modules is in.
        const above = folder.slice(0, folder.lastIndexOf(`${sep}node_modules${sep}`));
        return resolve(path, { kind, importer, resolveDir: above, pluginData: packages });
      });
    },
  };
}

/** Which layers and interfaces import which packages. An import of a type alone is none. */
async function findUses(
  stack: LayerStack,
  owners: readonly Owner[],
  modules: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<Owner>>> {
  const uses = new Map<string, Set<Owner>>();
  const record: Plugin = {
    name: 'record-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
        const name = packageOf(path);
        const owner = ownerOf(importer, owners);
        if (owner !== undefined && !isBuiltin(path) && name !== 'charms-reactive') {
          uses.set(name, (uses.get(name) ?? new Set()).add(owner));
        }
        return { path, external: true };
      });
    },
  };
  await build({
    entryPoints: [...modules],
    outdir: PACKAGE_FOLDER,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: {},
    plugins: [useIncluded(stack), record],
  }).catch(() => {
    // What is wrong with the code comes out when it is bundled, and is said there.
  });
  return uses;
}

function ownerOf(importer: string, owners: readonly Owner[]): Owner | undefined {
  return owners
    .filter(({ folder }) => importer.startsWith(folder + sep))
    .filter(({ folder }) => !importer.slice(folder.length).includes(`${sep}node_modules${sep}`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** `@redis/client/dist/x` is of `@redis/client`. */
function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

function chooseCopy(choice: {
  readonly charm: string;
  readonly name: string;
  readonly users: readonly User[];
  readonly copies: readonly InstalledCopy[];
  readonly onWarning: (warning: string) => void;
}): InstalledCopy | undefined {
  const { charm, name, users, copies, onWarning } = choice;
  const ranges = users.flatMap(({ range }) => (range === undefined ? [] : [range]));
  // Without a word of anybody's the bundler looks for it, and says where it is missing.
  if (copies.length === 0 && ranges.length === 0) return undefined;
  const fitting = copies
    .filter(({ version }) => ranges.every((range) => satisfies(version, range, { includePrerelease: true })))
    .sort((a, b) => rcompare(a.version, b.version));
  const [copy] = fitting;
  if (copy === undefined) throw new BuildError(describeConflict({ charm, name, users, copies }));
  for (const { url, range, own } of users) {
    if (range !== undefined || own === undefined || own.version === copy.version) continue;
    onWarning(
      `"${url}" has "${name}" ${own.version} and gets ${copy.version}, the one for all layers; say in its package.json which it needs`,
    );
  }
  return copy;
}

function describeConflict(conflict: {
  readonly charm: string;
  readonly name: string;
  readonly users: readonly User[];
  readonly copies: readonly InstalledCopy[];
}): string {
  const { charm, name, users, copies } = conflict;
  const needs = users.map(({ url, range }) => `  ${url} needs ${range ?? 'any'}`);
  const found = copies.map(({ folder, version }) => `  ${version} is in ${folder}`);
  const headline =
    copies.length === 0
      ? `the npm package "${name}" is not installed`
      : `its layers need one version of the npm package "${name}", and none that is installed does for all`;
  return [
    `cannot bundle "${charm}": ${headline}; make the layers agree, and "npm install" it beside the charm:`,
    ...needs,
    ...found,
  ].join('\n');
}

/** Every copy that a layer's import could find, and the one that comes with this package; each once. */
function findCopies(name: string, owners: readonly Owner[]): readonly InstalledCopy[] {
  const places = [...owners.map(({ folder }) => folder), PACKAGE_FOLDER];
  const copies = places.flatMap((folder) => findCopy(name, folder) ?? []);
  const real = copies.map(({ folder }) => realpathSync(folder));
  return copies.filter((_, index) => real.indexOf(real[index] ?? '') === index);
}
