import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sockets' addresses end at 107 bytes on Linux, and at 103 on other systems. */
const LONGEST_ADDRESS = 103;

/** Where the address of a model's control socket is written down. */
const addressFile = (folder: string): string => join(folder, 'control');

/** A place for the control socket of a model in a folder, written down for others to find; only this user can reach it. */
export function placeControlSocket(folder: string): string {
  const near = join(folder, 'run', 'control.socket');
  const isNear = Buffer.byteLength(near) <= LONGEST_ADDRESS;
  if (isNear) mkdirSync(join(folder, 'run'), { recursive: true, mode: 0o700 });
  const address = isNear ? near : join(mkdtempSync(join(tmpdir(), 'model-')), 'control.socket');
  writeFileSync(addressFile(folder), address, { mode: 0o600 });
  return address;
}

/** Where the control socket of a model is; undefined where no process has the model open. */
export function findControlSocket(folder: string): string | undefined {
  try {
    return readFileSync(addressFile(folder), 'utf8');
  } catch {
    return undefined;
  }
}
