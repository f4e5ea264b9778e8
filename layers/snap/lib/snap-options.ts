import type { JsonValue, Unit } from 'charms-reactive';

/** How a snap is installed; the names are those of layer.yaml. */
export interface SnapOptions {
  /** `stable` if not given. */
  readonly channel?: string;
  readonly devmode?: boolean;
  readonly jailmode?: boolean;
  readonly dangerous?: boolean;
  readonly classic?: boolean;
  readonly revision?: string | number | null;
  /** Pairs of a plug and a slot, for `connectAll`. */
  readonly connect?: readonly (readonly [plug: string, slot: string])[];
}

/** A snap as layer.yaml has it. */
export interface WantedSnap {
  readonly name: string;
  readonly options: SnapOptions;
  /** Whether it is to be gone. */
  readonly remove: boolean;
  /** The machines it is for, as `uname -m` names them; any if empty. */
  readonly architectures: readonly string[];
}

/** The snaps of layer.yaml, `core` first. @throws Error, naming the option, for one of the wrong type. */
export function readSnaps(unit: Unit): WantedSnap[] {
  return Object.entries(unit.layerOptions('snap'))
    .map(([name, options]) => readSnap(name, options))
    .sort((a, b) => Number(b.name === 'core') - Number(a.name === 'core'));
}

/** The arguments that say how a snap is installed. */
export function snapArguments(options: SnapOptions): string[] {
  const { channel = 'stable', revision } = options;
  const flags = (['devmode', 'jailmode', 'dangerous', 'classic'] as const).filter(
    (flag) => options[flag] === true,
  );
  return [
    `--channel=${channel}`,
    ...flags.map((flag) => `--${flag}`),
    ...(revision === undefined || revision === null ? [] : [`--revision=${revision}`]),
  ];
}

function readSnap(name: string, given: JsonValue): WantedSnap {
  const fields = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
  const take = <T extends JsonValue>(option: string, is: (value: JsonValue) => value is T): T | undefined => {
    const value = fields.get(option) ?? null;
    if (value === null) return undefined;
    if (is(value)) return value;
    throw new Error(
      `cannot use the layer option "snap.${name}.${option}": layer.yaml says ${JSON.stringify(value)}`,
    );
  };
  const options: SnapOptions = {
    channel: take('channel', isText) ?? 'stable',
    devmode: take('devmode', isBoolean) ?? false,
    jailmode: take('jailmode', isBoolean) ?? false,
    dangerous: take('dangerous', isBoolean) ?? false,
    classic: take('classic', isBoolean) ?? false,
    revision: take('revision', isRevision) ?? null,
    connect: take('connect', arePairs) ?? [],
  };
  return {
    name,
    options,
    remove: take('remove', isBoolean) ?? false,
    architectures: take('supported-architectures', areTexts) ?? [],
  };
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isBoolean(value: JsonValue): value is boolean {
  return typeof value === 'boolean';
}

function isRevision(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function areTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function arePairs(value: JsonValue): value is [string, string][] {
  return Array.isArray(value) && value.every((pair) => areTexts(pair) && pair.length === 2);
}
