import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { HookToolError } from './errors.ts';

/** Runs one hook tool to its end and answers its standard output. */
export type RunTool = (command: readonly string[], input?: string) => string;

/** Room for the largest databag; Juju itself stops at 16 MB. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * The one place where a hook tool is started: found on PATH, in the charm's own environment.
 *
 * @throws HookToolError when it exits with anything but 0, is killed, or cannot be started.
 */
export const runTool: RunTool = (command, input) => {
  const result = spawnTool(command, input);
  if (result.error || result.status !== 0) {
    throw new HookToolError({
      command,
      exitCode: result.status ?? undefined,
      stdout: result.stdout ?? '',
      stderr: result.stderr || result.error?.message || (result.signal ? `killed by ${result.signal}` : ''),
      cause: result.error,
    });
  }
  return result.stdout;
};

function spawnTool(command: readonly string[], input: string | undefined): SpawnSyncReturns<string> {
  const [tool = '', ...parameters] = command;
  try {
    return spawnSync(tool, parameters, {
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  } catch (cause) {
    // A parameter that no process can be given, such as one with the character NUL.
    const stderr = cause instanceof Error ? cause.message : String(cause);
    throw new HookToolError({ command, exitCode: undefined, stderr, cause });
  }
}

/**
 * Runs a tool that answers JSON.
 *
 * @throws HookToolError as `runTool`, and when the answer is not JSON.
 */
export function runForJson(run: RunTool, command: readonly string[]): unknown {
  const stdout = run(command);
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new HookToolError({ command, exitCode: 0, stdout, stderr: 'its answer is not JSON', cause });
  }
}
