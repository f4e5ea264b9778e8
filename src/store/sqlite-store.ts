import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ContentFingerprint } from './content-fingerprint.ts';
import { computeDelta, type Delta } from './delta.ts';
import { GatheredWrites, type Held } from './gathered-writes.ts';
import { copyPlainJson } from './json-copy.ts';
import { dumpPythonJson, type JsonValue, parsePythonJson } from './python-json.ts';
import type { Revision, UnitStore } from './unit-store.ts';

/** Where the store lies, and how it is opened. */
export interface SqliteStoreOptions {
  /** The database file, made private (0600); `:memory:` keeps it in memory. */
  readonly path: string;
  /** Whether writes inside a hook scope are kept as revisions. */
  readonly keepRevisions?: boolean;
  /** False for a file that nobody reads after this process: what is flushed is then not forced onto the disk. */
  readonly durable?: boolean;
  /** Whether others look for the order of writes to different keys. */
  readonly writesAtOnce?: boolean;
  /** The SQLite addon's file, for a bundle that has it beside it; found by better-sqlite3 itself otherwise. */
  readonly nativeBinding?: string;
}

/** The tables of charm-helpers' unitdata, so that a unit can be moved from a Python charm to this one and back. */
export const UNIT_STORE_TABLES = `
  create table if not exists kv (key text, data text, primary key (key));
  create table if not exists kv_revisions (key text, revision integer, data text, primary key (key, revision));
  create table if not exists hooks (version integer primary key autoincrement, hook text, date text);
`;

/**
 * Unit data in SQLite, one transaction from the first write until `flush`. Writes gather in memory, and get into the transaction
 * many at once, at its end or when a range of keys is asked for.
 *
 * Keys and JSON text are as charm-helpers writes them. Unlike there, a prefix is matched to the letter: `_` and `%`
 * are no wildcards and case counts.
 */
export class SqliteStore implements UnitStore {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #keepRevisions: boolean;
  readonly #writesAtOnce: boolean;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #gathered = new GatheredWrites();
  readonly #fingerprint = new ContentFingerprint();
  #inTransaction = false;
  #revision: number | undefined;
  #writes = 0;
  /** The first write that failed: what came before it may be gone, so nothing of this transaction may last. */
  #failure: unknown;
  /** Whether the tables were made by this transaction, so that rolling it back takes them too. */
  #tablesAreNew = false;

