import { closeSync, openSync, readSync } from 'node:fs';
import { BuildError } from './build-error.ts';

/** A kind of machine, in Juju's word for it. */
export type Architecture = 'amd64' | 'arm64';

/** What Node calls each of them. */
const NODE_NAMES: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

/** What the header of a program for Linux calls each of them. */
const ELF_MACHINES: ReadonlyMap<number, Architecture> = new Map([
  [0x3e, 'amd64'],
  [0xb7, 'arm64'],
]);

/** Takes a user's word for an architecture. Throws `BuildError` for any other than Juju's. */
export function readArchitecture(text: string): Architecture {
  if (text === 'amd64' || text === 'arm64') return text;
  throw new BuildError(`cannot build for "${text}": charms run on amd64 and on arm64`);
}

/** That of this machine. Any that is not known counts as amd64, for which most charms are made. */
export function ownArchitecture(): Architecture {
  return process.arch === 'arm64' ? 'arm64' : 'amd64';
}

/** `x64` for amd64. */
export function nodeArchitecture(architecture: Architecture): string {
  return NODE_NAMES[architecture];
}

/** The architecture that a program or a library for Linux is for; undefined for any other file. */
export function architectureOf(file: string): Architecture | undefined {
  const header = readStart(file, 20);
  const isElf = header.length === 20 && header.toString('latin1', 0, 4) === '\u007fELF';
  return isElf ? ELF_MACHINES.get(header.readUInt16LE(18)) : undefined;
}

/** Whether a file is to be run by the program that its first line names. */
export function isScript(file: string): boolean {
  return readStart(file, 2).toString() === '#!';
}

function readStart(file: string, length: number): Buffer {
  const start = Buffer.alloc(length);
  const open = openSync(file, 'r');
  try {
    return start.subarray(0, readSync(open, start));
  } finally {
    closeSync(open);
  }
}
