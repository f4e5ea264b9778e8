import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyJournal } from './key-journal.ts';
import { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import { UnitStoreLock } from './unit-store-lock.ts';

/** How the folders of scratch copies are called; they lie beside the store. */
const FOLDER_PREFIX = '.unit-state.hook-';

/** What a scratch copy is made of. */
interface ScratchParts {
  readonly folder: string;
  readonly file: string;
  readonly lock: UnitStoreLock;
  readonly nativeBinding: string | undefined;
}

/**
 * A unit's store as a hook with handlers in other processes works on it: a copy in a folder of its own (0700), which those
 * processes read and write while `share` and `changesByOthers` keep order between them and this one.
 *
 *     the store, locked ──copy──► the scratch copy ◄── this process, and one child at a time
 *           ▲                            │
 *           └──────── flush, in one transaction
 *
 * Until `flush` the unit's store is as it was, whatever ends this process; nobody else can write to it meanwhile.
 */
export class ScratchStore extends SqliteStore {
  /** The folder of the copy; further files for child processes may be put there. */
  readonly folder: string;
  /** The copy's file. */
  readonly file: string;
  readonly #lock: UnitStoreLock;
  readonly #journal: KeyJournal;

  /**
   * Locks and copies the store of a unit.
   * @throws Error, naming the file, when it cannot be opened, is no database, or is locked by another process.
   */
  static open(options: Pick<SqliteStoreOptions, 'path' | 'nativeBinding'>): ScratchStore {
    try {
      const lock = new UnitStoreLock(options);
      const folder = mkdtempSync(join(options.path, '..', FOLDER_PREFIX));
      try {
        const file = join(folder, 'unit-state.db');
        writeFileSync(file, lock.read(), { mode: 0o600 });
        return new ScratchStore({ folder, file, lock, nativeBinding: options.nativeBinding });
      } catch (error) {
        lock.close();
        rmSync(folder, { recursive: true, force: true });
        throw error;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot open the unit's store "${options.path}": ${reason}`, { cause: error });
    }
  }

  private constructor({ folder, file, lock, nativeBinding }: ScratchParts) {
    const options = { path: file, ...(nativeBinding ? { nativeBinding } : {}) };
    super({ ...options, durable: false });
    this.folder = folder;
    this.file = file;
    this.#lock = lock;
    super.flush();
    this.#journal = new KeyJournal(options);
  }

  /** Lets other processes see everything written so far, and write themselves. */
  share(): void {
    super.flush();
    this.#journal.skip();
  }

  /** The keys that other processes wrote since `share`, in order, one entry for each write. */
  changesByOthers(): { readonly key: string; readonly isThere: boolean }[] {
    return this.#journal.next();
  }

  /** Makes everything written so far the content of the unit's store, at once. */
  override flush(save = true): void {
    super.flush(save);
    if (save) this.#lock.replaceBy(this.file);
  }

  override close(): void {
    super.close();
    this.#journal.close();
    this.#lock.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Removes what hooks left beside a store that were killed before they could. */
export function removeScratchLeftovers(storeFolder: string): void {
  const leftovers = readdirSync(storeFolder).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const name of leftovers) rmSync(join(storeFolder, name), { recursive: true, force: true });
}
