import { BuildError } from './build-error.ts';
import type { LayerStack } from './layer.ts';
import { type Mapping, writePath } from './yaml-mapping.ts';

/** The dotted paths that a layer's `deletes` removes from a merged file, and the layer that says so. */
export interface Deletes {
  readonly layer: string;
  readonly paths: readonly string[];
}

/**
 * The `deletes` that counts for a merged file, which the layer at `place` is the highest to have: the reference looks down
 * from one layer above that one, and takes the first that has the section, with `deletes` in it or not.
 */
export function findDeletes(section: string, place: number, stack: LayerStack): Deletes | undefined {
  const within = stack.layers.slice(0, place + 2);
  const layer = within.findLast(({ file }) => file !== undefined && Object.hasOwn(file.document, section));
  const paths = layer?.file?.deletes[section];
  return layer === undefined || paths === undefined ? undefined : { layer: layer.url, paths };
}

/**
 * A mapping without what `deletes` names. A last key that is not there is no matter, as in the reference; a key missing
 * before that is a `BuildError`, which `file` is for.
 */
export function deletePaths(mapping: Mapping, deletes: Deletes, file: string): Mapping {
  return deletes.paths.reduce((rest, path) => {
    const steps = path.split('.');
    return without(rest, steps, (count) => {
      throw new BuildError(
        `cannot delete ${path} from "${file}", as the layer.yaml of "${deletes.layer}" asks: there is no mapping ${writePath(steps.slice(0, count))}; remove the entry`,
      );
    });
  }, mapping);
}

function without(
  mapping: Mapping,
  steps: readonly string[],
  refuse: (count: number) => never,
  depth = 0,
): Mapping {
  const copy = new Map(mapping);
  const step = steps[depth];
  if (depth === steps.length - 1) {
    copy.delete(step);
    return copy;
  }
  const below = mapping.get(step);
  if (!(below instanceof Map)) return refuse(depth + 1);
  return copy.set(step, without(below, steps, refuse, depth + 1));
}
