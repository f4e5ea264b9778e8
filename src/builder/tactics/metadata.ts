import { describeValue } from '../../metadata/field.ts';
import { BuildError } from '../build-error.ts';
import { deletePaths, findDeletes } from '../deletes.ts';
import type { LayerStack } from '../layer.ts';
import { isFalsy, joinLists, type LayerMapping, type Mapping, mergeMappings } from '../yaml-mapping.ts';
import { mergedFile, readCopies } from './merged-yaml.ts';
import { type Copies, highest, placeOf, type Tactic } from './tactic.ts';

/**
 * metadata.yaml: merged deeply, with two exceptions of the reference's. `maintainer` and `maintainers` are those of the
 * highest layer with a metadata.yaml, or nobody; `series` puts the higher layer's first.
 */
export const metadataTactic: Tactic = {
  handles: (path) => path === 'metadata.yaml',
  needsLower: true,
  plan: (copies, stack) => {
    const merged = mergeMetadata(copies);
    return () => [mergedFile(copies, inOrder(editMetadata(merged, copies, stack)))];
  },
};

/** The charm's metadata, and which layer brought each of its storages: the lowest that has it. */
export interface CharmMapping {
  readonly metadata: Mapping;
  readonly storageOwners: ReadonlyMap<string, string>;
}

/** What metadata.yaml comes to. Throws `BuildError` as the tactic does. */
export function readCharmMapping(copies: Copies, stack: LayerStack): CharmMapping {
  const metadata = editMetadata(mergeMetadata(copies), copies, stack);
  const owners = new Map<string, string>();
  for (const { layer, mapping } of readCopies(copies)) {
    const storage = mapping.has('storage') ? mapping.get('storage') : new Map();
    if (!(storage instanceof Map)) refuseStorage(layer, storage);
    for (const name of storage.keys()) if (!owners.has(String(name))) owners.set(String(name), layer);
  }
  // In the reference it takes this to spare a storage its hooks: one that goes in another way keeps them.
  for (const path of metadataDeletes(copies, stack)?.paths ?? []) {
    const name = /^storage\.([^.]+)$/.exec(path)?.[1];
    if (name !== undefined) owners.delete(name);
  }
  return { metadata, storageOwners: owners };
}

const MAINTAINER_KEYS = ['maintainer', 'maintainers'];

const FIRST_KEYS = [
  'name',
  'summary',
  'maintainer',
  'maintainers',
  'description',
  'tags',
  'series',
  'requires',
  'provides',
  'peers',
];

function mergeMetadata(copies: Copies): Mapping {
  const parts = readCopies(copies);
  const merged = new Map(mergeMappings('metadata.yaml', parts.map(withoutOwnRules)));
  const series = mergeSeries(parts);
  if (series !== undefined) merged.set('series', series);
  return merged;
}

/** What merges as all YAML does; the rest has rules of its own. */
function withoutOwnRules({ layer, mapping }: LayerMapping): LayerMapping {
  const rest = new Map(mapping);
  for (const key of [...MAINTAINER_KEYS, 'series']) rest.delete(key);
  return { layer, mapping: rest };
}

/**
 * Every layer's series once, the highest layer's first; undefined where none says any. A series that is written alone is a
 * list of one; nothing after the key takes the lower ones away.
 */
function mergeSeries(parts: readonly LayerMapping[]): readonly unknown[] | undefined {
  let series: readonly unknown[] | undefined;
  let lower: { readonly layer: string; readonly value: unknown } | undefined;
  for (const { layer, mapping } of parts) {
    if (!mapping.has('series')) continue;
    const value = mapping.get('series');
    if (isFalsy(value)) {
      series = Array.isArray(value) ? (series ?? []) : [];
      continue;
    }
    const isAlike = lower === undefined || Array.isArray(value) === Array.isArray(lower.value);
    if (!isAlike || !(Array.isArray(value) || typeof value === 'string')) {
      const below =
        lower === undefined ? '' : ` and ${describeValue(lower.value)} in "${lower.layer}" below it`;
      throw new BuildError(
        `cannot merge "metadata.yaml": series is ${describeValue(value)} in "${layer}"${below}; write lists`,
      );
    }
    series = joinLists([], [value, series ?? []].flat());
    lower = { layer, value };
  }
  return series;
}

function metadataDeletes(copies: Copies, stack: LayerStack): ReturnType<typeof findDeletes> {
  return findDeletes('metadata', placeOf(highest(copies).layer, stack), stack);
}

/** Without what `deletes` names; maintainers come after, since it reaches none of them. */
function editMetadata(merged: Mapping, copies: Copies, stack: LayerStack): Mapping {
  const deletes = metadataDeletes(copies, stack);
  // Twice, as the reference does for the sake of the hooks: what lies below a key that is deleted too is refused.
  const once = deletes === undefined ? merged : deletePaths(merged, deletes, 'metadata.yaml');
  const edited = new Map(deletes === undefined ? once : deletePaths(once, deletes, 'metadata.yaml'));
  const own = readCopies([highest(copies)])[0]?.mapping;
  for (const key of MAINTAINER_KEYS) {
    if (!isFalsy(own?.get(key))) edited.set(key, own?.get(key));
  }
  return edited;
}

function refuseStorage(layer: string, storage: unknown): never {
  throw new BuildError(
    `cannot read the metadata.yaml of "${layer}": storage must be a mapping, got ${describeValue(storage)}`,
  );
}

/** The reference's order of keys: the best known ones first, the others by name. */
function inOrder(mapping: Mapping): Mapping {
  const rank = (key: unknown) =>
    (FIRST_KEYS.indexOf(String(key)) + FIRST_KEYS.length + 1) % (FIRST_KEYS.length + 1);
  return new Map([...mapping].sort(([a], [b]) => rank(a) - rank(b) || (String(a) < String(b) ? -1 : 1)));
}
