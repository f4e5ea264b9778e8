import type { JsonValue, Unit } from 'charms-reactive';

/**
 * The options that layer.yaml gives one layer, defaults filled in by the builder, by type. An option that is not there reads
 * as nothing: `''`, 0, false, no items.
 */
export class LayerOptions {
  readonly #layer: string;
  readonly #values: Readonly<Record<string, JsonValue>>;

  constructor(unit: Unit, layer: string) {
    this.#layer = layer;
    this.#values = unit.layerOptions(layer);
  }

  /** Every option, by name. */
  get values(): Readonly<Record<string, JsonValue>> {
    return this.#values;
  }

  /** An option as it is; null where there is none of that name. */
  get(option: string): JsonValue {
    return Object.hasOwn(this.#values, option) ? (this.#values[option] ?? null) : null;
  }

  /** A text. @throws Error when it is of another type. */
  string(option: string): string {
    return this.#typed(option, { is: isString, what: 'a text', missing: '' });
  }

  /** A number. @throws Error when it is of another type. */
  number(option: string): number {
    return this.#typed(option, { is: isNumber, what: 'a number', missing: 0 });
  }

  /** A flag that is on or off. @throws Error when it is of another type. */
  boolean(option: string): boolean {
    return this.#typed(option, { is: isBoolean, what: 'a boolean', missing: false });
  }

  /** A list of texts. @throws Error when it is of another type. */
  list(option: string): readonly string[] {
    return this.#typed(option, { is: isList, what: 'a list of texts', missing: [] });
  }

  #typed<T extends JsonValue>(
    option: string,
    type: { readonly is: (value: JsonValue) => value is T; readonly what: string; readonly missing: T },
  ): T {
    const value = this.get(option);
    if (value === null) return type.missing;
    if (type.is(value)) return value;
    throw new Error(
      `cannot read the layer option "${this.#layer}.${option}" as ${type.what}: layer.yaml says ${JSON.stringify(value)}`,
    );
  }
}

function isString(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isNumber(value: JsonValue): value is number {
  return typeof value === 'number';
}

function isBoolean(value: JsonValue): value is boolean {
  return typeof value === 'boolean';
}

function isList(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every(isString);
}
