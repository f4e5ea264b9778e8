import type { JsonValue } from './python-json.ts';

/** How much is gathered, in values and in characters written. */
const MAX_VALUES = 10_000;
const MAX_CHARACTERS = 1_000_000;
/** How many rows one statement writes. */
const ROWS_AT_ONCE = 32;

/** What a key holds: its text, undefined where it is not there, and its value where somebody had it read. */
export interface Held {
  text: string | undefined;
  value?: JsonValue | undefined;
  /** Whether the text is still to be written. */
  isUnwritten: boolean;
}

/** A statement and its parameters. */
export type Statement = readonly [sql: string, parameters: readonly string[]];

/** What a transaction of the store, in which nobody else can write, has read and written. */
export class GatheredWrites {
  readonly #held = new Map<string, Held>();
  /** How many keys are still to be written, and how many characters were since they last were. */
  #unwritten = 0;
  #characters = 0;

  get(key: string): Held | undefined {
    return this.#held.get(key);
  }

  /** Remembers what is written. */
  keep(key: string, text: string | undefined): Held {
    const held: Held = { text, value: undefined, isUnwritten: false };
    this.#held.set(key, held);
    return held;
  }

  /** Has a key hold something else; undefined takes it away. */
  write(held: Held, text: string | undefined, value?: JsonValue): void {
    held.text = text;
    held.value = value;
    if (!held.isUnwritten) this.#unwritten += 1;
    held.isUnwritten = true;
    this.#characters += text?.length ?? 0;
  }

  /** Whether it is time to write it all, and forget it. */
  get isFull(): boolean {
    return this.#held.size >= MAX_VALUES || this.#characters > MAX_CHARACTERS;
  }

  /** What writes all that is unwritten. */
  *statements(): Iterable<Statement> {
    if (this.#unwritten === 0) return;
    let rows: string[] = [];
    for (const [key, { text, isUnwritten }] of this.#held) {
      if (!isUnwritten) continue;
      if (text === undefined) yield ['delete from kv where key = ?', [key]];
      else if (rows.push(key, text) === 2 * ROWS_AT_ONCE) {
        yield insert(rows);
        rows = [];
      }
    }
    if (rows.length > 0) yield insert(rows);
  }

  /** Takes all as written. */
  markWritten(): void {
    if (this.#unwritten > 0) for (const held of this.#held.values()) held.isUnwritten = false;
    this.#unwritten = 0;
    this.#characters = 0;
  }

  /** Forgets everything, written or not. */
  clear(): void {
    this.#held.clear();
    this.#unwritten = 0;
    this.#characters = 0;
  }
}

function insert(rows: readonly string[]): Statement {
  const places = Array.from({ length: rows.length / 2 }, () => '(?, ?)').join(', ');
  return [
    `insert into kv (key, data) values ${places} on conflict (key) do update set data = excluded.data`,
    rows,
  ];
}
