/** A flag of a condition, ready to be looked up: a name, or a pattern with a test for names. */
export interface FlagMatcher {
  readonly text: string;
  /** Present where the text holds a wildcard. */
  readonly matches?: (flag: string) => boolean;
}

/** Stars, question marks, and braces with a comma are wildcards; any other brace is a part of the flag's name. */
const WILDCARD = /[*?]|\{[^{}]*,[^{}]*\}/;
/** Alternatives, which stay as they are, or a brace that is a part of the name: `{1..3}`, `{`. */
const BRACES = /\{[^{}]*,[^{}]*\}|[{}]/g;

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

/** Slashes, backslashes and plain braces mean nothing in a flag: they are swapped, on both sides, for what means nothing. */
async function compilePattern(text: string): Promise<(flag: string) => boolean> {
  const { Minimatch } = await import('minimatch');
  const literal = text.replace(BRACES, (part) => PLAIN_BRACES[part] ?? part);
  const pattern = new Minimatch(withoutSpecials(literal), {
    dot: true,
    nocomment: true,
    nonegate: true,
    noext: true,
  });
  return (flag) =>
    pattern.match(withoutSpecials(flag.replace(/[{}]/g, (brace) => PLAIN_BRACES[brace] ?? brace)));
}

const PLAIN_BRACES: Readonly<Record<string, string>> = { '{': '\ue000', '}': '\ue001' };

function withoutSpecials(text: string): string {
  return text.replaceAll('/', '\ue002').replaceAll('\\', '\ue003');
}
