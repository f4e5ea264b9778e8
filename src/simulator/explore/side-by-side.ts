import type { TraceLine } from './run-journal.ts';

/**
 * Two runs in two columns: what both did in the same order stands in one line, and what makes the second one differ is
 * marked with an arrow, its reason below it.
 *
 *       reference                         this run
 *       deploy ./web                      deploy ./web
 *                                      >  web/0 b-relation-joined b:1 b/0
 *                                           another order: before web/0 a-relation-joined a:0 a/0
 *       web/0 a-relation-joined a:0 a/0   web/0 a-relation-joined a:0 a/0
 *     - web/0 b-relation-joined b:1 b/0
 */
export function formatSideBySide(reference: readonly TraceLine[], run: readonly TraceLine[]): string[] {
  const width = Math.max('reference'.length, ...reference.map(({ text }) => text.length));
  const row = (left: string, mark: string, right: string) =>
    `${left.padEnd(width + 2)} ${mark} ${right}`.trimEnd();
  const lines = [row('  reference', ' ', 'this run')];
  for (const { before, after } of align(reference, run)) {
    const left = before === undefined ? '' : `${after === undefined ? '-' : ' '} ${before.text}`;
    const isMarked = after !== undefined && (before === undefined || after.marks.length > 0);
    lines.push(row(left, isMarked ? '>' : ' ', after?.text ?? ''));
    for (const mark of after?.marks ?? []) lines.push(row('', ' ', `  ${mark}`));
  }
  return lines;
}

interface Pair {
  readonly before?: TraceLine;
  readonly after?: TraceLine;
}

/** Pairs the lines of the longest sequence that both have in common. */
function align(reference: readonly TraceLine[], run: readonly TraceLine[]): Pair[] {
  // length[i][j]: of the longest sequence that reference from i on and run from j on have in common.
  const length = reference.map(() => new Array<number>(run.length + 1).fill(0));
  length.push(new Array<number>(run.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = reference.length - 1; i >= 0; i -= 1) {
    for (let j = run.length - 1; j >= 0; j -= 1) {
      const isSame = reference[i]?.text === run[j]?.text;
      (length[i] ?? [])[j] = isSame ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < reference.length || j < run.length) {
    const [before, after] = [reference[i], run[j]];
    if (before !== undefined && after !== undefined && before.text === after.text) {
      pairs.push({ before, after });
      i += 1;
      j += 1;
    } else if (after !== undefined && (before === undefined || at(i, j + 1) >= at(i + 1, j))) {
      pairs.push({ after });
      j += 1;
    } else if (before !== undefined) {
      pairs.push({ before });
      i += 1;
    }
  }
  return pairs;
}
