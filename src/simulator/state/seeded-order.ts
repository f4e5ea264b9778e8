import { createHash } from 'node:crypto';

/**
 * The items in an order that looks random and depends on `seed` and their keys alone, so that the same run comes out the
 * same again. Juju promises no order across relations; a charm that relies on one should be found out.
 */
export function shuffled<Item>(items: readonly Item[], seed: string, keyOf: (item: Item) => string): Item[] {
  if (items.length < 2) return [...items];
  const placed = items.map((item) => ({ item, place: digest(`${seed} ${keyOf(item)}`) }));
  placed.sort((a, b) => (a.place < b.place ? -1 : 1));
  return placed.map(({ item }) => item);
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
