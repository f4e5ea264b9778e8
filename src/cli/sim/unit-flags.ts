import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { FLAG_PREFIX } from '../../flags/flag-name.ts';
import { messageOf } from './output.ts';

/**
 * The flags that a charm left set after its last hook, sorted: of a charm of this package, and of one in Python that keeps
 * its data as charm-helpers does. Undefined where there is no such data. Throws where it cannot be read.
 */
export function readFlags(charmFolder: string): string[] | undefined {
  const file = join(charmFolder, '.unit-state.db');
  if (!existsSync(file)) return undefined;
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const isThere = database
        .prepare("select 1 from sqlite_master where type = 'table' and name = 'kv'")
        .get();
      if (isThere === undefined) return undefined;
      const keys = database.prepare('select key from kv').pluck().all() as string[];
      const flags = keys.filter((key) => key.startsWith(FLAG_PREFIX));
      return flags.map((key) => key.slice(FLAG_PREFIX.length)).sort();
    } finally {
      database.close();
    }
  } catch (error) {
    throw new Error(`cannot read the flags in "${file}": ${messageOf(error)}`, { cause: error });
  }
}
