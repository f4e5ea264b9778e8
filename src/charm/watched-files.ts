import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WatchedFile } from '../handlers/condition.ts';
import type { UnitData } from '../store/unit-store.ts';

/** Where the reference keeps the hash of each file it watches, one for all who watch it. */
export const FILE_PREFIX = 'reactive.files_changed.';

/** Which files, and how they are compared. */
export interface FileWatch {
  readonly files: readonly WatchedFile[];
  /** The name of a hash that the runtime knows. */
  readonly hash: string;
  /** What relative paths are relative to. */
  readonly charmDir: string;
  readonly store: UnitData;
}

/** The hash of each file as it is now, by path; null for one that is not there. */
export function hashFiles({ files, hash, charmDir }: FileWatch): Record<string, string | null> {
  const names = files.flatMap((file) => (typeof file === 'function' ? file() : file));
  const hashes: Record<string, string | null> = Object.create(null);
  for (const name of names) hashes[name] = hashFile(path.resolve(charmDir, name), hash);
  return hashes;
}

/**
 * Whether one of the files is not as it was the last time this was asked, and remembers how they are.
 *
 * @throws Error when a file is there but cannot be read, or the runtime has no such hash.
 */
export function anyFileChanged(watch: FileWatch): boolean {
  const hashes = Object.entries(hashFiles(watch));
  const changed = hashes.filter(([name, hash]) => watch.store.get(FILE_PREFIX + name) !== hash);
  for (const [name, hash] of changed) watch.store.set(FILE_PREFIX + name, hash);
  return changed.length > 0;
}

/** What was remembered of a file by `anyFileChanged`, or by a Python charm before an upgrade. */
export function rememberedHash(store: UnitData, name: string): string | null {
  const hash = store.get(FILE_PREFIX + name);
  return typeof hash === 'string' ? hash : null;
}

function hashFile(file: string, hash: string): string | null {
  try {
    return createHash(hash).update(readFileSync(file)).digest('hex');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot watch the file "${file}": ${reason}`, { cause: error });
  }
}
