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
  compose: (copies, stack) => {
    const merged = mergeMappings(copies[0].path, readCopies(copies));
    return [mergedFile(copies, withoutDeleted(merged, copies, stack))];
  },
};

/** What each copy says, lowest first. */
export function readCopies(copies: Copies): readonly LayerMapping[] {
  return copies.map(({ source, layer }) => ({ layer: layer.url, mapping: readMapping(source) }));
}

/** A merged file, signed under the highest layer that has one. */
export function mergedFile(copies: Copies, mapping: Mapping): ComposedFile {
  return {
    path: copies[0].path,
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
  const section = path.replace('.yaml', '');
  const deletes = findDeletes(section, placeOf(highest(copies).layer, stack), stack);
  if (deletes === undefined) return merged;
  if (section !== 'config') return deletePaths(merged, deletes, path);
  // Paths into config.yaml start below its one root key.
  const options = merged.get('options');
  if (!(options instanceof Map)) return merged;
  return new Map(merged).set('options', deletePaths(options, deletes, path));
}
