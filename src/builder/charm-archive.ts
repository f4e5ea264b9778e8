import { createWriteStream } from 'node:fs';
import { mkdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { BuildError } from './build-error.ts';

/** The kind of a file, in its mode. */
const KIND_BITS = 0o170000;
const LINK_KIND = 0o120000;

/** What made an entry, where it is Unix, and so has a mode. */
const MADE_BY_UNIX = 3;

/** A file or a folder in a packed charm. */
export interface ArchiveEntry {
  /** Relative to the charm, with `/`; that of a folder ends in one. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'folder';
  /** Who may do what with it; 0 where the archive was not made on Unix. */
  readonly mode: number;
  /** What is in the file; where the link leads. */
  open(): Promise<Readable>;
}

/**
 * Unpacks a packed charm into a folder that is empty, with the modes and the symbolic links of its files. Throws for what is
 * no zip, and where an entry or a link leads out of the folder; what was unpacked by then is left for the caller to remove.
 */
export async function unpackCharm(file: string, folder: string): Promise<void> {
  try {
    const links: Link[] = [];
    for await (const entry of readEntries(file)) await unpackEntry(folder, entry, links);
    // Links come last, so that no file is ever written through one.
    for (const link of links) await makeLink(folder, link);
    for (const { path } of links) await refuseWayOut(folder, path);
  } catch (error) {
    throw new BuildError(
      `cannot unpack "${file}": ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** What is in a packed charm, in its own order; each entry is to be read before the next is asked for. Throws for no zip. */
export async function* readEntries(file: string): AsyncGenerator<ArchiveEntry> {
  const archive = await openPromise(file);
  for await (const entry of archive.eachEntry()) {
    const mode = modeOf(entry);
    yield {
      path: entry.fileName,
      kind: entry.fileName.endsWith('/') ? 'folder' : (mode & KIND_BITS) === LINK_KIND ? 'link' : 'file',
      mode: mode & 0o777,
      open: () => archive.openReadStreamPromise(entry),
    };
  }
}

interface Link {
  readonly path: string;
  readonly target: string;
}

async function unpackEntry(folder: string, entry: ArchiveEntry, links: Link[]): Promise<void> {
  const { path, kind, mode } = entry;
  if (kind === 'folder') await mkdir(join(folder, path), { recursive: true });
  else if (kind === 'link') links.push({ path, target: await text(await entry.open()) });
  else await writeContent(join(folder, path), await entry.open(), mode);
}

/** 0 where the archive was not made on Unix. */
function modeOf(entry: Entry): number {
  return entry.versionMadeBy >> 8 === MADE_BY_UNIX ? entry.externalFileAttributes >>> 16 : 0;
}

async function writeContent(file: string, content: Readable, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // The model copies it, and so must be able to read it.
  await pipeline(content, createWriteStream(file, { mode: mode === 0 ? 0o644 : mode | 0o600, flags: 'wx' }));
}

async function makeLink(folder: string, { path, target }: Link): Promise<void> {
  const place = normalize(join(dirname(path), target));
  if (isAbsolute(target) || place === '..' || place.startsWith(`..${sep}`)) {
    throw new Error(`symbolic link "${path}" leads out of the charm, to "${target}"`);
  }
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await symlink(target, join(folder, path));
}

/** A link that goes through other links may lead elsewhere than its text says. */
async function refuseWayOut(folder: string, path: string): Promise<void> {
  const root = await realpath(folder);
  const parent = await realpath(dirname(join(folder, path)));
  let end: string;
  try {
    end = await realpath(join(folder, path));
  } catch {
    // It leads nowhere, as links to what a hook makes do.
    return;
  }
  if ([parent, end].every((place) => place === root || place.startsWith(root + sep))) return;
  throw new Error(
    `symbolic link "${path}" leads out of the charm, to "${await readlink(join(folder, path))}"`,
  );
}
