import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { describeValue, keyStep } from '../metadata/field.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { BuildError } from './build-error.ts';

/** A YAML mapping as it is merged: keys in order, values any of mapping, list and scalar. */
export type Mapping = ReadonlyMap<unknown, unknown>;

/** What one layer says. */
export interface LayerMapping {
  /** The layer's url, for errors. */
  readonly layer: string;
  readonly mapping: Mapping;
}

/** Reads a YAML file that must hold a mapping; an empty one holds none. Throws `MetadataError` or `BuildError`. */
export function readMapping(path: string): Mapping {
  const value = parseYaml(readFileSync(path, 'utf8'), path) ?? new Map();
  if (value instanceof Map) return value;
  throw new BuildError(`cannot read "${path}": must be a mapping, got ${describeValue(value)}`);
}

/**
 * Writes a mapping as YAML. A string that YAML 1.1, which Juju reads, would take for something else (`yes`, `0755`,
 * `12:30`) is quoted.
 */
export function writeMapping(mapping: Mapping): Uint8Array {
  const options = { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return new TextEncoder().encode(stringify(mapping, options));
}

/**
 * Merges what layers say, lowest first, by the Python reference's rules:
 *
 * | below      | above   | becomes |
 * |------------|---------|---------|
 * | mapping    | mapping | both, key by key |
 * | list       | list    | the lower items, then those of the higher that are not among them |
 * | anything   | scalar, null | the higher |
 * | nothing, null, "", 0, false, [] or {} | anything | the higher |
 * | other      | mapping or list | refused, unless empty, when it changes nothing |
 *
 * `file` is what errors name. Throws `BuildError` with both layers and the key path where values do not go together.
 */
export function mergeMappings(file: string, parts: readonly LayerMapping[]): Mapping {
  let merged: Mapping = new Map();
  for (const [index, { layer, mapping }] of parts.entries()) {
    const refuse: Refuse = (steps, lower, higher) => {
      const below = parts.slice(0, index).findLast((part) => hasPath(part.mapping, steps));
      throw new BuildError(
        `cannot merge "${file}": ${writePath(steps)} is ${describeValue(higher)} in "${layer}" and ${describeValue(lower)} in "${below?.layer}" below it; make them alike`,
      );
    };
    merged = mergeTwo(merged, mapping, [], refuse);
  }
  return merged;
}

/** `a.b."c d"`: a key path as errors write it. */
export function writePath(steps: readonly unknown[]): string {
  return steps.reduce((path: string, step) => keyStep(path, String(step)), '');
}

type Refuse = (steps: readonly unknown[], lower: unknown, higher: unknown) => never;

function mergeTwo(lower: Mapping, higher: Mapping, above: readonly unknown[], refuse: Refuse): Mapping {
  const merged = new Map(lower);
  for (const [key, value] of higher) {
    merged.set(key, mergeValues(lower.get(key), value, [...above, key], refuse));
  }
  return merged;
}

function mergeValues(lower: unknown, higher: unknown, steps: readonly unknown[], refuse: Refuse): unknown {
  if (isFalsy(lower)) return higher;
  if (higher instanceof Map) {
    if (lower instanceof Map) return mergeTwo(lower, higher, steps, refuse);
    return higher.size === 0 ? lower : refuse(steps, lower, higher);
  }
  if (Array.isArray(higher)) {
    if (Array.isArray(lower)) return joinLists(lower, higher);
    return higher.length === 0 ? lower : refuse(steps, lower, higher);
  }
  return higher;
}

/** The lower list, then what is new in the higher one. */
export function joinLists(lower: readonly unknown[], higher: readonly unknown[]): readonly unknown[] {
  const joined = [...lower];
  for (const item of higher) if (!joined.some((other) => isAlike(other, item))) joined.push(item);
  return joined;
}

/** Whether two values are equal in the reference's language, to which true is 1 and false is 0. */
function isAlike(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(withoutBooleans(left), withoutBooleans(right));
}

function withoutBooleans(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return value.map(withoutBooleans);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withoutBooleans(item)]));
  return value;
}

/** What the reference's language takes for false; undefined, which it has not, too. */
export function isFalsy(value: unknown): boolean {
  if (value instanceof Map) return value.size === 0;
  return Array.isArray(value) ? value.length === 0 : !value;
}

function hasPath(mapping: Mapping, steps: readonly unknown[]): boolean {
  let value: unknown = mapping;
  for (const step of steps) {
    if (!(value instanceof Map) || !value.has(step)) return false;
    value = value.get(step);
  }
  return true;
}
