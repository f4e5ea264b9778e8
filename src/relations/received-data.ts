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
  const decoded = new Map<string, JsonValue>();
  return {
    raw: makeView(bag, (key) => bag[key] ?? null),
    decoded: makeView(bag, (key) => {
      let value = decoded.get(key);
      if (value === undefined) {
        value = decodeValue(bag[key] ?? '');
        decoded.set(key, value);
      }
      return value;
    }),
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

function makeView<T>(bag: RawBag, read: (key: string) => T): { readonly [key: string]: T } {
  const keys = Object.keys(bag);
  const refuse = (key: string | symbol): never => {
    throw new TypeError(`cannot change "${String(key)}": what the other side wrote is read-only`);
  };
  return new Proxy<{ [key: string]: T }>(Object.create(null), {
    get: (_, key) => (typeof key === 'string' ? (Object.hasOwn(bag, key) ? read(key) : null) : undefined),
    has: (_, key) => typeof key === 'string' && Object.hasOwn(bag, key),
    ownKeys: () => keys,
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === 'string' && Object.hasOwn(bag, key)
        ? { value: read(key), enumerable: true, configurable: true, writable: false }
        : undefined,
    set: (_, key) => refuse(key),
    defineProperty: (_, key) => refuse(key),
    deleteProperty: (_, key) => refuse(key),
    setPrototypeOf: () => refuse('prototype'),
    preventExtensions: () => refuse('extensibility'),
  });
}

/** Freezes decoded JSON all the way down, so that an edit in place, which could never reach anyone, throws. */
function freeze(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
