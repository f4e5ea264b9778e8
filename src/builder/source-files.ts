import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';

/** A file in a layer's or an interface's folder, as it lies there. */
export interface FoundFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Where it is, absolute. */
  readonly source: string;
  readonly isExecutable: boolean;
}

/** What is in a folder: its files, and the folders within it that have nothing in them. */
export interface FoundTree {
  readonly files: readonly FoundFile[];
  readonly emptyFolders: readonly string[];
}

/** What the reference never takes from a layer or an interface, as patterns. */
export const JUNK: readonly string[] = [
  '.bzr',
  '.git',
  '**/.ropeproject',
  '*.pyc',
  '*~',
  '.tox',
  '*.swp',
  '.pull-source-rev',
  '*.charm',
  'build.lock',
];

/** What belongs to developing a layer in TypeScript and not to a charm, as patterns. */
export const DEVELOPMENT: readonly string[] = [
  'node_modules',
  '/dist',
  '/test',
  '/coverage',
  '/.charms',
  '/package.json',
  '/package-lock.json',
  '/tsconfig*.json',
  '/vitest.config.*',
  '*.tsbuildinfo',
  '.npmrc',
];

/** Whether a layer is developed with npm or has code of ours, so that what development leaves in its folder is known. */
export function isNodeLayer(folder: string): boolean {
  if (existsSync(join(folder, 'package.json'))) return true;
  const reactive = join(folder, 'reactive');
  const isFolder = statSync(reactive, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder && readdirSync(reactive).some((name) => /\.[cm]?[jt]s$/.test(name));
}

/**
 * What is in a folder, in order of the paths. Symbolic links are followed. `skip` is a folder left out wherever it lies (the
 * folder the charm is built into); `owner` is what errors name. Throws `BuildError` for a link that leads nowhere or back up.
 */
export function listFiles(
  root: { readonly folder: string; readonly owner: string },
  skip?: string,
): FoundTree {
  const tree = { files: [], emptyFolders: [] };
  // Large, and of no use in a charm.
  const unread = isNodeLayer(root.folder) ? ['.git', 'node_modules', '.charms'] : ['.git'];
  walk({ ...root, skip, unread, tree, above: [root.folder] }, '');
  return tree;
}

interface Walk {
  readonly folder: string;
  readonly owner: string;
  readonly skip: string | undefined;
  readonly unread: readonly string[];
  readonly tree: { readonly files: FoundFile[]; readonly emptyFolders: string[] };
  /** The real paths of the folders on the way, to notice a link that leads back up. */
  readonly above: readonly string[];
}

function walk(state: Walk, below: string): void {
  const { folder, owner, skip, unread, tree, above } = state;
  const names = readdirSync(join(folder, below)).sort();
  if (names.length === 0 && below !== '') tree.emptyFolders.push(below);
  for (const name of names) {
    if (unread.includes(name)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const source = join(folder, path);
    const stat = statSync(source, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new BuildError(`cannot read "${source}" of "${owner}": the link leads nowhere; remove it`);
    }
    if (stat.isDirectory()) {
      const real = realpathSync(source);
      if (real === skip) continue;
      if (above.includes(real)) {
        throw new BuildError(
          `cannot read "${source}" of "${owner}": the link leads back up to "${real}"; remove it`,
        );
      }
      walk({ ...state, above: [...above, real] }, path);
    } else if (stat.isFile()) {
      tree.files.push({ path, source, isExecutable: (stat.mode & 0o111) !== 0 });
    }
  }
}
