import { matchPatterns } from './file-patterns.ts';
import type { Layer, LayerStack } from './layer.ts';
import { LOCK_FILE } from './lock-file.ts';
import { MANIFEST } from './manifest.ts';
import { DEVELOPMENT, type FoundFile, isNodeLayer, JUNK, listFiles } from './source-files.ts';

/** A file of a layer. */
export interface SourceFile extends FoundFile {
  readonly layer: Layer;
}

/** A file that an `ignore` or `exclude` left out of the charm. */
export interface DroppedFile {
  readonly file: SourceFile;
  /** The layer whose layer.yaml says so: that above the file's for `ignore`, the file's own for `exclude`. */
  readonly by: Layer;
  readonly rule: 'ignore' | 'exclude';
}

/** What the layers bring for one path of the charm. */
export interface PlannedPath {
  readonly path: string;
  /** The copies that count, lowest layer first; none where all were left out. */
  readonly copies: readonly SourceFile[];
  /** The dropped file that the lowest of these copies was put upon, or that is all there is. */
  readonly dropped?: DroppedFile;
  /** The place of the first layer that has the path, dropped there or not. */
  readonly firstPlace: number;
}

/** What the layers bring, by path, in the order in which the paths are first met; and the folders that have nothing in them. */
export interface PlannedPaths {
  readonly paths: ReadonlyMap<string, PlannedPath>;
  readonly emptyFolders: ReadonlySet<string>;
  /** All files of each layer, lowest layer first, that no rule of the builder's own leaves out. */
  readonly files: readonly (readonly SourceFile[])[];
}

/**
 * Collects the copies of each file, by the reference's rules.
 *
 * A layer's `ignore` reaches the layer right below it in the order, and takes with it what lower layers have at that
 * path; its `exclude` reaches its own files, and keeps a lower copy. `skip` is a folder that is no part of any layer.
 */
export function planPaths(stack: LayerStack, skip?: string): PlannedPaths {
  const paths = new Map<string, PlannedPath>();
  const emptyFolders = new Set<string>();
  const all: SourceFile[][] = [];
  for (const [place, layer] of stack.layers.entries()) {
    const above = stack.layers[place + 1];
    const isIgnored = matchPatterns([...JUNK, ...(above?.file?.ignore ?? [])]);
    const isExcluded = matchPatterns(ownPatterns(layer));
    const isKept = matchPatterns([...JUNK, ...developmentPatterns(layer)]);
    const tree = listFiles({ folder: layer.folder, owner: layer.url }, skip);
    const files = tree.files.filter(({ path }) => !isBuilders(path)).map((file) => ({ ...file, layer }));
    all.push(files.filter(({ path }) => !isKept(path)));
    for (const file of files) {
      const { path } = file;
      const lower = paths.get(path);
      const firstPlace = lower?.firstPlace ?? place;
      if (isIgnored(path)) {
        const dropped: DroppedFile = { file, by: above ?? layer, rule: 'ignore' };
        paths.set(path, { path, copies: [], dropped, firstPlace });
      } else if (!isExcluded(path)) {
        paths.set(path, { ...lower, path, copies: [...(lower?.copies ?? []), file], firstPlace });
      } else if (lower === undefined) {
        paths.set(path, { path, copies: [], dropped: { file, by: layer, rule: 'exclude' }, firstPlace });
      }
    }
    for (const path of tree.emptyFolders) {
      if (!isIgnored(path) && !isExcluded(path)) emptyFolders.add(path);
    }
  }
  return { paths, emptyFolders, files: all };
}

function ownPatterns(layer: Layer): readonly string[] {
  return [...JUNK, ...developmentPatterns(layer), ...(layer.file?.exclude ?? [])];
}

/** A layer takes such a file back in with `exclude: ['!dist']`. */
function developmentPatterns(layer: Layer): readonly string[] {
  return isNodeLayer(layer.folder) ? DEVELOPMENT : [];
}

/** What a build writes and no layer brings. */
function isBuilders(path: string): boolean {
  return path === MANIFEST || path === LOCK_FILE;
}
