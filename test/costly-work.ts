import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';

const made = new Map<string, Promise<string>>();

/**
 * The folder that `make` fills, made once for all tests of a run: what costs much, and what no test changes. The name is
 * everybody's. A folder must not know where it lies while it is being made: it moves once it is whole.
 */
export function shareFolder(name: string, make: (folder: string) => Promise<void> | void): Promise<string> {
  const known = made.get(name) ?? makeFolder(name, make);
  made.set(name, known);
  return known;
}

async function makeFolder(name: string, make: (folder: string) => Promise<void> | void): Promise<string> {
  const shared = inject('sharedFolder');
  const folder = path.join(shared, name);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(path.join(shared, 'draft-'));
  await make(draft);
  try {
    renameSync(draft, folder);
  } catch {
    // Another worker was faster, and what it made is as good.
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
