import { compareNaturally } from '../hook-tools/natural-order.ts';
import { formatValue } from '../hook-tools/tool-output.ts';

/** Data as `--format json` prints it: on one line, keys in the order they have. */
export function formatJson(value: unknown): string {
  return formatValue(ordered(value), 'json');
}

/** Data as `--format yaml` prints it: keys in the order they have, lists not indented. */
export function formatYaml(value: unknown): string {
  return formatValue(ordered(value), 'yaml');
}

/** A record with its keys in natural order, as Juju's YAML has those that are names: `web/2` before `web/10`. */
export function sortNaturally<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareNaturally(a, b)));
}

/** `{ [key]: value }`, or nothing where Juju leaves an empty value out. */
export function unlessEmpty<Key extends string, Value>(
  key: Key,
  value: Value,
): Readonly<Record<Key, Value>> | Record<never, never> {
  const isEmpty =
    value === '' ||
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return isEmpty ? {} : { [key]: value };
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return new Map(entries.map(([key, member]) => [key, ordered(member)]));
}
