import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { BuildError } from './build-error.ts';
import { MANIFEST, readSignedPaths } from './manifest.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/**
 * The paths of the earlier build in a folder; none where the folder is missing or empty. Throws `BuildError` where it
 * holds anything else, so that nothing of anybody's is ever overwritten.
 */
export function readEarlierBuild(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) {
    throw new BuildError(`cannot build into "${folder}": it is no folder; give another`);
  }
  if (readdirSync(folder).length === 0) return [];
  const manifest = join(folder, MANIFEST);
  const paths = existsSync(manifest) ? readSignedPaths(readFileSync(manifest, 'utf8')) : undefined;
  if (paths === undefined) {
    throw new BuildError(
      `cannot build into "${folder}": it has files and no ${MANIFEST}, so it is no earlier build; remove it or give another folder`,
    );
  }
  return paths.filter((path) => !normalize(path).startsWith('..') && !path.startsWith('/'));
}

/**
 * Writes a charm: files and symbolic links (path → target). What the earlier build had and this one has not is removed, with the
 * folders left empty; files of neither stay. Returns the removed paths.
 */
export function writeOutput(charm: {
  readonly folder: string;
  readonly files: readonly Pick<ComposedFile, 'path' | 'content' | 'isExecutable'>[];
  readonly links: Readonly<Record<string, string>>;
  readonly earlier: readonly string[];
}): readonly string[] {
  const { folder, files, links, earlier } = charm;
  const kept = new Set([...files.map(({ path }) => path), ...Object.keys(links)]);
  const removed = earlier.filter((path) => !kept.has(path) && existsSync(join(folder, path)));
  for (const path of removed) removeFile(folder, path);
  for (const { path, content, isExecutable } of files) {
    const target = freshPath(folder, path);
    writeFileSync(target, content);
    chmodSync(target, isExecutable ? 0o755 : 0o644);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, freshPath(folder, path));
  return removed;
}

function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  for (let above = dirname(path); above !== '.' && above !== sep; above = dirname(above)) {
    if (readdirSync(join(folder, above)).length > 0) return;
    rmdirSync(join(folder, above));
  }
}

/** Makes way for a file: a new one rather than new content, since a running hook may have the old one open. */
function freshPath(folder: string, path: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  return target;
}
