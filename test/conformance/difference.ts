import type { JsonValue } from 'charms-reactive';

/** Says where two values first differ and how; undefined when they are equal. */
export function firstDifference(expected: JsonValue, actual: JsonValue, where: string): string | undefined {
  if (isBranch(expected) && isBranch(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const [left, right] = [expected, actual].map((side) =>
        Object.hasOwn(side, key) ? Reflect.get(side, key) : undefined,
      );
      const difference = firstDifference(
        left,
        right,
        `${where}${Array.isArray(expected) ? `[${key}]` : `.${key}`}`,
      );
      if (difference) return difference;
    }
    return undefined;
  }
  if (expected === actual) return undefined;
  return `${where}: expected ${show(expected)}, got ${show(actual)}`;
}

function isBranch(
  value: JsonValue | undefined,
): value is Exclude<JsonValue, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function show(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);
}
