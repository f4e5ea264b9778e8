import { createWriteStream } from 'node:fs';
import { mkdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { CommandFailure } from './command-failure.ts';
import { messageOf } from './output.ts';

/** The kind of a file, in its mode. */
const KIND_BITS = 0o170000;
const LINK_KIND = 0o120000;

/** What made an entry, where it is Unix, and so has a mode. */
const MADE_BY_UNIX = 3;

/**
 * Unpacks a packed charm into a folder that is empty, with the modes and the symbolic links of its files. Throws for what is
 * no zip, and where an entry or a link leads out of the folder; what was unpacked by then is left for the caller to remove.
 */
export async function unpackCharm(file: string, folder: string): Promise<void> {
  try {
    const archive = await openPromise(file);
    const links = await unpackFiles(archive, folder);
    // Links come last, so that no file is ever written through one.
    for (const link of links) await makeLink(folder, link);
    for (const { path } of links) await refuseWayOut(folder, path);
  } catch (error) {
    throw new CommandFailure(`cannot unpack "${file}": ${messageOf(error)}`);
  }
}

interface Link {
  readonly path: string;
  readonly target: string;
}

async function unpackFiles(archive: ZipFile, folder: string): Promise<Link[]> {
  const links: Link[] = [];
  for await (const entry of archive.eachEntry()) {
    const path = entry.fileName;
    const mode = modeOf(entry);
    if (path.endsWith('/')) {
      await mkdir(join(folder, path), { recursive: true });
      continue;
    }
    const content = await archive.openReadStreamPromise(entry);
    if ((mode & KIND_BITS) === LINK_KIND) {
      links.push({ path, target: await text(content) });
    } else {
      await writeContent(join(folder, path), content, mode & 0o777);
    }
  }
  return links;
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
