import { MetadataError, type MetadataFault } from './metadata-error.ts';

/**
 * Reads a parsed document with `read`, which takes it apart field by field and notes what is wrong on the way.
 *
 * Throws one `MetadataError` with every fault noted; else returns what `read` returned.
 */
export function readDocument<T>(value: unknown, file: string, read: (root: Field) => T): T {
  const faults: MetadataFault[] = [];
  const result = read(new Field(value, '', faults));
  const [first, ...rest] = faults;
  if (first !== undefined) throw new MetadataError(file, [first, ...rest]);
  return result;
}

/**
 * A value at its place in a document.
 *
 * Each reading method either returns the value in the type asked for, or notes a fault and returns undefined (or an
 * empty list): the caller goes on, so that all faults come out together. The types are Juju's: a string is not made
 * of a number, while a boolean or an integer may also be written as a string.
 */
export class Field {
  readonly value: unknown;
  readonly path: string;
  readonly #faults: MetadataFault[];

  constructor(value: unknown, path: string, faults: MetadataFault[]) {
    this.value = value;
    this.path = path;
    this.#faults = faults;
  }

  /** Whether the key is there with nothing after it (null). */
  get isNull(): boolean {
    return this.value === null || this.value === undefined;
  }

  /** Whether this is a mapping, of whatever keys. */
  get isMapping(): boolean {
    return mappingEntries(this.value) !== undefined;
  }

  /** Notes that this value breaks a rule. */
  fault(reason: string): void {
    this.#faults.push({ keyPath: this.path, reason });
  }

  /** The entries of a mapping (a `Map` or a plain object) in order. Notes a fault for any other value or key. */
  entries(): readonly (readonly [string, Field])[] {
    const pairs = mappingEntries(this.value);
    if (pairs === undefined) {
      this.fault(`must be a mapping, got ${describeValue(this.value)}`);
      return [];
    }
    const fields: [string, Field][] = [];
    for (const [key, value] of pairs) {
      if (typeof key === 'string') fields.push([key, this.#below(keyStep(this.path, key), value)]);
      else this.fault(`keys must be strings, got ${describeValue(key)}; put it in quotes`);
    }
    return fields;
  }

  /** The entries by key; of equal keys, which only a `Map` of mixed key types could hold, the last. */
  members(): ReadonlyMap<string, Field> {
    return new Map(this.entries());
  }

  /** The items of a list. */
  items(): readonly Field[] {
    if (Array.isArray(this.value)) {
      return Array.from(this.value, (item: unknown, index) => this.#below(`${this.path}[${index}]`, item));
    }
    this.fault(`must be a list, got ${describeValue(this.value)}`);
    return [];
  }

  /** A string, not made of another type. */
  string(): string | undefined {
    if (typeof this.value === 'string') return this.value;
    this.fault(`must be a string, got ${describeValue(this.value)}`);
    return undefined;
  }

  /** A string with at least one character. */
  nonEmptyString(): string | undefined {
    const text = this.string();
    if (text === '') this.fault('must not be empty');
    return text === '' ? undefined : text;
  }

  /** A list of strings; a lone string is a list of one. */
  strings(): readonly string[] {
    if (typeof this.value === 'string') return [this.value];
    return this.items().flatMap((item) => item.string() ?? []);
  }

  /** A boolean, or a string that Go's ParseBool takes (`1 t T TRUE true True` and their opposites). */
  boolean(): boolean | undefined {
    if (typeof this.value === 'boolean') return this.value;
    if (typeof this.value === 'string' && PARSE_BOOL.has(this.value)) return PARSE_BOOL.get(this.value);
    this.fault(`must be true or false, got ${describeValue(this.value)}`);
    return undefined;
  }

  /** An integer, or a string of decimal digits. */
  integer(): number | undefined {
    const { value } = this;
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    this.fault(`must be an integer, got ${describeValue(value)}`);
    return undefined;
  }

  /** One of a few words. */
  oneOf<Word extends string>(...words: readonly Word[]): Word | undefined {
    const found = words.find((word) => word === this.value);
    if (found === undefined) {
      this.fault(`must be ${listWords(words.map((word) => `"${word}"`))}, got ${describeValue(this.value)}`);
    }
    return found;
  }

  /**
   * The value as plain data: mappings become objects without a prototype, so that `__proto__` and `constructor` are
   * keys like any other. A mapping or list inside itself is a fault.
   */
  plain(above: readonly unknown[] = []): unknown {
    if (typeof this.value !== 'object' || this.value === null) return this.value;
    if (above.includes(this.value) || above.length > DEEPEST) {
      this.fault(above.includes(this.value) ? 'must not contain itself' : 'is nested too deep');
      return null;
    }
    const within = [...above, this.value];
    if (Array.isArray(this.value)) return this.items().map((item) => item.plain(within));
    return toRecord(this.entries().map(([key, field]) => [key, field.plain(within)]));
  }

  #below(path: string, value: unknown): Field {
    return new Field(value, path, this.#faults);
  }
}

const DEEPEST = 100;

/** What Go's ParseBool understands. */
export const PARSE_BOOL: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false] as const),
]);

/** A value in an error message: scalars as JSON, `nothing` for null, else what kind of thing it is. Never throws. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (Array.isArray(value)) return 'a list';
  return mappingEntries(value) === undefined ? `a ${typeof value}` : 'a mapping';
}

/** The key path of `key` below `path`; a key that is not a plain word is quoted. */
export function keyStep(path: string, key: string): string {
  const step = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? step : `${path}.${step}`;
}

/** The entries of a `Map` or a plain object; undefined for anything else. */
export function mappingEntries(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (value instanceof Map) return [...value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : undefined;
}

/** An object of these entries, without a prototype. */
export function toRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return record;
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
