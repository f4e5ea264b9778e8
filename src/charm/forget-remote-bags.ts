import { existsSync } from 'node:fs';
import path from 'node:path';
import { REMOTE_BAGS } from '../relations/remote-bags.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import { STORE_FILE } from './parts.ts';

/**
 * Has a unit ask Juju for every remote unit's databag in its next hook: for tests, which say what is there without the hooks
 * by which the unit would have learnt of it.
 */
export function forgetRemoteBags(charmDir: string): void {
  const file = path.join(charmDir, STORE_FILE);
  if (!existsSync(file)) return;
  const store = new SqliteStore({ path: file });
  try {
    store.unsetRange(null, REMOTE_BAGS);
    store.flush();
  } finally {
    store.close();
  }
}
