import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';

/** What kind of thing a value in a YAML file is. Unlike in JavaScript, `5` and `5.0` are two. */
export type YamlKind = 'mapping' | 'list' | 'string' | 'integer' | 'float' | 'boolean' | 'null';

/** A kind in a sentence: `nothing`, `a mapping`, `an integer`. */
export function describeKind(kind: YamlKind): string {
  if (kind === 'null') return 'nothing';
  return kind === 'integer' ? 'an integer' : `a ${kind}`;
}

/** An entry of a mapping. */
export interface YamlEntry {
  /** The key; one that is no text is written as one. */
  readonly key: string;
  /** From 1. */
  readonly line: number;
  readonly value: YamlValue;
}

/** A YAML file that cannot be read. */
export class YamlFileError extends Error {
  override readonly name = 'YamlFileError';
  /** From 1; undefined where the file as a whole is meant. */
  readonly line: number | undefined;

  constructor(reason: string, line?: number) {
    super(reason);
    this.line = line;
  }
}

/**
 * Reads YAML (or JSON) into values that know their kind and line. An empty text is null.
 * @throws YamlFileError where it is no YAML, or holds several documents.
 */
export function readYaml(text: string): YamlValue {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const reason = error.message.split('\n')[0] ?? '';
    throw new YamlFileError(`line ${line}, column ${col}: ${reason}`, line);
  }
  return new YamlValue(document.contents, { document, lines });
}

interface Source {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** A value at its place in a YAML file. */
export class YamlValue {
  readonly #node: Node | null;
  readonly #source: Source;

  constructor(node: unknown, source: Source) {
    this.#node = isAlias(node) ? (node.resolve(source.document) ?? null) : isNode(node) ? node : null;
    this.#source = source;
  }

  get kind(): YamlKind {
    const node = this.#node;
    if (isMap(node)) return 'mapping';
    if (isSeq(node)) return 'list';
    const value = this.scalar;
    if (typeof value === 'string') return 'string';
    if (typeof value === 'boolean') return 'boolean';
    if (typeof value !== 'number') return 'null';
    return Number.isInteger(value) && !/[.eE]/.test(sourceOf(node)) ? 'integer' : 'float';
  }

  get isMapping(): boolean {
    return this.kind === 'mapping';
  }

  /** A text, a number, true or false; null for everything else. */
  get scalar(): string | number | boolean | null {
    const value: unknown = isScalar(this.#node) ? this.#node.value : null;
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'string' && isScalar(this.#node) && this.#node.type === 'PLAIN') {
      const isTrue = OLD_BOOLEANS.get(value.toLowerCase());
      if (isTrue !== undefined) return isTrue;
    }
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null;
  }

  /** The text, for a value that is one. */
  get text(): string | undefined {
    return typeof this.scalar === 'string' ? this.scalar : undefined;
  }

  /** A text as it is written, whatever it means. */
  get written(): string | undefined {
    return isScalar(this.#node) && typeof this.#node.value === 'string' ? this.#node.value : undefined;
  }

  /** From 1. */
  get line(): number {
    return lineOf(this.#node, this.#source);
  }

  /** The entries of a mapping, in order, those merged in by `<<` after its own; none of anything else. */
  entries(): readonly YamlEntry[] {
    if (!isMap(this.#node)) return [];
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of this.#node.items as readonly Pair[]) {
      const key = new YamlValue(pair.key, this.#source);
      const value = new YamlValue(pair.value, this.#source);
      if (key.text === '<<' && value.kind !== 'string') merged.push(...mergedEntries(value));
      else own.push({ key: keyText(key), line: key.line, value });
    }
    return [...own, ...merged.filter(({ key }) => !own.some((entry) => entry.key === key))];
  }

  get(key: string): YamlValue | undefined {
    return this.entries().find((entry) => entry.key === key)?.value;
  }

  /** The items of a list; none of anything else. */
  items(): readonly YamlValue[] {
    return isSeq(this.#node) ? this.#node.items.map((item) => new YamlValue(item, this.#source)) : [];
  }
}

/** What Juju's YAML, and the reference's, takes for a boolean where it is not in quotes. */
const OLD_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['on', true],
  ['no', false],
  ['off', false],
]);

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      resolveKnownTags: false,
      // With 'silent' a second document would be dropped without a word.
      logLevel: 'error',
    });
  } catch (error) {
    throw new YamlFileError(error instanceof Error ? error.message : 'it cannot be read');
  }
}

function mergedEntries(value: YamlValue): readonly YamlEntry[] {
  return value.kind === 'list' ? value.items().flatMap((item) => item.entries()) : value.entries();
}

function keyText(key: YamlValue): string {
  return key.written ?? (key.kind === 'null' ? 'null' : String(key.scalar ?? '?'));
}

function sourceOf(node: Node | null): string {
  return isScalar(node) && typeof node.source === 'string' ? node.source : '';
}

function lineOf(node: Node | null, { lines }: Source): number {
  const start = node?.range?.[0];
  return start === undefined ? 1 : lines.linePos(start).line;
}
