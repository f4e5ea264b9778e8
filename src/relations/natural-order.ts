/**
 * Orders relation ids and unit names by name, then by number: `db:2` before `db:10`, `redis/2` before `redis/10`.
 *
 * The reference sorts them as text, which puts 10 before 2 and makes the wrong unit win in merged data.
 */
export function compareNumbered(a: string, b: string): number {
  const [nameA, numberA] = split(a);
  const [nameB, numberB] = split(b);
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return numberA - numberB;
}

function split(text: string): [name: string, number: number] {
  const match = /^(.*[:/])(\d+)$/s.exec(text);
  return match?.[1] === undefined ? [text, -1] : [match[1], Number(match[2])];
}
