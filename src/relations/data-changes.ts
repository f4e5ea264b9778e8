import { createHash } from 'node:crypto';
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { dumpPythonJson } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';

/** Where the store keeps the hash of what was last seen: `reactive.data_changed.<id>`. */
export const DATA_CHANGED_PREFIX = 'reactive.data_changed.';

/** How data is hashed. */
export interface HashOptions {
  /** Any hash the runtime knows. md5 unless given, so that hashes a Python charm stored still hold. */
  readonly hash?: string;
}

/**
 * Whether a value differs from the one given under this id the last time, and remembers it.
 *
 * Compared are hashes of the value's JSON, keys sorted, as Python writes it. The first time counts as a change.
 * @throws TypeError when the value has no JSON form.
 */
export function dataChanged(store: UnitData, id: string, value: unknown, options: HashOptions = {}): boolean {
  return textChanged(store, id, dumpPythonJson(value, { sortKeys: true }), options);
}

/** Like `dataChanged`, but remembers nothing. */
export function isDataChanged(
  store: UnitData,
  id: string,
  value: unknown,
  options: HashOptions = {},
): boolean {
  const hash = hashText(dumpPythonJson(value, { sortKeys: true }), options);
  return store.get(DATA_CHANGED_PREFIX + id) !== hash;
}

/** `dataChanged` for a value whose Python JSON text is at hand. */
export function textChanged(store: UnitData, id: string, text: string, options: HashOptions = {}): boolean {
  const hash = hashText(text, options);
  if (store.get(DATA_CHANGED_PREFIX + id) === hash) return false;
  store.set(DATA_CHANGED_PREFIX + id, hash);
  return true;
}

/** md5 is computed here: the runtime's own would have to be loaded, at the cost of much else, and where FIPS rules it refuses. */
function hashText(text: string, { hash = 'md5' }: HashOptions): string {
  if (hash === 'md5') return bytesToHex(md5(Buffer.from(text, 'utf8')));
  try {
    return createHash(hash).update(text, 'utf8').digest('hex');
  } catch (error) {
    throw new TypeError(`cannot hash data: no hash is called "${hash}"`, { cause: error });
  }
}
