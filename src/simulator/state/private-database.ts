import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Opens a database that only this user can read, and makes it where there is none. SQLite gives its mode to what it puts beside it. */
export function openPrivately(file: string, options: Database.Options = {}): Database.Database {
  writeFileSync(file, '', { flag: 'a', mode: 0o600 });
  return new Database(file, options);
}
