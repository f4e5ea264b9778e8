import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** How long output is awaited once a hook has ended: a daemon that it left behind may hold its streams open for ever. */
const DRAIN_MILLISECONDS = 100;

/** How a hook's process ended. */
export interface ProcessEnd {
  /** Null where it was killed, or did not start. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly failure?: string;
}

/** A hook as a running process, the leader of a process group of its own. */
export class HookProcess {
  /** Settles when the process has ended and what it printed has been passed on. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(command: {
    readonly file: string;
    readonly cwd: string;
    readonly env: Record<string, string>;
    readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  }) {
    const { file, cwd, env, onLine } = command;
    const child = spawn(file, [], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    const streams = [
      forwardLines(child.stdout, (line) => onLine('stdout', line)),
      forwardLines(child.stderr, (line) => onLine('stderr', line)),
    ];
    this.ended = waitForEnd(child).then(async (end) => {
      const drained = Promise.all(streams);
      await Promise.race([drained, setTimeout(DRAIN_MILLISECONDS, undefined, { ref: false })]);
      child.stdout.destroy();
      child.stderr.destroy();
      await drained;
      return end;
    });
  }

  /** Kills the hook and whatever it has running in its process group. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }
}

function waitForEnd(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, signal: null, failure: error.message }));
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** Passes a stream on line by line, and settles at its end. */
function forwardLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest !== '') onLine(rest);
      resolve();
    });
  });
}
