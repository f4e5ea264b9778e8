import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { parseMetadata } from '../metadata/charm-metadata.ts';
import { type Architecture, architectureOf, ownArchitecture } from './architecture.ts';
import { type Base, writeBases } from './base.ts';
import { BuildError } from './build-error.ts';
import { NATIVE_ADDON } from './charm-entry.ts';
import { type CharmFile, type CharmFolder, readCharmFolder } from './charm-folder.ts';
import { NODE_PATH } from './runtime.ts';

/** What to pack, and where the file goes. */
export interface PackOptions {
  /** The folder of a charm as it is to run: a built one. */
  readonly folder: string;
  /** The folder that the `.charm` goes to; made where it is missing. */
  readonly into: string;
  readonly base: Base;
  /** What it is to run on: if not given, what the Node in it is for, else this machine's. */
  readonly architecture?: Architecture;
}

/** A packed charm. */
export interface PackResult {
  /** Its file, absolute: `NAME_BASE-ARCHITECTURE.charm`. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly warnings: readonly string[];
}

/** Where Juju reads which bases a charm is for. */
export const BASES_FILE = 'manifest.yaml';

/** Every file's time, so that packing twice comes to the same; in the zone that a zip's times are in, which is any. */
const TIME = new Date(1980, 0, 1, 12);

/**
 * Packs a charm's folder into the file that Juju deploys: a zip with sorted names, fixed times and fixed modes, so that two
 * packs of one folder are the same byte for byte. Throws `BuildError` where the charm is for another architecture or has
 * links that lead out of it, and `MetadataError` where its metadata.yaml breaks a rule.
 */
export async function packCharm(options: PackOptions): Promise<PackResult> {
  const { base } = options;
  const folder = resolve(options.folder);
  const name = readName(folder);
  const contents = readCharmFolder(folder);
  const architecture = settleArchitecture(folder, options.architecture);
  for (const file of contents.files) refuseWayOut(folder, file);
  const file = resolve(options.into, `${name}_${base.name}@${base.channel}-${architecture}.charm`);
  mkdirSync(dirname(file), { recursive: true });
  const bases = writeBases(base, architecture);
  await writeZip({ folder, contents, bases, file });
  return { file, size: statSync(file).size, warnings: findSurprises(contents) };
}

function readName(folder: string): string {
  const file = join(folder, 'metadata.yaml');
  if (!existsSync(file)) throw new BuildError(`cannot pack "${folder}": it has no metadata.yaml`);
  return parseMetadata(readFileSync(file, 'utf8'), file).name;
}

/** What a charm's own programs are for says what the charm is for. */
function settleArchitecture(folder: string, asked: Architecture | undefined): Architecture {
  const programs = [NODE_PATH, NATIVE_ADDON].filter((path) => existsSync(join(folder, path)));
  for (const path of programs) {
    const found = architectureOf(join(folder, path));
    if (found === undefined) continue;
    if (asked === undefined || asked === found) return found;
    throw new BuildError(
      `cannot pack "${folder}" for ${asked}: its ${path} is for ${found}; build it with --arch ${asked}`,
    );
  }
  return asked ?? ownArchitecture();
}

function refuseWayOut(folder: string, { path, target }: CharmFile): void {
  if (target === undefined) return;
  const place = normalize(join(dirname(path), target));
  if (!isAbsolute(target) && place !== '..' && !place.startsWith('../')) return;
  const remedy =
    path === NODE_PATH ? 'build it with --runtime bundled, or system' : 'put what it leads to in its place';
  throw new BuildError(
    `cannot pack "${folder}": the symbolic link "${path}" leads out of the charm, to "${target}"; ${remedy}`,
  );
}

function findSurprises({ files, origins }: CharmFolder): readonly string[] {
  if (origins === undefined) return [];
  const replaced = origins.signatures.has(BASES_FILE)
    ? [`${BASES_FILE} of the charm gives way to the one with the base it is packed for`]
    : [];
  const added = files.filter(({ path }) => !origins.signatures.has(path) && path !== BASES_FILE);
  return [...replaced, ...added.map(({ path }) => `${path} is packed too, which was added after the build`)];
}

async function writeZip(work: {
  readonly folder: string;
  readonly contents: CharmFolder;
  /** The text of `manifest.yaml`. */
  readonly bases: string;
  readonly file: string;
}): Promise<void> {
  const { folder, contents, bases, file } = work;
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  for (const add of entriesOf(folder, contents, bases)) add(zip);
  zip.end();
  const unfinished = `${file}.part`;
  try {
    await Promise.race([failed, pipeline(zip.outputStream, createWriteStream(unfinished))]);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** What is to be added, in order of the paths. */
function entriesOf(
  folder: string,
  { files, emptyFolders }: CharmFolder,
  bases: string,
): readonly ((zip: ZipFile) => void)[] {
  const options = (mode: number) => ({ mode, mtime: TIME, forceDosTimestamp: true });
  const entries: readonly (readonly [string, (zip: ZipFile) => void])[] = [
    ...files
      .filter(({ path }) => path !== BASES_FILE)
      .map((file) => {
        const { path, target } = file;
        return [
          path,
          (zip: ZipFile) =>
            target === undefined
              ? zip.addFile(join(folder, path), path, options(modeOf(file)))
              : zip.addBuffer(Buffer.from(target), path, options(0o120777)),
        ] as const;
      }),
    ...emptyFolders.map(
      (path) => [path, (zip: ZipFile) => zip.addEmptyDirectory(path, options(0o40755))] as const,
    ),
    [BASES_FILE, (zip: ZipFile) => zip.addBuffer(Buffer.from(bases), BASES_FILE, options(0o100644))],
  ];
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, add]) => add);
}

/** Juju makes hooks executable when it unpacks a charm, but not dispatch. */
function modeOf({ path, isExecutable }: CharmFile): number {
  return isExecutable || path === 'dispatch' || path === NODE_PATH ? 0o100755 : 0o100644;
}
