import type { CodePlace } from '../../analysis/syntax-tree.ts';
import type { FindingPlace } from '../finding.ts';

/** A list for a sentence: `a`, `a and b`, `a, b and c`; past five, how many more. */
export function listNames(names: readonly string[]): string {
  const different = [...new Set(names)];
  const shown = different.length > 5 ? [...different.slice(0, 4), `${different.length - 4} more`] : different;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Where something stands, for the end of a finding. */
export function writePlace({ file, line }: CodePlace): string {
  return `(${file}:${line})`;
}

/** The same for those who read findings as data. */
export function placeAt(place: CodePlace, key: string): FindingPlace {
  return { file: place.file, line: place.line, key };
}

/** The name that is meant, where one of them is a slip away. */
export function findNearest(name: string, names: readonly string[]): string | undefined {
  const most = Math.min(3, Math.max(1, Math.floor(name.length / 4)));
  let best: { readonly name: string; readonly steps: number } | undefined;
  for (const one of names) {
    const steps = countSteps(name, one, most);
    if (steps <= most && steps < (best?.steps ?? Infinity)) best = { name: one, steps };
  }
  return best?.name;
}

/** How many letters must be changed, added, taken away or swapped to make one name of the other; more than `most` is not counted out. */
function countSteps(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= other.length; j++) {
      const change = at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swap = isSwapped ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(change, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(one.length, other.length);
}
