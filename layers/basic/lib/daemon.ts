import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** How a daemon is started. */
export interface DaemonStart {
  /** The program, as an absolute path or a name on PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it is ready for work; asked again and again until it is. Must not throw. */
  readonly isReady: () => Promise<boolean>;
}

const READY_MILLISECONDS = 30_000;
const GRACE_MILLISECONDS = 5_000;
const KILL_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 25;

/** How much of the log an error quotes. */
const LOG_TAIL_LINES = 5;

/**
 * A program that a hook starts and that works on after it. Hooks to come know it by `<folder>/<name>.pid`; what it prints
 * goes to `<folder>/<name>.log`. It does not outlive the machine: start it again in the `start` hook.
 */
export class Daemon {
  readonly #name: string;
  readonly #folder: string;
  readonly #pidFile: string;
  readonly #logFile: string;

  constructor({ name, folder }: { readonly name: string; readonly folder: string }) {
    this.#name = name;
    this.#folder = folder;
    this.#pidFile = path.join(folder, `${name}.pid`);
    this.#logFile = path.join(folder, `${name}.log`);
  }

  /** Whether it runs now; that does not say that it still does its work. */
  get isRunning(): boolean {
    return this.#pid() !== undefined;
  }

  /**
   * Starts it, in its folder, and waits until it is ready. One that runs is stopped first.
   * @throws Error, with the end of its log, when it ends at once or is not ready after 30 seconds; nothing runs then.
   */
  async start({ command, args, isReady }: DaemonStart): Promise<void> {
    await this.stop();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const log = openSync(this.#logFile, 'a', 0o600);
    const logStart = fstatSync(log).size;
    // With a pipe to the hook for its output, the hook would not end before it does.
    const child = spawn(command, args, { cwd: this.#folder, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.unref();
    const { pid } = child;
    if (pid !== undefined) writeFileSync(this.#pidFile, `${pid} ${birthOf(pid) ?? ''}\n`, { mode: 0o600 });
    const failure = await waitUntilReady(child, isReady);
    if (failure === undefined) return;
    await this.stop();
    throw new Error(
      `cannot start "${this.#name}": ${failure}${this.#tailLog(logStart)}; see "${this.#logFile}"`,
    );
  }

  /**
   * Stops it, and whatever it started itself: it is asked to end (SIGTERM), and killed if it has not after 5 seconds.
   * One that does not run is fine.
   * @throws Error when even then it does not end.
   */
  async stop(): Promise<void> {
    const pid = this.#pid();
    if (pid !== undefined) {
      signalGroup(pid, 'SIGTERM');
      // One that was halted could not hear it.
      signalGroup(pid, 'SIGCONT');
      if (!(await this.#endsWithin(GRACE_MILLISECONDS))) signalGroup(pid, 'SIGKILL');
      if (!(await this.#endsWithin(KILL_MILLISECONDS))) {
        throw new Error(`cannot stop "${this.#name}": process ${pid} does not end`);
      }
    }
    rmSync(this.#pidFile, { force: true });
  }

  /** The process, unless it is gone and another one has got its number since. */
  #pid(): number | undefined {
    const [number, birth] = readIfThere(this.#pidFile).trimEnd().split(' ');
    const pid = Number(number);
    return Number.isSafeInteger(pid) && pid > 1 && birthOf(pid) === (birth ?? '') ? pid : undefined;
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    while (this.isRunning) {
      if (Date.now() > deadline) return false;
      await setTimeout(POLL_MILLISECONDS);
    }
    return true;
  }

  #tailLog(start: number): string {
    const lines = readFileSync(this.#logFile).subarray(start).toString().trimEnd().split('\n');
    return lines
      .slice(-LOG_TAIL_LINES)
      .map((line) => `\n  ${line}`)
      .join('');
  }
}

/** Undefined when it is ready, else why it never will be. */
async function waitUntilReady(
  child: ChildProcess,
  isReady: () => Promise<boolean>,
): Promise<string | undefined> {
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  });
  const deadline = Date.now() + READY_MILLISECONDS;
  for (;;) {
    await setTimeout(POLL_MILLISECONDS);
    if (failure !== undefined) return failure;
    if (await isReady()) return undefined;
    if (Date.now() > deadline) failure ??= `it was not ready after ${READY_MILLISECONDS / 1000} seconds`;
  }
}

/**
 * When a process began, in the kernel's ticks, which together with its number tells it from any other; `''` where the
 * system has no /proc. Undefined for one that is gone, has ended and waits to be collected, or is another user's.
 */
function birthOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === '') return '';
  // The second field, the program's name, may itself hold spaces and parentheses.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : fields[18];
}

/** It leads a process group of its own. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
