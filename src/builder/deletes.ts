import { BuildError } from './build-error.ts';
import type { Layer, LayerStack } from './layer.ts';
import { type Mapping, writePath } from './yaml-mapping.ts';

/** The dotted paths that a layer's `deletes` removes from a merged file, and the layer that says so. */
export interface Deletes {
  readonly layer: string;
  readonly paths: readonly string[];
}

/** The `deletes` that counts for a merged file, which the layer at `place` is the highest to have. */
export function findDeletes(section: string, place: number, stack: LayerStack): Deletes | undefined {
  const layer = findSection(section, place, stack);
  const paths = layer?.file?.deletes[section];
  return layer === undefined || paths === undefined ? undefined : { layer: layer.url, paths };
}

/**
 * The layer whose section of layer.yaml counts for such a file: the reference looks down from one layer above the highest
 * that has the file, and takes the first that has the section, with `deletes` in it or not.
 */
export function findSection(section: string, place: number, stack: LayerStack): Layer | undefined {
  const within = stack.layers.slice(0, place + 2);
  return within.findLast(({ file }) => file !== undefined && Object.hasOwn(file.document, section));
}

/**
 * A mapping without what `deletes` names; paths into config.yaml start below its `options`. A last key that is not there is
 * no matter, as in the reference; a key missing before that is a `BuildError`, which `file` is for.
 */
export function deletePaths(mapping: Mapping, deletes: Deletes, file: string): Mapping {
  return deletes.paths.reduce<Mapping>((rest, path) => {
    const steps = stepsOf(path, file);
    // Without options there are no options to delete.
    if (steps.length === 2 && isBelowOptions(file) && !rest.has('options')) return rest;
    return without(rest, steps, (count) => {
      throw new BuildError(
        `cannot delete ${path} from "${file}", as the layer.yaml of "${deletes.layer}" asks: there is no mapping ${writePath(steps.slice(isBelowOptions(file) && count > 1 ? 1 : 0, count))}; remove the entry`,
      );
    });
  }, mapping);
}

/** Whether a merged file has what a dotted path of `deletes` names. */
export function hasDeletable(mapping: Mapping, path: string, file: string): boolean {
  let value: unknown = mapping;
  for (const step of stepsOf(path, file)) {
    if (!(value instanceof Map) || !value.has(step)) return false;
    value = value.get(step);
  }
  return true;
}

function stepsOf(path: string, file: string): readonly string[] {
  return [...(isBelowOptions(file) ? ['options'] : []), ...path.split('.')];
}

function isBelowOptions(file: string): boolean {
  return file === 'config.yaml';
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
  // A last key that is not in a list is not there either.
  if (depth === steps.length - 2 && Array.isArray(below) && !below.includes(steps.at(-1))) return copy;
  if (!(below instanceof Map)) return refuse(depth + 1);
  return copy.set(step, without(below, steps, refuse, depth + 1));
}
