import Database from 'better-sqlite3';
import { makePrivate, type SqliteStoreOptions, UNIT_STORE_TABLES } from './sqlite-store.ts';

/** Columns of each table of a store, those that tell its rows apart first. */
const TABLES = [
  { name: 'kv', columns: 'key, data', identity: 'key' },
  { name: 'kv_revisions', columns: 'key, revision, data', identity: 'key, revision' },
  { name: 'hooks', columns: 'version, hook, date', identity: 'version' },
];

/** A unit's store, locked against every other writer, to be replaced as a whole or left as it is. */
export class UnitStoreLock {
  readonly #database: Database.Database;

  /** @throws Error when the file cannot be opened, is no database, or stays locked by another process for 5 seconds. */
  constructor({ path, nativeBinding }: Pick<SqliteStoreOptions, 'path' | 'nativeBinding'>) {
    makePrivate(path);
    this.#database = new Database(path, nativeBinding ? { nativeBinding } : {});
    try {
      this.#database.exec('pragma journal_mode = PERSIST; pragma synchronous = FULL; begin immediate');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The store's content, as the bytes of a database file; empty for a store that is new. */
  read(): Uint8Array {
    // Through SQLite: to open and close the file by any other way would drop this process's lock on it.
    return this.#database.serialize() ?? new Uint8Array();
  }

  /** Makes the store equal to the one in another file, in one transaction that is on the disk when this returns. */
  replaceBy(path: string): void {
    const database = this.#database;
    if (!database.inTransaction) database.exec('begin immediate');
    database.exec(UNIT_STORE_TABLES);
    database.prepare('attach database ? as other').run(path);
    for (const { name, columns, identity } of TABLES) {
      database.exec(`
        delete from main.${name} where (${identity}) not in (select ${identity} from other.${name});
        insert or replace into main.${name} (${columns})
          select ${columns} from other.${name} except select ${columns} from main.${name};
      `);
    }
    database.exec('commit; detach database other');
  }

  /** Gives the lock up. Safe to call twice. */
  close(): void {
    this.#database.close();
  }
}
