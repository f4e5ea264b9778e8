/**
 * The items in an order that looks random and depends on `seed` and their keys alone, so that the same run comes out the
 * same again. Juju promises no order across relations; a charm that relies on one should be found out.
 */
export function shuffled<Item>(items: readonly Item[], seed: string, keyOf: (item: Item) => string): Item[] {
  if (items.length < 2) return [...items];
  const placed = items.map((item) => ({ item, place: digest(`${seed} ${keyOf(item)}`) }));
  placed.sort((a, b) => a.place - b.place);
  return placed.map(({ item }) => item);
}

/**
 * A number that looks random, of 32 bits: FNV-1a over the text's code units, and then the bits mixed (as in MurmurHash 3), so
 * that texts that differ in their last character only lie far apart.
 */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
