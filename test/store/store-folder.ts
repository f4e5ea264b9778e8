import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { SqliteStore, type SqliteStoreOptions } from '../../src/store/sqlite-store.ts';

const folders: string[] = [];
const stores: SqliteStore[] = [];

/** Call once in a test file: after each test its stores are closed and its folders removed. */
export function cleanUpStores(): void {
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
}

/** An empty folder for one test. */
export function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'unit store '));
  folders.push(folder);
  return folder;
}

/** A path for a store that does not exist yet. */
export function makeStorePath(): string {
  return path.join(makeFolder(), '.unit-state.db');
}

/** Opens a store that the end of the test closes. */
export function openStore(
  file: string = makeStorePath(),
  options: Omit<SqliteStoreOptions, 'path'> = {},
): SqliteStore {
  const store = new SqliteStore({ path: file, ...options });
  stores.push(store);
  return store;
}
