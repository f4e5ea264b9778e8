import { type JsonValue, tryParsePythonJson } from '../store/python-json.ts';
import type { RawBag } from '../tools/hook-tools.ts';

/**
 * A databag as the other side wrote it, values decoded from JSON; what is no JSON is given as the text it is.
 *
 * A key that is not there reads as null (the reference's rule). Nothing in it can be changed. What the other side wrote
 * is not checked: look at a value's type before relying on it.
 */
export type ReceivedData = { readonly [key: string]: JsonValue };

/** A databag as the other side wrote it, as text; a key that is not there reads as null. */
export type ReceivedRaw = { readonly [key: string]: string | null };

/** The decoded and the raw view of one databag. */
export interface ReceivedViews {
  readonly decoded: ReceivedData;
  readonly raw: ReceivedRaw;
}

/** Makes both views of a bag. Values are decoded once, when first looked at. */
export function makeReceivedViews(bag: RawBag): ReceivedViews {
  return {
    raw: new Proxy<{ [key: string]: string }>(NOTHING, new RawView(bag)),
    decoded: new Proxy<{ [key: string]: JsonValue }>(NOTHING, new DecodedView(bag)),
  };
}

/** One value of a databag, decoded; text that is no JSON, and the empty text, stand for themselves. */
export function decodeValue(text: string): JsonValue {
  // What the store kept of a unit that left may be no text at all, if someone else wrote it.
  if (typeof text !== 'string' || text === '') return text;
  const value = tryParsePythonJson(text);
  return value === undefined ? text : freeze(value);
}

/** A copy of a bag without prototype, so that no key means anything but itself. */
export function copyBag(bag: RawBag): Record<string, string> {
  return Object.assign(Object.create(null), bag);
}

/** What every view is a proxy of; nothing gets there. */
const NOTHING: { [key: string]: never } = Object.create(null);

/** What a view answers: one object for each, since there may be hundreds of bags. */
abstract class View<T> implements ProxyHandler<{ [key: string]: T }> {
  protected readonly bag: RawBag;

  constructor(bag: RawBag) {
    this.bag = bag;
  }

  protected abstract read(key: string): T;

  get(_: object, key: string | symbol): T | null | undefined {
    if (typeof key !== 'string') return undefined;
    return Object.hasOwn(this.bag, key) ? this.read(key) : null;
  }

  has(_: object, key: string | symbol): boolean {
    return typeof key === 'string' && Object.hasOwn(this.bag, key);
  }

  ownKeys(): string[] {
    return Object.keys(this.bag);
  }

  getOwnPropertyDescriptor(_: object, key: string | symbol): PropertyDescriptor | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.bag, key)) return undefined;
    return { value: this.read(key), enumerable: true, configurable: true, writable: false };
  }

  set(_: object, key: string | symbol): never {
    return refuse(key);
  }

  defineProperty(_: object, key: string | symbol): never {
    return refuse(key);
  }

  deleteProperty(_: object, key: string | symbol): never {
    return refuse(key);
  }

  setPrototypeOf(): never {
    return refuse('prototype');
  }

  preventExtensions(): never {
    return refuse('extensibility');
  }
}

class RawView extends View<string> {
  protected read(key: string): string {
    return this.bag[key] ?? '';
  }
}

class DecodedView extends View<JsonValue> {
  #decoded: Map<string, JsonValue> | undefined;

  protected read(key: string): JsonValue {
    this.#decoded ??= new Map();
    let value = this.#decoded.get(key);
    if (value === undefined) {
      value = decodeValue(this.bag[key] ?? '');
      this.#decoded.set(key, value);
    }
    return value;
  }
}

function refuse(key: string | symbol): never {
  throw new TypeError(`cannot change "${String(key)}": what the other side wrote is read-only`);
}

/** Freezes decoded JSON all the way down, so that an edit in place, which could never reach anyone, throws. */
function freeze(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
