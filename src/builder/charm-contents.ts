import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseMetadata } from '../metadata/charm-metadata.ts';
import { BuildError } from './build-error.ts';
import { readEntries } from './charm-archive.ts';
import { type CharmFile, readCharmFolder } from './charm-folder.ts';
import { type FileOrigins, readFileOrigins } from './file-origins.ts';
import { MANIFEST, UNCHECKED } from './manifest.ts';
import { BASES_FILE } from './pack.ts';

/** A file of a charm, and where it is from. */
export interface ContentFile extends CharmFile {
  /** The url of the layer it is from, `build` for what was made of several or none; undefined where nothing says. */
  readonly owner: string | undefined;
  /** Whether it is as it was built: `added` for what was not there then. */
  readonly state: 'built' | 'changed' | 'added';
}

/** What is in a charm. */
export interface CharmContents {
  readonly name: string;
  /** The urls of its layers, from the charm's own down, then of its interfaces; empty where it has no `.build.manifest`. */
  readonly layers: readonly string[];
  /** In order of their paths. */
  readonly files: readonly ContentFile[];
  /** Paths of files that were built and are gone. */
  readonly missing: readonly string[];
}

/** A file as it was found. */
interface FoundFile extends CharmFile {
  readonly hash: string;
}

interface Findings {
  readonly files: readonly FoundFile[];
  readonly origins: FileOrigins | undefined;
  readonly metadata: string | undefined;
}

/**
 * Reads what is in a charm, a folder or a packed one, and compares it with what its build says. Throws `BuildError` where it
 * is neither.
 */
export async function readContents(place: string): Promise<CharmContents> {
  const path = resolve(place);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new BuildError(`cannot inspect "${place}": there is no such file or folder`);
  const { files, origins, metadata } = stat.isDirectory() ? await readFolder(path) : await readPacked(path);
  if (metadata === undefined) throw new BuildError(`cannot inspect "${place}": it has no metadata.yaml`);
  const found = new Set(files.map((file) => file.path));
  return {
    name: nameIn(metadata) ?? basename(path),
    layers: origins === undefined ? [] : fromCharmDown(origins.layers),
    files: files.map(({ hash, ...file }) => ({ ...file, ...compare(file.path, hash, origins) })),
    missing: [...(origins?.signatures.keys() ?? [])].filter((one) => !found.has(one)).sort(),
  };
}

async function readFolder(folder: string): Promise<Findings> {
  const { files, origins } = readCharmFolder(folder);
  const found: FoundFile[] = [];
  for (const file of files) {
    const hash = file.target ?? (await hashOf(createReadStream(join(folder, file.path))));
    found.push({ ...file, hash });
  }
  const metadata = join(folder, 'metadata.yaml');
  return {
    files: found,
    origins,
    metadata: existsSync(metadata) ? await text(createReadStream(metadata)) : undefined,
  };
}

async function readPacked(file: string): Promise<Findings> {
  const files: FoundFile[] = [];
  const texts = new Map<string, string>();
  try {
    for await (const { path, kind, mode, open } of readEntries(file)) {
      if (kind === 'folder') continue;
      if (path === MANIFEST || path === 'metadata.yaml') texts.set(path, await text(await open()));
      if (kind === 'link') {
        const target = await text(await open());
        files.push({ path, isExecutable: false, target, hash: target });
      } else files.push({ path, isExecutable: (mode & 0o111) !== 0, hash: await hashOf(await open()) });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BuildError(`cannot inspect "${file}": ${reason}`, { cause: error });
  }
  const origins = readFileOrigins(texts.get(MANIFEST) ?? '');
  const sorted = files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: sorted, origins, metadata: texts.get('metadata.yaml') };
}

async function hashOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(content, hash);
  return hash.digest('hex');
}

/** Undefined for what Juju would refuse: its files can be looked at all the same. */
function nameIn(metadata: string): string | undefined {
  try {
    return parseMetadata(metadata, 'metadata.yaml').name;
  } catch {
    return undefined;
  }
}

function fromCharmDown(layers: readonly string[]): readonly string[] {
  const isInterface = (url: string) => url.startsWith('interface:');
  return [...layers.filter((url) => !isInterface(url)).reverse(), ...layers.filter(isInterface)];
}

function compare(
  path: string,
  hash: string,
  origins: FileOrigins | undefined,
): Pick<ContentFile, 'owner' | 'state'> {
  if (origins === undefined) return { owner: undefined, state: 'built' };
  const signature = origins.signatures.get(path);
  // Packing makes it, after the build.
  if (path === BASES_FILE && signature === undefined) return { owner: 'build', state: 'built' };
  if (signature === undefined) return { owner: undefined, state: 'added' };
  const isSame = signature.hash === UNCHECKED || signature.hash === hash;
  return { owner: signature.owner, state: isSame ? 'built' : 'changed' };
}
