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
  const most = Math.min(3, Math.floor(name.length / 4));
  let best: { readonly name: string; readonly steps: number } | undefined;
  for (const one of names) {
    const steps = countSteps(name, one, most);
    if (steps <= most && steps < (best?.steps ?? Infinity)) best = { name: one, steps };
  }
  return best?.name;
}

/** How many letters must be changed, added or taken away to make one name of the other; more than `most` is not counted out. */
function countSteps(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, wanted] of [...other].entries()) {
      const change = (row[j] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
