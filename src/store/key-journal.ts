import Database from 'better-sqlite3';
import type { SqliteStoreOptions } from './sqlite-store.ts';

/** Written down by SQLite itself, so that it holds for any process in any language. */
const JOURNAL = `
  create table key_writes (number integer primary key autoincrement, key text, is_there integer);
  create trigger note_insert after insert on kv
    begin insert into key_writes (key, is_there) values (new.key, 1); end;
  create trigger note_update after update on kv
    begin insert into key_writes (key, is_there) values (new.key, 1); end;
  create trigger note_delete after delete on kv
    begin insert into key_writes (key, is_there) values (old.key, 0); end;
`;

/** Notes which keys of a store's file are written, whoever writes them. For a file that is thrown away: it leaves its marks. */
export class KeyJournal {
  readonly #database: Database.Database;
  #seen = 0;

  constructor({ path, nativeBinding }: Pick<SqliteStoreOptions, 'path' | 'nativeBinding'>) {
    this.#database = new Database(path, nativeBinding ? { nativeBinding } : {});
    this.#database.exec('pragma journal_mode = PERSIST; pragma synchronous = OFF');
    this.#database.exec(`begin immediate; ${JOURNAL} commit`);
  }

  /** Takes everything written so far as seen. */
  skip(): void {
    const { last } = this.#database.prepare('select max(number) as last from key_writes').get() as {
      readonly last: number | null;
    };
    this.#seen = last ?? 0;
  }

  /** The writes that were not seen, in order; they are seen now. */
  next(): { readonly key: string; readonly isThere: boolean }[] {
    const rows = this.#database
      .prepare('select number, key, is_there from key_writes where number > ? order by number')
      .all(this.#seen) as { readonly number: number; readonly key: string; readonly is_there: number }[];
    this.#seen = rows.at(-1)?.number ?? this.#seen;
    return rows.map(({ key, is_there }) => ({ key, isThere: is_there === 1 }));
  }

  close(): void {
    this.#database.close();
  }
}
