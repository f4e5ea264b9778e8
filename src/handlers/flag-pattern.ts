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

/** Makes the matchers of a hook's conditions. */
export class FlagMatchers {
  readonly #patterns = new Map<string, { readonly text: string; matches?: (flag: string) => boolean }>();

  /** A flag's matcher, which is whole after `load`. */
  of(text: string): FlagMatcher {
    if (!WILDCARD.test(text)) return { text };
    const known = this.#patterns.get(text);
    if (known) return known;
    const pattern = { text };
    this.#patterns.set(text, pattern);
    return pattern;
  }

  /** Loads the pattern library, but only where a flag has a wildcard, since every hook pays for what is loaded. */
  async load(): Promise<void> {
    for (const pattern of this.#patterns.values()) pattern.matches = await compilePattern(pattern.text);
  }
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
