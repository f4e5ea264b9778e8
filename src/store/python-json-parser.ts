/** Deeper nesting than Python's decoder follows is not decoded, so that both sides read such a text alike: as text. */
export const MAX_DEPTH = 900;

/** Python refuses to read longer integers. */
const MAX_INTEGER_DIGITS = 4300;

const SPACE = 0x20;
const WHITESPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** A run of characters that stand for themselves in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a string must not hold
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const WORDS: readonly (readonly [word: string, value: unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const NOT_JSON = {};

/** Makes the value of a number out of its text. */
export type MakeNumber = (source: string) => unknown;

/**
 * Reads JSON by the rules of Python's `json.loads`: NaN and Infinity are values, objects have no prototype, what is nested
 * too deeply is an error.
 *
 * Not built on JSON.parse, which knows no NaN, gives no way to keep a number as it was written on every Node, and in some
 * versions reads a key such as "\f" wrong.
 */
export class PythonJsonParser {
  readonly #text: string;
  readonly #makeNumber: MakeNumber;
  #at = 0;
  #fails: object | undefined;

  constructor(text: string, makeNumber: MakeNumber = Number) {
    this.#text = text;
    this.#makeNumber = makeNumber;
  }

  /** As `parse`, but answers undefined for what is not JSON, which costs less than an error with its stack trace. */
  tryParse(): unknown {
    this.#fails = NOT_JSON;
    try {
      return this.parse();
    } catch (error) {
      if (error === NOT_JSON) return undefined;
      throw error;
    }
  }

  /** @throws SyntaxError, with the place, when the text is not one JSON value. */
  parse(): unknown {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('a value ends before the text does');
    return value;
  }

  #value(depth: number): unknown {
    this.#skip();
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string();
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      default:
        return this.#wordOrNumber();
    }
  }

  #object(depth: number): unknown {
    const value: Record<string, unknown> = Object.create(null);
    this.#each({ end: '}', depth }, () => {
      this.#skip();
      if (this.#text[this.#at] !== '"') this.#fail('a key must be a string');
      const key = this.#string();
      this.#expect(':');
      value[key] = this.#value(depth + 1);
    });
    return value;
  }

  #array(depth: number): unknown {
    const value: unknown[] = [];
    this.#each({ end: ']', depth }, () => value.push(this.#value(depth + 1)));
    return value;
  }

  /** Reads items parted by commas, from the opening bracket to the closing one. */
  #each(bracket: { readonly end: string; readonly depth: number }, readItem: () => void): void {
    const { end, depth } = bracket;
    if (depth >= MAX_DEPTH) this.#fail(`nested deeper than ${MAX_DEPTH} levels`);
    this.#at += 1;
    this.#skip();
    if (this.#take(end)) return;
    for (;;) {
      readItem();
      this.#skip();
      if (this.#take(end)) return;
      this.#expect(',');
    }
  }

  #string(): string {
    let text = '';
    this.#at += 1;
    for (;;) {
      text += this.#match(PLAIN);
      if (this.#take('"')) return text;
      if (!this.#take('\\')) this.#fail('a string is not closed, or holds a control character');
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (letter === 'u') {
      const digits = this.#match(HEX);
      if (digits) return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return (
      (Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined) ?? this.#fail('an escape is not known')
    );
  }

  #wordOrNumber(): unknown {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return typeof value === 'number' ? this.#makeNumber(word) : value;
    }
    const source = this.#match(NUMBER);
    if (source === '') this.#fail('a value is missing');
    if (source.length > MAX_INTEGER_DIGITS && /^-?\d+$/.test(source)) this.#fail('an integer is too long');
    return this.#makeNumber(source);
  }

  #skip(): void {
    // Most often there is nothing to skip, or one space.
    if (this.#text.charCodeAt(this.#at) === SPACE) this.#at += 1;
    if (this.#text.charCodeAt(this.#at) > SPACE) return;
    this.#match(WHITESPACE);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    this.#skip();
    if (!this.#take(character)) this.#fail(`"${character}" is missing`);
  }

  #fail(why: string): never {
    throw this.#fails ?? new SyntaxError(`not JSON at character ${this.#at}: ${why}`);
  }
}
