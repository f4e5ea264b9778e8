import Database from 'better-sqlite3';

/**
 * Stores in the process of a test do not wait for the disk, which would take longer than all else that a hook does. It makes a
 * difference where the power fails, which no test can bring about; processes that tests start, and kill, do wait.
 */
export function neverWaitForDisk(): void {
  Database.prototype.exec = execWithoutWaiting;
}

const { exec } = Database.prototype;

function execWithoutWaiting(this: Database.Database, source: string): Database.Database {
  return exec.call(this, source.replace('synchronous = FULL', 'synchronous = OFF'));
}
