import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { BuildError } from './build-error.ts';
import { MANIFEST, readSignatures } from './manifest.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** What is signed in a folder that was built into before: path → hash. */
export type EarlierBuild = ReadonlyMap<string, string>;

/**
 * The earlier build in a folder; undefined where the folder is missing or empty. Throws `BuildError` where it holds anything
 * else, so that nothing of anybody's is ever overwritten.
 */
export function readEarlierBuild(folder: string): EarlierBuild | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) {
    throw new BuildError(`cannot build into "${folder}": it is no folder; give another`);
  }
  if (readdirSync(folder).length === 0) return undefined;
  const manifest = join(folder, MANIFEST);
  const signed = existsSync(manifest) ? readSignatures(readFileSync(manifest, 'utf8')) : undefined;
  if (signed === undefined) {
    throw new BuildError(
      `cannot build into "${folder}": it has files and no ${MANIFEST}, so it is no earlier build; remove it or give another folder`,
    );
  }
  return new Map([...signed].filter(([path]) => !normalize(path).startsWith('..') && !path.startsWith('/')));
}

/**
 * Writes a charm: files, symbolic links (path → target), and folders that have nothing in them. What the earlier build had and
 * this one has not is removed, with the folders left empty; files of neither stay. Returns the removed paths.
 */
export function writeOutput(charm: {
  readonly folder: string;
  readonly files: readonly Pick<ComposedFile, 'path' | 'content' | 'isExecutable'>[];
  readonly links: Readonly<Record<string, string>>;
  readonly emptyFolders: readonly string[];
  readonly earlier: EarlierBuild | undefined;
}): readonly string[] {
  const { folder, files, links, emptyFolders, earlier } = charm;
  const kept = new Set([...files.map(({ path }) => path), ...Object.keys(links)]);
  const gone = [...(earlier?.keys() ?? [])].filter((path) => !kept.has(path));
  const removed = gone.filter((path) => entryAt(join(folder, path)) !== undefined);
  for (const path of removed) removeFile(folder, path);
  for (const { path, content, isExecutable } of files) {
    const target = freshPath(folder, path);
    writeFileSync(target, content);
    chmodSync(target, isExecutable ? 0o755 : 0o644);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, freshPath(folder, path));
  for (const path of emptyFolders) mkdirSync(join(folder, path), { recursive: true });
  return removed;
}

/** What is at a path, links not followed; undefined where there is nothing, or a file where a folder would have to be. */
export function entryAt(path: string): Stats | undefined {
  return existsSync(dirname(path)) && statSync(dirname(path)).isDirectory()
    ? lstatSync(path, { throwIfNoEntry: false })
    : undefined;
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
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) rmSync(target);
  return target;
}
