import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How often a command of apt's is tried before it counts as failed: another may hold its lock, or a mirror be away. */
export interface AptPatience {
  /** How many times it is run at most. */
  readonly attempts: number;
  /** How long to wait before it is run again. */
  readonly seconds: number;
}

/** As patient as the reference. */
export const PATIENT: AptPatience = { attempts: 10, seconds: 10 };

/** What apt answers where trying again may help. */
const RETRIED = [1, 100];

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/**
 * Runs one of apt's programs (`apt-get`, `apt-mark`, …), found on PATH, without questions.
 *
 * @throws AptError, with what it said last, when it is not there or fails, at the last attempt.
 */
export async function runApt(
  [program = '', ...args]: readonly string[],
  { attempts, seconds }: AptPatience = PATIENT,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LANG: 'C.UTF-8' };
      return (await run(program, args, { env, maxBuffer: MAX_OUTPUT_BYTES })).stdout;
    } catch (error) {
      const failure = new AptError([program, ...args], error);
      const isFinal = attempt >= attempts || !RETRIED.includes(failure.exitCode ?? 0);
      if (isFinal) throw failure;
      await setTimeout(seconds * 1000);
    }
  }
}

/** The arguments that have apt-get do something to packages, keeping configuration files that were changed. */
export function aptGet(
  verb: string,
  packages: readonly string[],
  options: readonly string[] = KEEP,
): string[] {
  return ['apt-get', '--assume-yes', ...options, verb, ...packages];
}

const KEEP = ['--option=Dpkg::Options::=--force-confold'];

/** A program of apt's could not be run, or ended with anything but 0. */
export class AptError extends Error {
  override readonly name = 'AptError';
  /** Undefined where it did not run. */
  readonly exitCode: number | undefined;

  constructor(command: readonly string[], cause: unknown) {
    const { code, stderr = '', message } = cause as Error & { code?: unknown; stderr?: string };
    super(`cannot run ${command.join(' ')}: ${stderr.trimEnd().split('\n').at(-1) || message}`, { cause });
    this.exitCode = typeof code === 'number' ? code : undefined;
  }
}
