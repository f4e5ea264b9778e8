import { deletePaths, findDeletes } from '../deletes.ts';
import type { LayerStack } from '../layer.ts';
import {
  type LayerMapping,
  type Mapping,
  mergeMappings,
  readMapping,
  writeMapping,
} from '../yaml-mapping.ts';
import { type ComposedFile, type Copies, highest, placeOf, type Tactic } from './tactic.ts';

/** config.yaml, actions.yaml, dist.yaml and resources.yaml: merged deeply, then relieved of what `deletes` names. */
export const mergedYamlTactic: Tactic = {
  handles: (path) => /^(config|actions|dist|resources)\.yaml$/.test(path),
  plan: (copies, stack) => {
    const merged = mergeMappings(copies[0].path, readCopies(copies));
    return () => [mergedFile(copies, withoutDeleted(merged, copies, stack))];
  },
};

/** What each copy says, lowest first. */
export function readCopies(copies: Copies): readonly LayerMapping[] {
  return copies.map(({ source, layer }) => ({ layer: layer.url, mapping: readMapping(source) }));
}

/** A merged file, signed under the highest layer that has one. */
export function mergedFile(copies: Copies, mapping: Mapping, path = copies[0].path): ComposedFile {
  return {
    path,
    content: writeMapping(mapping),
    isExecutable: false,
    owner: highest(copies).layer.url,
    kind: 'dynamic',
    sources: copies.map(({ source }) => source),
  };
}

/** The merged mapping without what the layer that may delete from this file deletes. */
export function withoutDeleted(merged: Mapping, copies: Copies, stack: LayerStack): Mapping {
  const { path } = copies[0];
  const deletes = findDeletes(path.replace('.yaml', ''), placeOf(highest(copies).layer, stack), stack);
  return deletes === undefined ? merged : deletePaths(merged, deletes, path);
}
