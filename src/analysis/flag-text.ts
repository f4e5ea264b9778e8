/** What of a text is known: pieces in their order, with null for a piece that may be anything. */
export type FlagText = readonly (string | null)[];

/** A text of which nothing is known. */
export const ANYTHING: FlagText = [null];

/** A text that is wholly known. */
export function known(text: string): FlagText {
  return [text];
}

/** Joins texts end to end. */
export function joinTexts(...texts: readonly FlagText[]): FlagText {
  const pieces: (string | null)[] = [];
  for (const piece of texts.flat()) {
    const last = pieces.at(-1);
    if (piece === null ? last !== null || pieces.length === 0 : typeof last !== 'string') pieces.push(piece);
    else if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
  }
  return pieces;
}

/** The text, where all of it is known. */
export function plainText(text: FlagText): string | undefined {
  if (text.length === 0) return '';
  return text.length === 1 && text[0] !== null ? text[0] : undefined;
}

/** Whether nothing at all is known of a text. */
export function isAnything(text: FlagText): boolean {
  return text.length === 1 && text[0] === null;
}

/** For people: `apt.installed.…`. Equal for equal texts. */
export function writeText(text: FlagText): string {
  return text.map((piece) => piece ?? '…').join('');
}

/** Changes what is known of a text. */
export function mapText(text: FlagText, change: (piece: string) => string): FlagText {
  return text.map((piece) => (piece === null ? null : change(piece)));
}

/** What a condition's flag stands for: each wildcard in it may be anything. */
export function fromPattern(text: FlagText): FlagText {
  return joinTexts(
    ...text.map((piece): FlagText => {
      if (piece === null) return ANYTHING;
      const parts = piece.split(WILDCARD);
      return joinTexts(...parts.flatMap((part, index) => (index === 0 ? [[part]] : [ANYTHING, [part]])));
    }),
  );
}

/** Stars, question marks, and braces with a comma; as `handlers/flag-pattern.ts` has it. */
const WILDCARD = /[*?]+|\{[^{}]*,[^{}]*\}/;

/** Whether two texts may be the same. */
export function mayBeSame(one: FlagText, other: FlagText): boolean {
  const [a, b] = [plainText(one), plainText(other)];
  if (a !== undefined && b !== undefined) return a === b;
  if (a !== undefined) return matcherOf(other).test(a);
  if (b !== undefined) return matcherOf(one).test(b);
  return meet(charactersOf(one), charactersOf(other));
}

function matcherOf(text: FlagText): RegExp {
  const source = text.map((piece) => (piece === null ? '.*' : piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's');
}

function charactersOf(text: FlagText): readonly (string | null)[] {
  return text.flatMap((piece) => (piece === null ? [null] : [...piece]));
}

/**
 * Whether some text fits both. Walks both from their starts; `reached` are the places in the other at which one may stand.
 */
function meet(one: readonly (string | null)[], other: readonly (string | null)[]): boolean {
  const seen = new Set<number>();
  const waiting: [number, number][] = [[0, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [i, j] = next;
    const id = i * (other.length + 1) + j;
    if (seen.has(id)) continue;
    seen.add(id);
    if (i === one.length && j === other.length) return true;
    const [a, b] = [one[i], other[j]];
    // What may be anything may be nothing, or take in what stands in the other.
    if (a === null) waiting.push([i + 1, j]);
    if (b === null) waiting.push([i, j + 1]);
    if (a === null && j < other.length) waiting.push([i, j + 1]);
    if (b === null && i < one.length) waiting.push([i + 1, j]);
    if (typeof a === 'string' && a === b) waiting.push([i + 1, j + 1]);
  }
  return false;
}
