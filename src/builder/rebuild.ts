import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { hashContent, MANIFEST, UNCHECKED } from './manifest.ts';
import { type EarlierBuild, entryAt } from './output-folder.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** What a build changes of an earlier one; paths, sorted. */
export interface BuildChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What somebody did to the files of an earlier build and this one would undo: one line for each file that was modified or
 * deleted after it was built, or added where this build has another file.
 *
 * A file that was added elsewhere is no conflict, unlike in the reference: a charm that ran in its folder leaves some.
 */
export function findConflicts(
  folder: string,
  earlier: EarlierBuild,
  files: readonly Pick<ComposedFile, 'path' | 'content'>[],
): readonly string[] {
  const signed = [...earlier]
    .filter(([, hash]) => hash !== UNCHECKED)
    .flatMap(([path, hash]) => {
      const now = hashFile(join(folder, path));
      return now === hash ? [] : [`${now === undefined ? 'deleted' : 'modified'} ${path}`];
    });
  const added = files
    .filter(({ path }) => path !== MANIFEST && !earlier.has(path))
    .filter(({ path, content }) => {
      const now = hashFile(join(folder, path));
      return now !== undefined && now !== hashContent(content);
    })
    .map(({ path }) => `added ${path}`);
  return [...signed, ...added].sort();
}

/** Refuses to build over such conflicts. */
export function refuseConflicts(folder: string, conflicts: readonly string[]): void {
  if (conflicts.length === 0) return;
  const lines = conflicts.map((line) => `  ${line}`);
  throw new BuildError(
    [
      `cannot build into "${folder}": files in it were changed after they were built; build with --force to lose that:`,
      ...lines,
    ].join('\n'),
  );
}

/** What a build changed. `removed` is what it removed. */
export function findChanges(
  earlier: EarlierBuild,
  files: readonly Pick<ComposedFile, 'path' | 'content'>[],
  removed: readonly string[],
): BuildChanges {
  const others = files.filter(({ path }) => path !== MANIFEST);
  const isChanged = ({ path, content }: Pick<ComposedFile, 'path' | 'content'>): boolean =>
    earlier.get(path) !== UNCHECKED && earlier.get(path) !== hashContent(content);
  const sorted = (paths: readonly Pick<ComposedFile, 'path'>[]) => paths.map(({ path }) => path).sort();
  return {
    added: sorted(others.filter(({ path }) => !earlier.has(path))),
    changed: sorted(others.filter((file) => earlier.has(file.path) && isChanged(file))),
    removed: [...removed].sort(),
  };
}

/** The hash of a file's content; a word for what is no file, and so was put in its place; undefined where there is nothing. */
function hashFile(path: string): string | undefined {
  const stat = entryAt(path);
  if (stat === undefined) return undefined;
  return stat.isFile() ? hashContent(readFileSync(path)) : 'no file';
}
