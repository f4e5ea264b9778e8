/** A flag of a condition, ready to be looked up: a name, or a pattern with a test for names. */
export interface FlagMatcher {
  readonly text: string;
  /** Present where the text holds a wildcard. */
  readonly matches?: (flag: string) => boolean;
}

/** Stars, question marks, and braces with a comma are wildcards; any other brace is a part of the flag's name. */
const WILDCARD = /[*?]|\{[^{}]*,[^{}]*\}/;

/**
 * Makes matchers of flags. The pattern library is loaded only when one of them has a wildcard, since every hook pays
 * for what is loaded.
 */
export async function compileFlags(flags: readonly string[]): Promise<ReadonlyMap<string, FlagMatcher>> {
  const matchers = new Map<string, FlagMatcher>();
  for (const text of flags) {
    if (matchers.has(text)) continue;
    matchers.set(text, WILDCARD.test(text) ? { text, matches: await compilePattern(text) } : { text });
  }
  return matchers;
}

/** A slash is no separator in a flag: it is swapped, on both sides, for a character that means nothing to a pattern. */
async function compilePattern(text: string): Promise<(flag: string) => boolean> {
  const { Minimatch } = await import('minimatch');
  const pattern = new Minimatch(withoutSlashes(text), {
    dot: true,
    nocomment: true,
    nonegate: true,
    noext: true,
  });
  return (flag) => pattern.match(withoutSlashes(flag));
}

function withoutSlashes(text: string): string {
  return text.replaceAll('/', '\u2044').replaceAll('\\', '\u29f5');
}
