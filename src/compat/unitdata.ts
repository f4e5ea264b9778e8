import { runningUnit } from '../charm/running-unit.ts';
import type { Delta } from '../store/delta.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';

/** The unit's own data by the names it has in charm-helpers' `unitdata`; it lasts from hook to hook. */
export interface KeyValues {
  /** The value of a key; `fallback` when the key is not there. */
  get(key: string, fallback?: JsonValue): JsonValue;
  /** Every key that starts with `key_prefix`, to its value; with `strip` the prefix is taken off the keys. */
  getrange(key_prefix: string, strip?: boolean): Record<string, JsonValue>;
  /** Sets a key and gives the value. @throws TypeError, naming the key, when the value has no JSON form. */
  set<V extends JsonValue>(key: string, value: V): V;
  /** Sets every entry of a mapping, with `prefix` put before each key. */
  update(mapping: Readonly<Record<string, JsonValue>>, prefix?: string): void;
  /** Removes a key; one that is not there is fine. */
  unset(key: string): void;
  /** Removes the given keys, each with `prefix` before it; without keys, every key that starts with `prefix`. */
  unsetrange(keys?: readonly string[] | null, prefix?: string): void;
  /** What is different in a mapping from what is stored under `prefix`: added, removed and changed keys. */
  delta(mapping: Readonly<Record<string, JsonValue>>, prefix: string): Record<string, Delta>;
  /** Does nothing: everything is kept when the hook succeeds, and only then. */
  flush(): void;
}

/** The unit's own data. The object may be made as a module is loaded; its methods are for handlers. */
export function kv(): KeyValues {
  return keyValues;
}

const keyValues: KeyValues = Object.freeze<KeyValues>({
  get: (key, fallback = null) => data('get').get(key, fallback),
  getrange: (prefix, strip = false) => data('getrange').getRange(prefix, { strip }),
  set: (key, value) => {
    data('set').set(key, value);
    return value;
  },
  update: (mapping, prefix = '') => data('update').update(mapping, prefix),
  unset: (key) => data('unset').unset(key),
  unsetrange: (keys = null, prefix = '') => data('unsetrange').unsetRange(keys, prefix),
  delta: (mapping, prefix) => data('delta').delta(mapping, prefix),
  flush: () => undefined,
});

function data(method: string): UnitData {
  return runningUnit(`kv().${method}`).kv;
}
