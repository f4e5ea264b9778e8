/**
 * What a Python charm does to its unit's store, as Python: `open_store(path)` makes the tables as charm-helpers has them,
 * `write(database, key, value)` stores a value, and `dump(database)` gives every row of the three tables.
 */
export const PYTHON_UNIT_DATA = `
import json, sqlite3, sys

def open_store(path):
    database = sqlite3.connect(path)
    cursor = database.cursor()
    cursor.execute('create table if not exists kv (key text, data text, primary key (key))')
    cursor.execute('''create table if not exists kv_revisions
                      (key text, revision integer, data text, primary key (key, revision))''')
    cursor.execute('''create table if not exists hooks
                      (version integer primary key autoincrement, hook text, date text)''')
    database.commit()
    return database

def write(database, key, value):
    database.execute('insert or replace into kv (key, data) values (?, ?)', (key, json.dumps(value)))

def dump(database):
    return {
        'kv': dict(database.execute('select key, data from kv')),
        'revisions': database.execute('select key, revision, data from kv_revisions order by revision, key').fetchall(),
        'hooks': database.execute('select version, hook from hooks order by version').fetchall(),
        'integrity': database.execute('pragma integrity_check').fetchone()[0],
    }
`;

/** The tables of a store as `dump` gives them. */
export interface DumpedStore {
  readonly kv: Readonly<Record<string, string>>;
  readonly revisions: readonly (readonly [key: string, revision: number, data: string])[];
  readonly hooks: readonly (readonly [version: number, hook: string])[];
  readonly integrity: string;
}
