import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often what asks the store is tried, and how long to wait in between, as in the reference. */
const STORE_ATTEMPTS = 3;
const STORE_SECONDS = 10;

/** A program could not be run, or ended with anything but 0. */
export class SnapError extends Error {
  override readonly name = 'SnapError';
}

/** Runs a program, found on PATH, and answers what it printed. @throws SnapError, with what it said last. */
export async function runProgram([program = '', ...args]: readonly string[]): Promise<string> {
  try {
    return (await run(program, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })).stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    const why = stderr.trimEnd().split('\n').at(-1) || message;
    throw new SnapError(`cannot run ${[program, ...args].join(' ')}: ${why}`, { cause: error });
  }
}

/** The same for what needs the store, which may be away for a moment. */
export async function runWithStore(command: readonly string[], seconds = STORE_SECONDS): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runProgram(command);
      return;
    } catch (error) {
      if (attempt >= STORE_ATTEMPTS) throw error;
      await setTimeout(seconds * 1000);
    }
  }
}
