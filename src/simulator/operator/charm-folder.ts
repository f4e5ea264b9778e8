import { constants, existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type CharmMetadata, parseMetadata } from '../../metadata/charm-metadata.ts';
import { type ConfigOptions, parseConfigOptions } from '../../metadata/config-options.ts';

/**
 * Reads a charm folder's metadata.yaml and, where there is one, config.yaml. Throws where they are missing or break Juju's
 * rules (`MetadataError`), and for a charm that needs what a model does not simulate yet.
 */
export function readCharm(folder: string): {
  readonly metadata: CharmMetadata;
  readonly options: ConfigOptions;
} {
  const metadataFile = join(folder, 'metadata.yaml');
  if (!existsSync(metadataFile)) {
    throw new Error(`cannot deploy "${folder}": it has no metadata.yaml; give the folder of a built charm`);
  }
  const metadata = parseMetadata(readFileSync(metadataFile, 'utf8'), metadataFile);
  refuseUnsimulated(metadata);
  const configFile = join(folder, 'config.yaml');
  const options = existsSync(configFile)
    ? parseConfigOptions(readFileSync(configFile, 'utf8'), configFile)
    : {};
  return { metadata, options };
}

/** Copies a charm folder, its symbolic links as they are written. */
export async function copyCharm(from: string, to: string): Promise<void> {
  // Charms may carry a whole runtime: where the file system can share the blocks, it does.
  await cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
}

function refuseUnsimulated(metadata: CharmMetadata): void {
  const refuse = (what: string) => new Error(`cannot deploy "${metadata.name}": ${what} not simulated yet`);
  if (metadata.subordinate) throw refuse('subordinate charms are');
  if (metadata.storage.length > 0) throw refuse('storage is');
  if (metadata.containers.length > 0) throw refuse('containers are');
}
