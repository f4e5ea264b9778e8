import { isDeepStrictEqual } from 'node:util';
import { type LayerMapping, type Mapping, mergeMappings } from '../yaml-mapping.ts';
import { mergedFile, readCopies, withoutDeleted } from './merged-yaml.ts';
import type { Tactic } from './tactic.ts';

/**
 * metadata.yaml: merged deeply, with two exceptions of the reference's. `maintainer` and `maintainers` are those of the
 * highest layer with a metadata.yaml, or nobody; `series` puts the higher layer's first.
 */
export const metadataTactic: Tactic = {
  handles: (path) => path === 'metadata.yaml',
  compose: (copies, stack) => {
    const parts = readCopies(copies);
    const merged = new Map(mergeMappings('metadata.yaml', parts.map(withoutOwnRules)));
    const series = mergeSeries(parts);
    if (series.length > 0) merged.set('series', series);
    const edited = new Map(withoutDeleted(merged, copies, stack));
    for (const key of MAINTAINER_KEYS) {
      // After the deletes: they reach no maintainer.
      const given = parts.at(-1)?.mapping.get(key);
      if (given !== undefined && given !== null && given !== '') edited.set(key, given);
    }
    return [mergedFile(copies, inOrder(edited))];
  },
};

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

/** What merges as all YAML does; the rest has rules of its own. */
function withoutOwnRules({ layer, mapping }: LayerMapping): LayerMapping {
  const rest = new Map(mapping);
  for (const key of [...MAINTAINER_KEYS, 'series']) rest.delete(key);
  return { layer, mapping: rest };
}

/** Every layer's series once, the highest layer's first. */
function mergeSeries(parts: readonly LayerMapping[]): readonly unknown[] {
  const series: unknown[] = [];
  for (const { mapping } of parts.toReversed()) {
    const given = mapping.get('series') ?? [];
    for (const item of Array.isArray(given) ? given : [given]) {
      if (!series.some((other) => isDeepStrictEqual(other, item))) series.push(item);
    }
  }
  return series;
}

/** The reference's order of keys: the best known ones first, the others by name. */
function inOrder(mapping: Mapping): Mapping {
  const rank = (key: unknown) =>
    (FIRST_KEYS.indexOf(String(key)) + FIRST_KEYS.length + 1) % (FIRST_KEYS.length + 1);
  return new Map([...mapping].sort(([a], [b]) => rank(a) - rank(b) || (String(a) < String(b) ? -1 : 1)));
}
