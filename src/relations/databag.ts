import { dumpPythonJson, type JsonValue } from '../store/python-json.ts';
import type { RawBag } from '../tools/hook-tools.ts';
import { copyBag, decodeValue } from './received-data.ts';

/**
 * What we publish, as values: each is written as the JSON text Python would write, keys sorted.
 *
 * Assigning null or undefined, or `delete`, withdraws a key. A value that is read back cannot be edited in place: assign
 * a new one. Everything goes out when the hook succeeds, and only what differs from what is published already.
 */
export type PublishedData = { [key: string]: JsonValue | undefined };

/** What we publish, as the text it is. Text only: null, undefined, the empty text or `delete` withdraw a key. */
export type PublishedRaw = { [key: string]: string | null | undefined };

/** How a databag of ours is reached. */
export interface DatabagSource {
  /** Names the bag in errors: `db:3, unit redis/0`. */
  readonly name: string;
  /** What is published now; asked at most once. */
  readonly read: () => RawBag;
  /** Throws where this unit may not write the bag; asked before the first write. */
  readonly assertWritable?: () => void;
}

/** A databag of our own: what is published, what this hook changes in it, and what of that is really new. */
export class Databag {
  readonly data: PublishedData;
  readonly raw: PublishedRaw;
  readonly #source: DatabagSource;
  #published: Record<string, string> | undefined;
  #pending: Record<string, string> | undefined;

  constructor(source: DatabagSource) {
    this.#source = source;
    this.data = this.#view<JsonValue>({
      read: decodeValue,
      write: (key, value) => dumpJson(`${source.name}, key "${key}"`, value),
    });
    this.raw = this.#view<string>({ read: (text) => text, write: (_, value) => textOf(value) });
  }

  /** What has to be told Juju: changed keys with their text, withdrawn ones with `''`. Empty when nothing changed. */
  changes(): Record<string, string> {
    const changes: Record<string, string> = Object.create(null);
    if (!this.#pending || !this.#published) return changes;
    for (const [key, text] of Object.entries(this.#pending))
      if (this.#published[key] !== text) changes[key] = text;
    for (const key of Object.keys(this.#published)) if (!Object.hasOwn(this.#pending, key)) changes[key] = '';
    return changes;
  }

  /** Makes the bag as published look like what this hook wants, once Juju was told. */
  settle(): void {
    if (this.#pending) this.#published = copyBag(this.#pending);
  }

  #now(): Record<string, string> {
    if (!this.#pending) {
      this.#published ??= copyBag(this.#source.read());
      this.#pending = copyBag(this.#published);
    }
    return this.#pending;
  }

  #put(key: string, text: string | undefined): void {
    this.#source.assertWritable?.();
    if (key === '') this.#refuse('a key cannot be empty');
    if (text === undefined || text === '') delete this.#now()[key];
    else this.#now()[key] = text;
  }

  #view<T>(form: {
    readonly read: (text: string) => T;
    readonly write: (key: string, value: unknown) => string | undefined;
  }): { [key: string]: T } {
    return new Proxy<{ [key: string]: T }>(Object.create(null), {
      get: (_, key) => {
        const text = typeof key === 'string' ? this.#own(key) : undefined;
        if (text !== undefined) return form.read(text);
        return typeof key === 'string' ? null : undefined;
      },
      has: (_, key) => typeof key === 'string' && this.#own(key) !== undefined,
      set: (_, key, value) => this.#assign(key, value, form.write),
      defineProperty: (_, key, descriptor) => this.#assign(key, descriptor.value, form.write),
      setPrototypeOf: () => this.#refuse('its prototype cannot be changed'),
      preventExtensions: () => this.#refuse('it cannot be frozen'),
      deleteProperty: (_, key) => {
        this.#put(String(key), undefined);
        return true;
      },
      ownKeys: () => Object.keys(this.#now()),
      getOwnPropertyDescriptor: (_, key) => {
        const text = typeof key === 'string' ? this.#own(key) : undefined;
        if (text === undefined) return undefined;
        return { value: form.read(text), enumerable: true, configurable: true, writable: true };
      },
    });
  }

  #assign(
    key: string | symbol,
    value: unknown,
    write: (key: string, value: unknown) => string | undefined,
  ): true {
    if (typeof key === 'symbol') return this.#refuse(`${String(key)} is no key; keys are text`);
    this.#put(key, value === null || value === undefined ? undefined : write(key, value));
    return true;
  }

  #refuse(why: string): never {
    throw new TypeError(`cannot publish in ${this.#source.name}: ${why}`);
  }

  #own(key: string): string | undefined {
    const bag = this.#now();
    return Object.hasOwn(bag, key) ? bag[key] : undefined;
  }
}

function dumpJson(where: string, value: unknown): string {
  try {
    return dumpPythonJson(value, { sortKeys: true });
  } catch (error) {
    throw new TypeError(
      `cannot publish in ${where}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Raw peers read what Python's `str` makes of a value, so that is what a boolean becomes: `True`, not `true`. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
