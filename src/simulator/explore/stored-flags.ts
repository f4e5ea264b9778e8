import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Where a reactive charm keeps its flags, in Python as here. The simulator runs charms of any kind and knows none of the
 * framework, so it has the names of its own.
 */
const STORE_FILE = '.unit-state.db';
const FLAG_PREFIX = 'reactive.states.';

/** The flags in a charm's folder with their values, null for most; none where the charm keeps no such store. */
export function readStoredFlags(charmFolder: string): Readonly<Record<string, unknown>> {
  const file = join(charmFolder, STORE_FILE);
  if (!existsSync(file)) return {};
  const database = new Database(file, { readonly: true });
  try {
    const isThere = database
      .prepare("select 1 from sqlite_master where type = 'table' and name = 'kv'")
      .get();
    if (isThere === undefined) return {};
    const rows = database
      .prepare('select key, data from kv where substr(key, 1, ?) = ? order by key')
      .all(FLAG_PREFIX.length, FLAG_PREFIX) as { readonly key: string; readonly data: string }[];
    return Object.fromEntries(rows.map(({ key, data }) => [key.slice(FLAG_PREFIX.length), readValue(data)]));
  } finally {
    database.close();
  }
}

/** Python writes NaN too, which is no JSON. */
function readValue(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