  /** @throws Error, naming the file, when it cannot be opened or is no database. */
  constructor(options: SqliteStoreOptions) {
    this.#path = options.path;
    this.#keepRevisions = options.keepRevisions ?? false;
    this.#writesAtOnce = options.writesAtOnce ?? false;
    try {
      if (options.path !== ':memory:') makePrivate(options.path);
      this.#database = new Database(options.path, {
        ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
      });
      const synchronous = options.durable === false ? 'OFF' : 'FULL';
      this.#database.exec(`pragma journal_mode = PERSIST; pragma synchronous = ${synchronous}`);
      if (!this.#hasTables()) this.#makeTables();
    } catch (error) {
      throw new Error(`cannot open the unit's store "${options.path}": ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** How many writes changed something so far. */
  get writes(): number {
    return this.#writes;
  }

  /** Equal while the data is the same, and again when it is as it was; different otherwise, but for 1 chance in 2^64. */
  get fingerprint(): string {
    return this.#fingerprint.text((key) => this.#hold(key).text);
  }

  get(key: string, fallback: JsonValue = null): JsonValue {
    const held = this.#hold(key);
    if (held.text === undefined) return fallback;
    held.value ??= this.#parse(key, held.text);
    return this.#inTransaction ? (copyPlainJson(held.value) ?? this.#parse(key, held.text)) : held.value;
  }

  getRange(prefix: string, options: { readonly strip?: boolean } = {}): Record<string, JsonValue> {
    const values: Record<string, JsonValue> = Object.create(null);
    const skip = options.strip ? prefix.length : 0;
    for (const { key, data } of this.#rows(prefix)) values[key.slice(skip)] = this.#parse(key, data);
    return values;
  }

  listKeys(prefix: string): string[] {
    return this.#rows(prefix, 'key').map(({ key }) => key);
  }

  listTexts(prefix: string): { readonly key: string; readonly data: string }[] {
    return this.#rows(prefix);
  }

  set(key: string, value: JsonValue): void {
    let text: string;
    try {
      if (!key.isWellFormed()) throw new TypeError('half a character, a lone surrogate, cannot be in a key');
      text = dumpPythonJson(value);
    } catch (error) {
      throw new TypeError(`cannot store the key "${key}": ${messageOf(error)}`, { cause: error });
    }
    if (this.#hold(key).text === text) return;
    this.#change(key, text, copyPlainJson(value));
    this.#record(key, text);
  }

  update(values: Readonly<Record<string, JsonValue>>, prefix = ''): void {
    for (const [key, value] of Object.entries(values)) this.set(prefix + key, value);
  }

  unset(key: string): void {
    if (this.#hold(key).text === undefined) return;
    this.#change(key, undefined);
    this.#record(key, DELETED);
  }

  unsetRange(keys: readonly string[] | null, prefix = ''): void {
    const doomed = keys?.map((key) => prefix + key) ?? this.listKeys(prefix);
    for (const key of doomed) this.unset(key);
  }

  delta(values: Readonly<Record<string, JsonValue>>, prefix: string): Record<string, Delta> {
    return computeDelta(this.getRange(prefix, { strip: true }), values);
  }

  async hookScope<T>(name: string, body: (revision: number) => T | Promise<T>): Promise<T> {
    if (this.#revision !== undefined)
      throw new Error(`cannot open hook scope "${name}": another one is open`);
    const date = new Date().toISOString().replace('Z', '000');
    const { lastInsertRowid } = this.#write('insert into hooks (hook, date) values (?, ?)', name, date);
    const revision = Number(lastInsertRowid);
    this.#revision = revision;
    try {
      const result = await body(revision);
      this.flush();
      return result;
    } catch (error) {
      this.flush(false);
      throw error;
    } finally {
      this.#revision = undefined;
    }
  }

  history(key: string): Revision[] {
    const rows = this.#statement(
      `select revision, key, data, hook, date from kv_revisions
       join hooks on hooks.version = kv_revisions.revision where key = ? order by revision`,
    ).all(key) as { revision: number; key: string; data: string; hook: string; date: string }[];
    return rows.map(({ data, ...row }) => ({ ...row, value: parsePythonJson(data) }));
  }

  flush(save = true): void {
    const failure = save ? this.#writeOut() : undefined;
    this.#failure = undefined;
    if (failure) {
      this.flush(false);
      throw failure;
    }
    if (save) this.#fingerprint.commit((key) => this.#hold(key).text);
    else this.#fingerprint.rollBack();
    this.#gathered.clear();
    this.#inTransaction = false;
    if (!this.#database.open || !this.#database.inTransaction) return;
    this.#ask(() => this.#database.exec(save ? 'commit' : 'rollback'));
    if (save) this.#tablesAreNew = false;
    else if (this.#tablesAreNew) this.#makeTables();
  }

  close(): void {
    if (!this.#database.open) return;
    this.#statements.clear();
    this.#database.close();
  }

  #makeTables(): void {
    this.#statements.clear();
    this.#begin();
    this.#database.exec(UNIT_STORE_TABLES);
    this.#tablesAreNew = true;
  }

  #parse(key: string, text: string): JsonValue {
    try {
      return parsePythonJson(text);
    } catch (error) {
      throw new Error(`cannot read the key "${key}" of the unit's store: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** @throws Error when the transaction cannot begin, and then at its end, too. */
  #change(key: string, text: string | undefined, value?: JsonValue): void {
    this.#writes += 1;
    if (!this.#inTransaction) this.#orFail(() => this.#begin());
    const held = this.#hold(key);
    this.#fingerprint.change(key, held.text);
    this.#gathered.write(held, text, value);
    if (this.#writesAtOnce) this.#writeOutOrThrow();
    this.#forgetWhenFull();
  }

  /** Brings what has gathered into the transaction; answers the first write of it that failed, now or before. */
  #writeOut(): unknown {
    try {
      if (this.#failure) return this.#failure;
      for (const [sql, parameters] of this.#gathered.statements()) {
        this.#ask(() => this.#statement(sql).run(...parameters));
      }
      this.#gathered.markWritten();
    } catch (error) {
      this.#failure = error;
    }
    return this.#failure;
  }

  #writeOutOrThrow(): void {
    const failure = this.#writeOut();
    if (failure) throw failure;
  }

  #forgetWhenFull(): void {
    if (!this.#gathered.isFull) return;
    this.#writeOutOrThrow();
    this.#gathered.clear();
  }

  #hasTables(): boolean {
    const { count } = this.#statement(
      `select count(*) as count from sqlite_master where type = 'table' and name in ('kv', 'kv_revisions', 'hooks')`,
    ).get() as { count: number };
    return count === 3;
  }

  /** What a key holds; remembered while nobody else can change it. */
  #hold(key: string): Held {
    const known = this.#inTransaction ? this.#gathered.get(key) : undefined;
    if (known) return known;
    const row = this.#ask(() => this.#statement('select data from kv where key = ?').get(key));
    const text = (row as { data: string } | undefined)?.data;
    if (!this.#inTransaction) return { text, isUnwritten: false };
    this.#forgetWhenFull();
    return this.#gathered.keep(key, text);
  }

  #rows(prefix: string, columns = 'key, data'): { key: string; data: string }[] {
    this.#writeOutOrThrow();
    const end = prefixEnd(prefix);
    const bounds = end === undefined ? [prefix] : [prefix, end];
    const upTo = end === undefined ? '' : 'and key < ?';
    const sql = `select ${columns} from kv where key >= ? ${upTo} order by key`;
    return this.#ask(() => this.#statement(sql).all(...bounds)) as { key: string; data: string }[];
  }

  /** SQLite says what is wrong with a file, but not which. */
  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw new Error(`cannot use the unit's store "${this.#path}": ${messageOf(error)}`, { cause: error });
    }
  }

  #record(key: string, text: string): void {
    if (!this.#keepRevisions || this.#revision === undefined) return;
    this.#write(
      'insert or replace into kv_revisions (key, revision, data) values (?, ?, ?)',
      key,
      this.#revision,
      text,
    );
  }

  #write(sql: string, ...parameters: (string | number)[]): Database.RunResult {
    this.#writes += 1;
    // It may have ended the transaction, and what came now would be kept.
    if (this.#failure) throw this.#failure;
    return this.#orFail(() => {
      this.#begin();
      return this.#ask(() => this.#statement(sql).run(...parameters));
    });
  }

  /** What fails now makes the transaction fail in the end, whoever catches it. */
  #orFail<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  #begin(): void {
    if (this.#inTransaction) return;
    if (!this.#database.inTransaction) this.#ask(() => this.#database.exec('begin immediate'));
    this.#inTransaction = true;
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const DELETED = '"DELETED"';

/** Makes a file, where there is none, that only its owner may read and write. */
export function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

/** The first text after every text that starts with `prefix`; undefined when there is none. */
function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
