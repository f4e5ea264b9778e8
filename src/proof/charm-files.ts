import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A charm's files, in a folder or not yet written. Paths are relative to the charm, with `/`. */
export interface CharmFiles {
  /** All files, sorted. */
  readonly paths: readonly string[];
  has(file: string): boolean;
  hasFolder(folder: string): boolean;
  /** Undefined where there is no such file. */
  read(file: string): Uint8Array | undefined;
  isExecutable(file: string): boolean;
}

/** A file that is not written yet, as the builder makes it. */
export interface MadeFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly isExecutable: boolean;
}

/** The files of a charm that lies in a folder; links are followed, and what leads nowhere is not there. */
export function readCharmFolder(folder: string): CharmFiles {
  const paths: string[] = [];
  const folders = new Set<string>();
  const walk = (below: string, above: readonly string[]): void => {
    for (const name of readdirSync(path.join(folder, below)).sort()) {
      if (UNREAD.includes(name)) continue;
      const file = below === '' ? name : `${below}/${name}`;
      const stats = statSync(path.join(folder, file), { throwIfNoEntry: false });
      if (stats?.isFile()) paths.push(file);
      const place = stats && `${stats.dev}:${stats.ino}`;
      // A link may lead back up.
      if (!stats?.isDirectory() || place === undefined || above.includes(place)) continue;
      folders.add(file);
      walk(file, [...above, place]);
    }
  };
  walk('', []);
  const known = new Set(paths);
  return {
    paths,
    has: (file) => known.has(file),
    hasFolder: (name) => folders.has(name),
    read: (file) => (known.has(file) ? readFileSync(path.join(folder, file)) : undefined),
    isExecutable: (file) =>
      known.has(file) && (statSync(path.join(folder, file)).mode & OWNER_MAY_EXECUTE) !== 0,
  };
}

/** The files of a charm that is made and not written. */
export function holdCharmFiles(files: readonly MadeFile[], emptyFolders: readonly string[] = []): CharmFiles {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const paths = [...byPath.keys()].sort();
  return {
    paths,
    has: (file) => byPath.has(file),
    hasFolder: (name) => emptyFolders.includes(name) || paths.some((file) => file.startsWith(`${name}/`)),
    read: (file) => byPath.get(file)?.content,
    isExecutable: (file) => byPath.get(file)?.isExecutable ?? false,
  };
}

/** A file as text; undefined where there is none. Bytes that are no UTF-8 become marks. */
export function readText(files: CharmFiles, file: string): string | undefined {
  const content = files.read(file);
  return content && new TextDecoder().decode(content);
}

/** Large, and no part of what a charm says about itself. */
const UNREAD = ['.git', 'node_modules', '.venv'];

const OWNER_MAY_EXECUTE = 0o100;
