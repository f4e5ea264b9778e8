import { parseActions } from '../../metadata/actions.ts';
import { parseMetadata } from '../../metadata/charm-metadata.ts';
import { parseConfigOptions } from '../../metadata/config-options.ts';
import { MetadataError, type MetadataFault } from '../../metadata/metadata-error.ts';
import { readText } from '../charm-files.ts';
import type { CharmCheck } from '../charm-view.ts';
import { type Finding, fault } from '../finding.ts';

const READERS: Readonly<Record<string, (text: string, file: string) => unknown>> = {
  'metadata.yaml': parseMetadata,
  'config.yaml': parseConfigOptions,
  'actions.yaml': parseActions,
};

/** What Juju will refuse when the charm is deployed: its own rules, which are more than the reference's. */
export const checkJujuRules: CharmCheck = ({ files }) =>
  Object.entries(READERS).flatMap(([file, read]) => {
    const text = readText(files, file);
    return text === undefined ? [] : faultsOf(file, () => read(text, file));
  });

function faultsOf(file: string, read: () => unknown): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return error.faults.filter(isJujus).map(({ keyPath, reason }) =>
      fault('juju', `${file}: ${keyPath === '' ? '' : `${keyPath}: `}${reason}`, {
        file,
        key: keyPath || (/^"([\w-]+)" is missing/.exec(reason)?.[1] ?? ''),
      }),
    );
  }
}

/** Juju's YAML is an older one, in which these are booleans. */
function isJujus({ reason }: MetadataFault): boolean {
  return !/^must be true or false, got "(yes|no|on|off)"$/i.test(reason);
}
