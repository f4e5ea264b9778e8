import { equalAsPython, type JsonValue } from './python-json.ts';

/** How one key differs: null stands for a key that is not there on that side. */
export interface Delta {
  readonly previous: JsonValue;
  readonly current: JsonValue;
}

/** The keys that were added, removed or changed between two sets of values; equal ones are left out. */
export function computeDelta(
  previous: Readonly<Record<string, JsonValue>>,
  current: Readonly<Record<string, JsonValue>>,
): Record<string, Delta> {
  const delta: Record<string, Delta> = Object.create(null);
  for (const [key, value] of Object.entries(current)) {
    const before = previous[key];
    if (before === undefined) delta[key] = { previous: null, current: value };
    else if (!equalAsPython(before, value)) delta[key] = { previous: before, current: value };
  }
  for (const [key, value] of Object.entries(previous)) {
    if (!Object.hasOwn(current, key)) delta[key] = { previous: value, current: null };
  }
  return delta;
}
