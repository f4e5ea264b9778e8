/**
 * Whether Python's `if` would take a value for true, so that `toggle_flag('x', this.relations)` means what it did: besides
 * what JavaScript takes for false, empty lists, maps, sets and plain objects are.
 */
export function isPythonTrue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  const { length, size } = value as { readonly length?: unknown; readonly size?: unknown };
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return (length ?? size) !== 0;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return Object.keys(value).length > 0;
  return length !== 0;
}
