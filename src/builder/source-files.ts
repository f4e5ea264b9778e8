import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { matchPatterns } from './file-patterns.ts';
import type { Layer } from './layer.ts';

/** A file of a layer, as it lies there. */
export interface SourceFile {
  /** Relative to the layer's folder, with `/`. */
  readonly path: string;
  /** Where it is, absolute. */
  readonly source: string;
  readonly isExecutable: boolean;
  readonly layer: Layer;
}

/** What the reference never takes from a layer. */
const JUNK = [
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
  '/.build.manifest',
];

/** What belongs to developing a layer in TypeScript and not to a charm. */
const DEVELOPMENT = [
  '/dist',
  '/test',
  '/coverage',
  '/package.json',
  '/package-lock.json',
  '/tsconfig*.json',
  '*.tsbuildinfo',
  '.npmrc',
];

/**
 * The files of a layer that can go into a charm, in order of their paths: without junk, without what only development
 * needs (a layer takes such a file back in with `exclude: ['!dist']`), and without what its own `exclude` names.
 * Symbolic links are followed. `skip` is a folder left out wherever it lies (the folder the charm is built into).
 */
export function listSourceFiles(layer: Layer, skip?: string): readonly SourceFile[] {
  const isJunk = matchPatterns(JUNK);
  const isExcluded = matchPatterns([...DEVELOPMENT, ...(layer.file?.exclude ?? [])]);
  const isLeftOut = (path: string) => isJunk(path) || isExcluded(path);
  return [...walk({ layer, skip, above: [layer.folder] }, '')].filter(({ path }) => !isLeftOut(path));
}

interface Walk {
  readonly layer: Layer;
  readonly skip: string | undefined;
  /** The real paths of the folders on the way, to notice a link that leads back up. */
  readonly above: readonly string[];
}

function* walk(state: Walk, folder: string): Generator<SourceFile> {
  const { layer, skip, above } = state;
  for (const name of readdirSync(join(layer.folder, folder)).sort()) {
    // Too large to walk through only to leave them out.
    if (name === 'node_modules' || name === '.git') continue;
    const path = folder === '' ? name : `${folder}/${name}`;
    const source = join(layer.folder, path);
    const stat = statSync(source, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new BuildError(`cannot read "${source}" of "${layer.url}": the link leads nowhere; remove it`);
    }
    if (stat.isDirectory()) {
      const real = realpathSync(source);
      if (real === skip) continue;
      if (above.includes(real)) {
        throw new BuildError(
          `cannot read "${source}" of "${layer.url}": the link leads back up to "${real}"; remove it`,
        );
      }
      yield* walk({ layer, skip, above: [...above, real] }, path);
    } else if (stat.isFile()) {
      yield { path, source, isExecutable: (stat.mode & 0o111) !== 0, layer };
    }
  }
}
