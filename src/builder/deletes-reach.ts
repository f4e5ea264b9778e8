import { EDITED_SECTIONS } from '../metadata/layer-file.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { findSection, hasDeletable } from './deletes.ts';
import type { Layer, LayerStack } from './layer.ts';
import type { PlannedPaths } from './planned-paths.ts';
import { type ComposedFile, placeOf } from './tactics/tactic.ts';

/**
 * A warning for each `deletes` that leaves something in the charm which it names, because it is not the one that counts
 * for that file.
 */
export function findUnheardDeletes(composed: {
  readonly plan: PlannedPaths;
  readonly stack: LayerStack;
  readonly files: readonly ComposedFile[];
}): readonly string[] {
  const { plan, stack, files } = composed;
  return EDITED_SECTIONS.flatMap((section) => {
    const path = `${section}.yaml`;
    const top = plan.paths.get(path)?.copies.at(-1)?.layer;
    const file = files.find((one) => one.path === path);
    if (top === undefined || file === undefined) return [];
    const mapping = parseYaml(new TextDecoder().decode(file.content), path);
    if (!(mapping instanceof Map)) return [];
    const heard = findSection(section, placeOf(top, stack), stack);
    return stack.layers.flatMap((layer) => {
      const kept = (layer.file?.deletes[section] ?? []).filter((one) => hasDeletable(mapping, one, path));
      if (layer === heard || kept.length === 0) return [];
      return [
        `${section}.deletes in the layer.yaml of "${layer.url}" leaves ${kept.join(', ')} in ${path}: ${explain({ section, layer, heard, top, stack })}`,
      ];
    });
  });
}

function explain(reach: {
  readonly section: string;
  readonly layer: Layer;
  readonly heard: Layer | undefined;
  readonly top: Layer;
  readonly stack: LayerStack;
}): string {
  const { section, layer, heard, top, stack } = reach;
  if (placeOf(layer, stack) > placeOf(top, stack) + 1) {
    return `"${top.url}" is the highest layer with that file, and a deletes reaches it from one layer above at most; give "${layer.url}" a ${section}.yaml, an empty one will do`;
  }
  return `"${heard?.url}" has a section ${section} too, and only the highest counts; write them all there`;
}
