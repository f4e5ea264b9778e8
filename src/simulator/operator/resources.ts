import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { ResourceDeclaration } from '../../metadata/other-declarations.ts';
import type { ApplicationState, ResourceState } from '../state/model-state.ts';

const CHUNK_BYTES = 1024 * 1024;

/** What is attached, and where it goes. */
export interface ResourceUpload {
  /** The resource's name in metadata.yaml. */
  readonly name: string;
  /** The file to copy; for an oci-image also the name of an image, where there is no such file. */
  readonly file: string;
  /** The model's folder, which takes the copy. */
  readonly folder: string;
  /** Whether it comes with the deployment, of which no unit needs to be told. */
  readonly isDeployment?: boolean;
}

/**
 * Gives an application a file for one of its charm's resources, and makes upgrade-charm due on its units, as
 * attach-resource does. Throws as `checkResource` does, and changes nothing then.
 */
export function attachResource(application: ApplicationState, upload: ResourceUpload): ResourceState {
  const { name, file: source, folder, isDeployment = false } = upload;
  checkResource(application.charm.metadata.resources, upload);
  const former = Object.hasOwn(application.resources, name) ? application.resources[name] : undefined;
  const revision = isDeployment ? 0 : (former?.revision ?? 0) + 1;
  const place = join(folder, 'resources', application.name, name);
  const file = join(place, String(revision));
  mkdirSync(place, { recursive: true, mode: 0o700 });
  if (isFile(source)) copyFileSync(source, file);
  else writeFileSync(file, describeImage(source), { mode: 0o600 });
  const resource = { file, revision, size: statSync(file).size, fingerprint: fingerprintOf(file) };
  application.resources[name] = resource;
  if (!isDeployment) application.charmModified += 1;
  return resource;
}

/**
 * Throws, in Juju's words, for a resource that a charm does not have, for a file that is not there and for one whose name
 * ends in something else than metadata.yaml says.
 */
export function checkResource(
  resources: readonly ResourceDeclaration[],
  upload: Pick<ResourceUpload, 'name' | 'file'>,
): void {
  const { name, file } = upload;
  const declared = resources.find((resource) => resource.name === name);
  if (declared === undefined) {
    const known = resources.map((resource) => `"${resource.name}"`).join(', ');
    throw new Error(`unrecognized resource ${JSON.stringify(name)}: the charm has ${known || 'none'}`);
  }
  if (declared.type === 'oci-image') return;
  const failure = `cannot attach resource ${JSON.stringify(name)}`;
  if (!isFile(file)) throw new Error(`${failure}: open ${file}: no such file or directory`);
  const ending = extname(declared.filename ?? '');
  if (extname(file) === ending) return;
  throw new Error(
    `${failure}: incorrect extension on resource upload ${JSON.stringify(basename(file))}, expected ${JSON.stringify(ending)}`,
  );
}

/** What a resource's file is called on a unit. */
export function resourceFilename(declared: ResourceDeclaration): string {
  return declared.filename ?? 'content.yaml';
}

/** The SHA-384 of a file, in hex. Reads the file bit by bit: a resource may be as large as a disk. */
export function fingerprintOf(file: string): string {
  const hash = createHash('sha384');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What a charm finds in the file of an image. */
function describeImage(image: string): string {
  return `registrypath: ${JSON.stringify(image)}\nusername: ""\npassword: ""\n`;
}
