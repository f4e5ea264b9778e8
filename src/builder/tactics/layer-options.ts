import { basename, dirname } from 'node:path';
import { BuildError } from '../build-error.ts';
import type { LayerStack } from '../layer.ts';
import { type LayerMapping, type Mapping, mergeMappings } from '../yaml-mapping.ts';
import { mergedFile, readCopies } from './merged-yaml.ts';
import type { Copies, Tactic } from './tactic.ts';

/**
 * layer.yaml: merged deeply, without `defines`, with the defaults of all options filled in. `ignore` becomes a mapping
 * of layer to list, and `is` is the charm's name unless a layer says otherwise.
 */
export const layerOptionsTactic: Tactic = {
  handles: (path) => path === 'layer.yaml',
  compose: (copies, stack) => {
    const parts = readCopies(copies);
    const merged = new Map(
      mergeMappings(
        'layer.yaml',
        parts.map((part, index) => builtPart(part, copies[index]?.layer.name ?? '')),
      ),
    );
    const includes = merged.get('includes');
    if (Array.isArray(includes)) merged.set('includes', includes.map(shortInclude));
    merged.set('options', fillOptions(merged.get('options'), definedOptions(parts, copies), stack));
    if (!merged.has('is')) merged.set('is', stack.charm);
    return [mergedFile(copies, merged)];
  },
};

function builtPart({ layer, mapping }: LayerMapping, name: string): LayerMapping {
  const built = new Map(mapping);
  built.delete('defines');
  for (const key of ['includes', 'ignore', 'exclude']) {
    const value = built.get(key);
    if (typeof value === 'string') built.set(key, [value]);
    if (value === null) built.delete(key);
  }
  const ignore = built.get('ignore');
  if (ignore !== undefined) built.set('ignore', new Map([[name, ignore]]));
  return { layer, mapping: built };
}

/** A path is cut to its last two parts, which say enough and are the same on every machine. */
function shortInclude(include: unknown): unknown {
  if (typeof include !== 'string' || include.includes(':')) return include;
  const parent = basename(dirname(include));
  return parent === '' || parent === '.' ? basename(include) : `${parent}/${basename(include)}`;
}

/** What every layer defines, by layer name. */
function definedOptions(parts: readonly LayerMapping[], copies: Copies): Mapping {
  return mergeMappings(
    'layer.yaml',
    parts.map(({ layer, mapping }, index) => {
      const defines = mapping.get('defines');
      return {
        layer,
        mapping: new Map([[copies[index]?.layer.name, defines instanceof Map ? defines : new Map()]]),
      };
    }),
  );
}

/** Every layer's options, its defaults among them; options for a layer that is not there are refused. */
function fillOptions(given: unknown, defined: Mapping, stack: LayerStack): Mapping {
  const options = new Map(given instanceof Map ? given : []);
  const unknown = [...options.keys()].filter((layer) => !defined.has(layer));
  if (unknown.length > 0) {
    throw new BuildError(
      `cannot build "${stack.charm}": options are set for ${quoteAll(unknown)}, and no such layer with a layer.yaml is in it; there are ${quoteAll([...defined.keys()])}`,
    );
  }
  for (const [layer, schemas] of defined) options.set(layer, fillDefaults(options.get(layer), schemas));
  return options;
}

/** Fills in the `default` of each property that has no value, also within properties that have properties. */
function fillDefaults(given: unknown, schemas: unknown): unknown {
  if (!(schemas instanceof Map) || !(given instanceof Map || given === undefined || given === null))
    return given;
  const values = new Map(given ?? []);
  for (const [name, schema] of schemas) {
    if (!(schema instanceof Map)) continue;
    if (!values.has(name) && schema.has('default')) values.set(name, schema.get('default'));
    const value = values.get(name);
    if (value instanceof Map) values.set(name, fillDefaults(value, schema.get('properties')));
  }
  return values;
}

function quoteAll(names: readonly unknown[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
