import { basename, dirname } from 'node:path';
import { describeValue, keyStep } from '../../metadata/field.ts';
import { BuildError } from '../build-error.ts';
import type { LayerStack } from '../layer.ts';
import { type LayerMapping, type Mapping, mergeMappings } from '../yaml-mapping.ts';
import { mergedFile, readCopies } from './merged-yaml.ts';
import { checkOption, fillDefaults, type OptionFault } from './option-schema.ts';
import { type Copies, highest, type Tactic } from './tactic.ts';

/**
 * layer.yaml: merged deeply, without `defines`, with the defaults of all options filled in. `ignore` becomes a mapping
 * of layer to list, and `is` is the charm's name unless a layer says otherwise.
 *
 * composer.yaml, its older name, is merged by itself and takes the place of layer.yaml too, as in the reference; which of
 * the two a charm gets is a matter of which is met last.
 */
export const layerOptionsTactic: Tactic = {
  handles: (path) => path === 'layer.yaml' || path === 'composer.yaml',
  needsLower: true,
  plan: (copies, stack) => {
    const parts = readCopies(copies);
    const merged = new Map(
      mergeMappings(
        copies[0].path,
        parts.map((part, index) => builtPart(part, copies[index]?.layer.name ?? '')),
      ),
    );
    const defined = definedOptions(parts, copies);
    return () => {
      const includes = merged.get('includes');
      if (Array.isArray(includes)) merged.set('includes', includes.map(shortInclude));
      merged.set('options', settleOptions({ given: merged.get('options'), defined, parts, stack }));
      if (!merged.has('is')) merged.set('is', highest(copies).layer.url);
      return [mergedFile(copies, merged, 'layer.yaml')];
    };
  },
};

function builtPart({ layer, mapping }: LayerMapping, name: string): LayerMapping {
  const built = new Map(mapping);
  built.delete('defines');
  for (const key of ['includes', 'ignore', 'exclude']) {
    const value = built.get(key);
    if (typeof value === 'string') built.set(key, [value]);
  }
  const ignore = built.get('ignore');
  if (Array.isArray(ignore)) built.set('ignore', new Map([[name, ignore]]));
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

interface GivenOptions {
  /** The merged `options`. */
  readonly given: unknown;
  readonly defined: Mapping;
  readonly parts: readonly LayerMapping[];
  readonly stack: LayerStack;
}

/**
 * Every layer's options, its defaults among them. Refused are options for a layer that is not there, and values that do
 * not fit the schema their layer defines; what it does not define is let be.
 */
function settleOptions({ given, defined, parts, stack }: GivenOptions): Mapping {
  if (given !== undefined && given !== null && !(given instanceof Map)) {
    throw new BuildError(
      `cannot build "${stack.charm}": options must be a mapping, got ${describeValue(given)}`,
    );
  }
  const options = new Map(given ?? []);
  refuseUnknownLayers([...options.keys()], defined, stack);
  const faults: OptionFault[] = options.has(RESERVED) && !defined.has(RESERVED) ? [REFUSED] : [];
  for (const [layer, schemas] of defined) {
    const values = options.has(layer) ? options.get(layer) : new Map();
    if (!(values instanceof Map)) {
      faults.push({ steps: [layer], reason: `must be a mapping, got ${describeValue(values)}` });
      continue;
    }
    const filled = fillDefaults(values, new Map([['properties', schemas]]));
    options.set(layer, filled);
    if (!(schemas instanceof Map) || !(filled instanceof Map)) continue;
    for (const [name, schema] of schemas) {
      if (schema instanceof Map && filled.has(name)) {
        faults.push(...checkOption({ steps: [layer, name], value: filled.get(name), schema }));
      }
    }
  }
  if (faults.length > 0) refuseOptions(faults, parts, stack);
  return options;
}

/** A name that the reference knows and has no options for. */
const RESERVED = 'charms.reactive';

const REFUSED: OptionFault = { steps: [], reason: `"${RESERVED}" is no layer and has no options` };

function refuseUnknownLayers(layers: readonly unknown[], defined: Mapping, stack: LayerStack): void {
  const unknown = layers.filter((layer) => !defined.has(layer) && layer !== RESERVED);
  if (unknown.length === 0) return;
  throw new BuildError(
    `cannot build "${stack.charm}": options are set for ${quoteAll(unknown)}, and no such layer with a layer.yaml is in it; there are ${quoteAll([...defined.keys()])}`,
  );
}

function refuseOptions(
  faults: readonly OptionFault[],
  parts: readonly LayerMapping[],
  stack: LayerStack,
): never {
  const lines = faults.map(({ steps, reason }) => {
    const [layer, option] = steps;
    const from = parts.findLast(({ mapping }) =>
      hasOption(mapping.get('options'), layer ?? RESERVED, option),
    )?.layer;
    const origin = from === undefined ? 'by default' : `set in the layer.yaml of "${from}"`;
    return `  ${writeOption(steps)}: ${reason} (${origin})`;
  });
  throw new BuildError(
    [`cannot build "${stack.charm}": options do not fit what their layers define:`, ...lines].join('\n'),
  );
}

function hasOption(options: unknown, layer: unknown, option: unknown): boolean {
  if (!(options instanceof Map) || !options.has(layer)) return false;
  const values = options.get(layer);
  return option === undefined || (values instanceof Map && values.has(option));
}

/** `options.basic.packages[0].name`. */
function writeOption(steps: OptionFault['steps']): string {
  return steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : keyStep(path, String(step))),
    'options',
  );
}

function quoteAll(names: readonly unknown[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
