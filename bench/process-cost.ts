import { spawnSync } from 'node:child_process';

/** What a process took, from start to end. */
export interface ProcessCost {
  readonly milliseconds: number;
  /** Of processor time, with that of the processes it waited for: steadier than the time on the clock. */
  readonly processorMilliseconds: number;
  /** The most memory that it, or one it waited for, had at once. */
  readonly peakKilobytes: number;
}

/** How to start a process. */
export interface ProcessStart {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs a process to its end; `usage` is the program that measures it (`fake-tools/usage.c`).
 * @throws Error, with what it printed, when it fails.
 */
export function measureProcess(usage: string, { command, folder, environment }: ProcessStart): ProcessCost {
  const { status, stderr, output, error } = spawnSync(usage, command, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  const [wall, processor, peak] = (output?.[3] ?? '').split(' ').map(Number);
  if (status !== 0 || wall === undefined || processor === undefined || peak === undefined) {
    throw new Error(
      `cannot measure "${command.join(' ')}": it failed: ${stderr || error?.message || status}`,
    );
  }
  return { milliseconds: wall / 1000, processorMilliseconds: processor / 1000, peakKilobytes: peak };
}
