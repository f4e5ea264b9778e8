import type { JsonValue } from './python-json.ts';

/**
 * A copy that the caller may change, as reading the value's JSON text would give it; undefined where that may give something
 * else: for what JSON has no word for, `-0`, and objects that are more than their keys.
 */
export function copyPlainJson(value: unknown): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? copyItems(value) : copyKeys(value);
    default:
      return undefined;
  }
}

function copyItems(items: readonly unknown[]): JsonValue | undefined {
  const copies: JsonValue[] = [];
  for (const item of items) {
    const copy = copyPlainJson(item);
    if (copy === undefined) return undefined;
    copies.push(copy);
  }
  return copies;
}

function copyKeys(value: object): JsonValue | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== null && prototype !== Object.prototype) || 'toJSON' in value) return undefined;
  const source = value as Readonly<Record<string, unknown>>;
  const copies: Record<string, JsonValue> = Object.create(null);
  for (const key of Object.keys(source)) {
    const copy = copyPlainJson(source[key]);
    if (copy === undefined) return undefined;
    copies[key] = copy;
  }
  return copies;
}
