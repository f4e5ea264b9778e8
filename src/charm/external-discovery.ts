import { accessSync, closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { compareCodePoints } from '../store/python-json.ts';

/** Where the reference looks for handlers, in its order. */
const FOLDERS = ['reactive', 'hooks/reactive', 'hooks/relations'];
const ENDINGS = ['', '.sh'];
/** As much as the reference reads to tell a program from a text. */
const HEAD_BYTES = 1024;

/** The numbers by which ELF files say for which processor they are, where Node's name for it is known. */
const ELF_MACHINES: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
  ppc64: [21],
  s390x: [22],
  riscv64: [243],
};

/**
 * The executable handlers of a charm, by path relative to its folder, in the same order on every machine: those below
 * `reactive/`, then `hooks/reactive/`, then `hooks/relations/`, each by path.
 *
 * By the reference's rule they are files that may be executed, whose names end in nothing or `.sh`, and which begin with
 * `#!` or are no text.
 * @throws Error, naming the file, for one that the system cannot execute.
 */
export function findExternalHandlers(charmDir: string): string[] {
  return FOLDERS.flatMap((folder) => {
    const files = listFiles(charmDir, folder).filter((file) => isCandidate(path.join(charmDir, file)));
    return files.sort(compareCodePoints).filter((file) => isProgram(charmDir, file));
  });
}

function listFiles(charmDir: string, folder: string): string[] {
  return readFolder(path.join(charmDir, folder)).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [file];
    return entry.name === '__pycache__' ? [] : listFiles(charmDir, file);
  });
}

function readFolder(folder: string): { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function isCandidate(file: string): boolean {
  if (!ENDINGS.includes(path.extname(file))) return false;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isProgram(charmDir: string, file: string): boolean {
  const head = readHead(path.join(charmDir, file));
  if (head.subarray(0, 2).equals(Buffer.from('#!'))) return true;
  if (isText(head)) return false;
  const fault = findFault(head);
  if (fault === undefined) return true;
  throw new Error(
    `cannot use the handler "${file}": the system cannot execute it, ${fault}; ` +
      'only handlers may be executable there: take the executable bit away, or begin it with "#!"',
  );
}

function readHead(file: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head));
  } finally {
    closeSync(descriptor);
  }
}

/** A character cut in two at the end does not make a text a program. */
function isText(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !isElf(head);
  } catch {
    return false;
  }
}

/** Checked here because the C library hands what the system refuses to a shell, which would run whatever it can read. */
function findFault(head: Buffer): string | undefined {
  if (!isElf(head)) return 'it is neither a script nor a program of this system';
  if (head.length < 20) return 'it breaks off within its header';
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
  const known = ELF_MACHINES[process.arch];
  return known === undefined || known.includes(machine)
    ? undefined
    : `it was made for another processor than ${process.arch}`;
}

function isElf(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from('\u007fELF', 'latin1'));
}
