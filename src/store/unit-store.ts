import type { Delta } from './delta.ts';
import type { JsonValue } from './python-json.ts';

/** One earlier value of a key, recorded inside a hook scope. */
export interface Revision {
  /** The number of the hook run that wrote it, counted from 1. */
  readonly revision: number;
  readonly key: string;
  /** The value written, or `'DELETED'` where the key was unset. */
  readonly value: JsonValue;
  /** The name given to the hook scope. */
  readonly hook: string;
  /** When the scope began, UTC, as ISO 8601 without a zone. */
  readonly date: string;
}

/**
 * The unit's own key-value data, which lasts from hook to hook.
 *
 * Values are JSON; each read gives a fresh copy. Nothing written here lasts unless the hook succeeds.
 */
export interface UnitData {
  /** The value of a key; `fallback` (null unless given) when the key is not there. */
  get(key: string, fallback?: JsonValue): JsonValue;
  /** Every key that starts with `prefix`, to its value; with `strip` the prefix is taken off the keys. */
  getRange(prefix: string, options?: { readonly strip?: boolean }): Record<string, JsonValue>;
  /** @throws TypeError, naming the key, when the value has no JSON form. */
  set(key: string, value: JsonValue): void;
  /** Sets every entry of `values`, with `prefix` put before each key. */
  update(values: Readonly<Record<string, JsonValue>>, prefix?: string): void;
  /** Removes a key; a key that is not there is fine. */
  unset(key: string): void;
  /** Removes the given keys, each with `prefix` before it; with null, every key that starts with `prefix`. */
  unsetRange(keys: readonly string[] | null, prefix?: string): void;
  /** What is different in `values` from what is stored under `prefix`: added, removed and changed keys. */
  delta(values: Readonly<Record<string, JsonValue>>, prefix: string): Record<string, Delta>;
}

/** The store behind `UnitData`: a transaction that the end of the hook commits or rolls back. */
export interface UnitStore extends UnitData {
  /**
   * Runs `body` with every write recorded as a revision of its key (where the store keeps revisions), then commits;
   * rolls back and rethrows when `body` throws.
   * @throws Error when a scope is already open.
   */
  hookScope<T>(name: string, body: (revision: number) => T | Promise<T>): Promise<T>;
  /** Every key that starts with `prefix`, in order; their values are not read. */
  listKeys(prefix: string): string[];
  /** The keys that start with `prefix`, in order, each with its value's JSON text as it is stored. */
  listTexts(prefix: string): { readonly key: string; readonly data: string }[];
  /** The recorded revisions of a key, oldest first. */
  history(key: string): Revision[];
  /** Makes everything written so far last; with `save: false`, drops it. */
  flush(save?: boolean): void;
  /** Drops what was not flushed and closes the file. Safe to call twice. */
  close(): void;
}
