/**
 * Orders relation ids and unit names by name, then by number: `db:2` before `db:10`, `redis/2` before `redis/10`.
 *
 * The reference sorts them as text, which puts 10 before 2 and makes the wrong unit win in merged data.
 */
export function compareNumbered(a: string, b: string): number {
  return compareParts(split(a), split(b));
}

/** Items in that order of their first name, then of their second; each name is looked at once. */
export function sortNumbered<T>(items: Iterable<T>, namesOf: (item: T) => readonly [string, string]): T[] {
  // Most first names are the same.
  let last: { readonly text: string; readonly parts: Parts } | undefined;
  const parts = Array.from(items, (item) => {
    const [first, second] = namesOf(item);
    if (last?.text !== first) last = { text: first, parts: split(first) };
    return { item, first: last.parts, second: split(second) };
  });
  parts.sort(
    (a, b) => (a.first === b.first ? 0 : compareParts(a.first, b.first)) || compareParts(a.second, b.second),
  );
  return parts.map(({ item }) => item);
}

interface Parts {
  readonly name: string;
  readonly number: number;
}

function compareParts(a: Parts, b: Parts): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.number - b.number;
}

function split(text: string): Parts {
  const end = Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1;
  const number = text.slice(end);
  return end > 0 && /^\d+$/.test(number)
    ? { name: text.slice(0, end), number: Number(number) }
    : { name: text, number: -1 };
}
