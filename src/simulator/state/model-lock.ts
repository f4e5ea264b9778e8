import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openPrivately } from './private-database.ts';

/**
 * The one lock of a model's folder: who holds it may run hooks and change the model. The system lets go of it when the
 * process ends, however that happens.
 */
export class ModelLock {
  readonly #database: Database.Database;

  /** Takes the lock; undefined where another process has it. */
  static take(folder: string): ModelLock | undefined {
    const database = openPrivately(join(folder, 'lock.db'), { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new ModelLock(database);
    } catch (error) {
      database.close();
      if ((error as { readonly code?: string }).code === 'SQLITE_BUSY') return undefined;
      throw error;
    }
  }

  private constructor(database: Database.Database) {
    this.#database = database;
  }

  release(): void {
    this.#database.close();
  }
}
