import { constants, existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseActions } from '../../metadata/actions.ts';
import { parseMetadata } from '../../metadata/charm-metadata.ts';
import { parseConfigOptions } from '../../metadata/config-options.ts';
import type { CharmState } from '../state/model-state.ts';

/** A charm as its files describe it, before it is part of a model. */
export type CharmFacts = Omit<CharmState, 'folder' | 'revision'>;

/**
 * Reads a charm folder's metadata.yaml and, where they are there, config.yaml, actions.yaml and manifest.yaml. Throws where
 * they are missing or break Juju's rules (`MetadataError`), and for a charm that needs what a model does not simulate.
 */
export function readCharm(folder: string): CharmFacts {
  const metadataFile = join(folder, 'metadata.yaml');
  if (!existsSync(metadataFile)) {
    throw new Error(`cannot deploy "${folder}": it has no metadata.yaml; give the folder of a built charm`);
  }
  const metadata = parseMetadata(readFileSync(metadataFile, 'utf8'), metadataFile);
  if (metadata.containers.length > 0) {
    throw new Error(
      `cannot deploy "${metadata.name}": containers (Kubernetes sidecars) are not simulated; see "reactive sim --help" for what is`,
    );
  }
  const base = readBase(folder);
  return {
    metadata,
    options: readIfThere(folder, 'config.yaml', parseConfigOptions) ?? {},
    actions: readIfThere(folder, 'actions.yaml', parseActions) ?? {},
    ...(base === undefined ? {} : { base }),
    hasMetrics: existsSync(join(folder, 'metrics.yaml')),
  };
}

function readIfThere<Facts>(
  folder: string,
  name: string,
  read: (text: string, file: string) => Facts,
): Facts | undefined {
  const file = join(folder, name);
  return existsSync(file) ? read(readFileSync(file, 'utf8'), file) : undefined;
}

/** The first base of manifest.yaml; undefined where it is missing or says nothing, since Juju takes it as optional. */
function readBase(folder: string): CharmState['base'] {
  const manifest = readIfThere(folder, 'manifest.yaml', (text) => parse(text) as unknown);
  const bases = (manifest as { readonly bases?: unknown } | null | undefined)?.bases;
  const [first] = Array.isArray(bases) ? bases : [];
  const { name, channel } = (first ?? {}) as { readonly name?: unknown; readonly channel?: unknown };
  if (typeof name !== 'string') return undefined;
  return { name, channel: channel === undefined ? '' : String(channel) };
}

/** Copies a charm folder, its symbolic links as they are written. */
export async function copyCharm(from: string, to: string): Promise<void> {
  // Charms may carry a whole runtime: where the file system can share the blocks, it does.
  await cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
}
