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

type Parts = readonly [name: string, number: number];

function compareParts([nameA, numberA]: Parts, [nameB, numberB]: Parts): number {
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return numberA - numberB;
}

function split(text: string): Parts {
  const match = /^(.*[:/])(\d+)$/s.exec(text);
  return match?.[1] === undefined ? [text, -1] : [match[1], Number(match[2])];
}
