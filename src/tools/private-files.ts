import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Writes contents into files that no other user can read, and removes them when `use` ends, however it ends. Their
 * paths are absolute, since Juju's agent opens them from a folder of its own.
 */
export function withPrivateFiles<T>(
  contents: readonly (string | Uint8Array)[],
  use: (files: readonly string[]) => T,
): T {
  const folder = mkdtempSync(path.resolve(tmpdir(), 'hook-tool-'));
  try {
    const files = contents.map((content, index) => {
      const file = path.join(folder, String(index));
      writeFileSync(file, content, { mode: 0o600 });
      return file;
    });
    return use(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
