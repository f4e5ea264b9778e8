import { plainText } from '../analysis/flag-text.ts';
import type { ReactiveModel } from '../analysis/reactive-model.ts';
import { readModel } from '../analysis/read-model.ts';
import { parseActions } from '../metadata/actions.ts';
import { type CharmMetadata, readMetadata } from '../metadata/charm-metadata.ts';
import { parseConfigOptions } from '../metadata/config-options.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { readCharmCode } from './charm-code.ts';
import { type CharmFiles, readText } from './charm-files.ts';
import { viewCharm } from './charm-view.ts';
import type { Finding } from './finding.ts';
import { proveCharm, proveLayer } from './prove-charm.ts';
import { proveCode } from './prove-code.ts';
import type { CharmModel } from './reactive/charm-model.ts';
import { FlagTable } from './reactive/flag-table.ts';

/** What there is to look at. */
export interface CharmToAssess {
  readonly files: CharmFiles;
  /** The name of the folder it lies in; undefined where it is not written. */
  readonly folderName: string | undefined;
  /** The name of the charm's own layer; if not given, as its files say. */
  readonly ownLayer?: string | undefined;
  /** Whether it is a charm, and not a layer for others to build on. */
  readonly isCharm: boolean;
}

/** What was found, and what the charm's code says of flags; that is undefined where metadata.yaml cannot be read. */
export interface Assessment {
  readonly findings: readonly Finding[];
  readonly code?: CharmModel;
}

/** Looks at all of a charm: metadata, files, flags and handlers. Never throws, whatever is in it, and runs none of it. */
export function assessCharm(charm: CharmToAssess): Assessment {
  const { files, folderName, isCharm } = charm;
  const code = readCode(charm);
  const handledActions = code && listHandledActions(code.model);
  const viewed = viewCharm({ files, folderName, ...(handledActions ? { handledActions } : {}) });
  const prove = isCharm ? proveCharm : proveLayer;
  return {
    findings: [
      ...viewed.findings.filter(() => isCharm || files.has('metadata.yaml')),
      ...(viewed.charm ? prove(viewed.charm) : []),
      ...(code ? proveCode(code) : []),
    ],
    ...(code ? { code } : {}),
  };
}

function readCode({ files, ownLayer, isCharm }: CharmToAssess): CharmModel | undefined {
  const metadata = readFacts(files);
  if (metadata === undefined) return undefined;
  const { endpoints, storage, containers, name } = metadata;
  const options = Object.keys(
    orNone(() => parseConfigOptions(readText(files, 'config.yaml') ?? '', 'config.yaml')),
  );
  const code = readCharmCode(files, {
    ownLayer: ownLayer ?? findOwnLayer(files) ?? name,
    endpoints,
    options,
  });
  const model = readModel(code);
  return {
    model,
    flags: new FlagTable(model),
    endpoints,
    storage,
    containers: containers.map((one) => one.name),
    actions: Object.keys(orNone(() => parseActions(readText(files, 'actions.yaml') ?? '', 'actions.yaml'))),
    options,
    implemented: new Set([
      ...code.roles.map((role) => `${role.interface}/${role.role}`),
      ...files.paths.flatMap((file) => {
        const match = /^hooks\/relations\/([^/]+)\/(provides|requires|peers)\.py$/.exec(file);
        return match ? [`${match[1]}/${match[2]}`] : [];
      }),
    ]),
    isCharm,
  };
}

/** What a layer leaves unsaid is made up. Undefined for what Juju would not read. */
function readFacts(files: CharmFiles): CharmMetadata | undefined {
  const file = 'metadata.yaml';
  try {
    const given = parseYaml(readText(files, file) ?? '', file);
    const needed = { name: 'layer', summary: '', description: '' };
    return readMetadata(
      new Map<unknown, unknown>([...Object.entries(needed), ...(given instanceof Map ? given : [])]),
      file,
    );
  } catch {
    return undefined;
  }
}

/** The builder writes the url of the charm's own layer, which is its name unless it calls itself otherwise. */
function findOwnLayer(files: CharmFiles): string | undefined {
  const layer = orNone(() => parseYaml(readText(files, 'layer.yaml') ?? '', 'layer.yaml'));
  if (!(layer instanceof Map)) return undefined;
  const name: unknown = layer.get('is');
  return typeof name === 'string' ? name : undefined;
}

/** The actions that need no file of their own: handlers wait for them, or code asks whether it is them. */
function listHandledActions({ handlers, comparedActions }: ReactiveModel): ReadonlySet<string> {
  const patterns = handlers.flatMap((handler) =>
    handler.conditions.flatMap((one) => (one.kind === 'hook' ? one.patterns : [])),
  );
  const waited = patterns.flatMap((pattern) => /^actions\/(.+)$/.exec(plainText(pattern) ?? '')?.[1] ?? []);
  return new Set([...waited, ...comparedActions]);
}

function orNone<T>(read: () => T): T | Record<string, never> {
  try {
    return read();
  } catch {
    return {};
  }
}
