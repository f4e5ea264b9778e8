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

/** What is run, and where. */
export interface ProcessCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** A hook as a running process, the leader of a process group of its own. */
export class HookProcess {
  /** Settles when the process has ended and what it printed has been passed on. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #output = { stdout: '', stderr: '' };

  constructor(
    command: ProcessCommand & { readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void },
  ) {
    const { file, args, cwd, env, onLine } = command;
    const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    const streams = (['stdout', 'stderr'] as const).map((name) =>
      forwardLines(child[name], {
        onText: (text) => {
          this.#output[name] += text;
        },
        onLine: (line) => onLine(name, line),
      }),
    );
    this.ended = waitForEnd(child).then(async (end) => {
      const drained = Promise.all(streams);
      await Promise.race([drained, setTimeout(DRAIN_MILLISECONDS, undefined, { ref: false })]);
      child.stdout.destroy();
      child.stderr.destroy();
      await drained;
      return end;
    });
  }

  /** The process group, which is led by the hook's process; undefined where it did not start. */
  get group(): number | undefined {
    return this.#child.pid;
  }

  /** What it has printed so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return this.#output;
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

/** Passes a stream on, as it comes and line by line, and settles at its end. */
function forwardLines(
  stream: Readable,
  to: { readonly onText: (text: string) => void; readonly onLine: (line: string) => void },
): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    to.onText(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) to.onLine(line);
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest !== '') to.onLine(rest);
      resolve();
    });
  });
}
