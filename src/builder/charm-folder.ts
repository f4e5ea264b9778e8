import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { type FileOrigins, readFileOrigins } from './file-origins.ts';
import { matchPatterns } from './file-patterns.ts';
import { MANIFEST } from './manifest.ts';
import { JUNK } from './source-files.ts';

/** A file of a charm that lies in a folder. */
export interface CharmFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly isExecutable: boolean;
  /** Where it leads, for a symbolic link. */
  readonly target?: string;
}

/** What is in a charm's folder. */
export interface CharmFolder {
  /** In order of their paths, byte by byte. */
  readonly files: readonly CharmFile[];
  readonly emptyFolders: readonly string[];
  /** What its `.build.manifest` says; undefined where it has none. */
  readonly origins: FileOrigins | undefined;
}

/** What no charm is to have in it: what tools leave behind, and what a unit that ran in the folder kept of its life. */
const LEFTOVERS: readonly string[] = [
  ...JUNK,
  '/.unit-state.*',
  '/.juju-persistent-config',
  '/charm.*.cache',
];

/** What a folder is: a charm as Juju runs it, or a layer to build one from. Throws `BuildError` for any other. */
export function classifyFolder(folder: string): 'charm' | 'layer' {
  const has = (name: string) => existsSync(join(folder, name));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BuildError(`cannot read the charm at "${folder}": there is no such folder`);
  }
  if (has(MANIFEST) || has('dispatch')) return 'charm';
  if (has('layer.yaml')) return 'layer';
  if (has('metadata.yaml')) return 'charm';
  throw new BuildError(
    `cannot read the charm at "${folder}": it has neither a metadata.yaml nor a layer.yaml`,
  );
}

/** Lists a charm's folder, without leftovers that the build does not answer for. */
export function readCharmFolder(folder: string): CharmFolder {
  const manifest = join(folder, MANIFEST);
  const origins = existsSync(manifest) ? readFileOrigins(readFileSync(manifest, 'utf8')) : undefined;
  const isLeftover = matchPatterns(LEFTOVERS);
  const listing: Listing = { files: [], emptyFolders: [] };
  walk({
    folder,
    isSkipped: (path) => isLeftover(path) && !origins?.signatures.has(path),
    listing,
  });
  const sorted = listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: sorted, emptyFolders: listing.emptyFolders.sort(), origins };
}

interface Listing {
  readonly files: CharmFile[];
  readonly emptyFolders: string[];
}

interface Walk {
  readonly folder: string;
  readonly isSkipped: (path: string) => boolean;
  readonly listing: Listing;
}

function walk(state: Walk, below = ''): void {
  const { folder, isSkipped, listing } = state;
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  if (entries.length === 0 && below !== '') listing.emptyFolders.push(below);
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const place = join(folder, path);
    if (isSkipped(path)) continue;
    if (entry.isDirectory()) walk(state, path);
    else if (entry.isSymbolicLink()) {
      listing.files.push({ path, isExecutable: false, target: readlinkSync(place) });
    } else if (entry.isFile()) {
      listing.files.push({ path, isExecutable: (statSync(place).mode & 0o111) !== 0 });
    }
  }
}
