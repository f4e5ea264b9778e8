import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The `redis-server` on PATH, absolute; undefined where there is none. */
export function findRedisServer(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, 'redis-server')).find(isProgram);
}

/**
 * The version of a server program: `7.0.15`.
 * @throws Error when it does not run, or does not say.
 */
export async function readVersion(program: string): Promise<string> {
  const { stdout } = await run(program, ['--version']);
  const version = /\bv=(\S+)/.exec(stdout)?.[1];
  if (!version) throw new Error(`cannot read the version of "${program}": it says ${JSON.stringify(stdout)}`);
  return version;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
