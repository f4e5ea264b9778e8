import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { MeasuredCharm } from './hook-runner.ts';

/** A charm in another framework, which is measured beside ours. */
export interface Rival extends MeasuredCharm {
  /** The same for a charm of 1,000 handlers, where the rival brings one. */
  readonly chain?: MeasuredCharm;
}

/**
 * Takes a user's word for a rival: `NAME=PROGRAM`, or a program alone, whose folder is then its name. The program lies in its
 * charm's folder; words after it are its arguments. One in the folder `chain` beside it is for the charm of 1,000 handlers.
 * @throws Error when there is no such program.
 */
export function readRival(text: string): Rival {
  const [, given, command = ''] = /^(?:([\w.-]+)=)?(.*)$/s.exec(text) ?? [];
  const [path = '', ...words] = command.trim().split(/\s+/);
  const program = resolve(path);
  if (path === '' || !isProgram(program)) {
    throw new Error(
      `cannot measure against "${text}": "${program}" is no program; give NAME=PROGRAM, in its charm's folder`,
    );
  }
  const folder = dirname(program);
  const name = given ?? basename(folder);
  const chain = join(folder, 'chain', basename(program));
  return {
    name,
    folder,
    command: [program, ...words],
    ...(isProgram(chain)
      ? { chain: { name: `${name}, chain`, folder: dirname(chain), command: [chain, ...words] } }
      : {}),
  };
}

/**
 * Runs a program that a rival may bring beside its own, to measure what happens inside of a process; the numbers it prints,
 * undefined where there is none. @throws Error when it fails.
 */
export function askRival(
  { folder }: Rival,
  program: 'bench-dispatch' | 'bench-store',
  words: readonly (string | number)[] = [],
): number[] | undefined {
  const file = join(folder, program);
  if (!isProgram(file)) return undefined;
  const { status, stdout, stderr } = spawnSync(file, words.map(String), { cwd: folder, encoding: 'utf8' });
  const numbers = stdout.trim().split(/\s+/).map(Number);
  if (status === 0 && numbers.every(Number.isFinite)) return numbers;
  throw new Error(`cannot measure "${file}": it is to print numbers, and printed: ${stdout}${stderr}`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
