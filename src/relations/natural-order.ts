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
  const parts = Array.from(items, (item) => {
    const [first, second] = namesOf(item);
    return { item, first: split(first), second: split(second) };
  });
  parts.sort((a, b) => compareParts(a.first, b.first) || compareParts(a.second, b.second));
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
