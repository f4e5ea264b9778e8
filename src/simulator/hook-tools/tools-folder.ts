import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_TOOLS, UNSERVED_TOOLS } from './model-tools.ts';
import { TOOL_CLIENT } from './tool-client.ts';

/** Linux takes no more than this of a script's first line. */
const LONGEST_SHEBANG = 127;

/** Every name that is on a charm's PATH. */
export const TOOL_NAMES: readonly string[] = [...MODEL_TOOLS.keys(), ...UNSERVED_TOOLS];

/** Fills a directory with the hook tools, ready to be put on PATH. */
export function writeTools(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const client = join(folder, '.tool-client.cjs');
  const shebang = `#!${process.execPath}`;
  writeExecutable(client, `${shebang}\n${TOOL_CLIENT}`);
  if (shebang.length <= LONGEST_SHEBANG && !/\s/.test(process.execPath)) {
    // Through a link and not a wrapper in shell: one start less at each call.
    for (const name of TOOL_NAMES) symlinkSync('.tool-client.cjs', join(folder, name));
    return;
  }
  for (const name of TOOL_NAMES) {
    writeExecutable(
      join(folder, name),
      `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(client)} ${name} "$@"\n`,
    );
  }
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

function writeExecutable(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
