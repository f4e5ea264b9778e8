import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { CommandFailure } from './command-failure.ts';
import { say } from './output.ts';

/** What a path that a user gives is. */
export type PathKind = 'charm' | 'archive' | 'layer' | 'bundle';

/** A charm's folder, for as long as it is needed. */
export interface CharmSource {
  /** Absolute. */
  readonly folder: string;
  /** Removes what was made for it: a layer's build, or what a packed charm holds. */
  dispose(): void;
}

/** What keeps a build from being taken for a layer. */
const BUILT_FILES = ['.build.manifest', 'dispatch'];

/**
 * Tells what a path is: a charm's folder, a packed charm, a layer that is to be built, or a bundle. Throws for what is not
 * there, and for a name of a store.
 */
export function classifyPath(given: string): PathKind {
  const path = resolve(given);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new CommandFailure(describeMissing(given));
  if (!entry.isDirectory()) return classifyFile(path, given);
  const has = (name: string) => existsSync(join(path, name));
  if (has('bundle.yaml') && !has('metadata.yaml')) return 'bundle';
  if (has('layer.yaml') && !BUILT_FILES.some(has)) return 'layer';
  if (has('metadata.yaml')) return 'charm';
  const remedy = has('charmcraft.yaml') ? '; pack it with "charmcraft pack" and give the .charm' : '';
  throw new CommandFailure(
    `cannot deploy "${given}": it has neither a metadata.yaml, nor a layer.yaml or a bundle.yaml${remedy}`,
  );
}

/** Makes a charm folder of what a path is, building or unpacking it. Throws where it is a bundle, or none of it. */
export async function openCharmSource(given: string): Promise<CharmSource> {
  const kind = classifyPath(given);
  const path = resolve(given);
  if (kind === 'charm') return { folder: path, dispose: () => undefined };
  if (kind === 'bundle') throw new CommandFailure(`cannot deploy "${given}": it is a bundle, not a charm`);
  const place = mkdtempSync(join(tmpdir(), 'reactive-charm-'));
  const folder = join(place, kind === 'layer' ? basename(path) : 'charm');
  const dispose = () => rmSync(place, { recursive: true, force: true });
  try {
    if (kind === 'layer') await buildLayer(path, folder);
    else await unpack(path, folder);
    return { folder, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function describeMissing(given: string): string {
  if (given.includes('/') || extname(given) !== '') return `cannot deploy "${given}": no such file or folder`;
  return `cannot deploy "${given}": there is no such folder, and Charmhub is not simulated; give a charm's folder, a .charm file, a layer or a bundle.yaml`;
}

function classifyFile(path: string, given: string): PathKind {
  if (['.yaml', '.yml'].includes(extname(path))) return 'bundle';
  if (isZip(path)) return 'archive';
  throw new CommandFailure(
    `cannot deploy "${given}": it is neither a packed charm (a zip) nor a bundle.yaml`,
  );
}

function isZip(path: string): boolean {
  const start = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    return readSync(file, start) === 2 && start.toString() === 'PK';
  } finally {
    closeSync(file);
  }
}

// What builds and unpacks charms is loaded where it is used: most commands do neither, and start without it.

async function unpack(archive: string, folder: string): Promise<void> {
  const { unpackCharm } = await import('../../builder/charm-archive.ts');
  await unpackCharm(archive, folder);
}

async function buildLayer(layer: string, output: string): Promise<void> {
  const { buildCharm } = await import('../../builder/build.ts');
  await buildCharm({
    charm: layer,
    output,
    environment: process.env,
    onProgress: ({ kind, message }) => say(kind === 'warning' ? `WARNING ${message}` : message),
  });
}
