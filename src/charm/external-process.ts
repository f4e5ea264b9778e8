import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Environment } from '../hook/environment.ts';

/** An executable handler, and what it runs in. */
export interface ExternalCommand {
  /** Relative to the charm's folder, in which it runs. */
  readonly name: string;
  readonly charmDir: string;
  readonly environment: Environment;
}

/** How a test ended. */
export interface TestEnd {
  /** Null where it was killed. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** Room for what a test may print. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** As much of an executable's last words as an error repeats. */
const MAX_TAIL = 4000;
/** How long output is awaited from an executable that has ended: what it left running may hold its streams for ever. */
const DRAIN_MILLISECONDS = 100;

/**
 * Asks an executable whether it wants to run, and waits for the answer. What it says on standard error is passed on.
 * @throws Error, naming the file, when it cannot be started.
 */
export function testProgram(command: ExternalCommand): TestEnd {
  const { name, charmDir, environment } = command;
  const result = spawnSync(path.join(charmDir, name), ['--test'], {
    cwd: charmDir,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (result.error) throw startFailure(command, result.error);
  process.stderr.write(result.stderr);
  return { exitCode: result.status, output: result.stdout, complaints: result.stderr };
}

/**
 * Has an executable do its work. What it prints is passed on as it comes, to where Juju takes it into its log.
 * @throws Error, naming the file and repeating its last words, when it ends with any code but 0, is killed, or cannot be
 * started.
 */
export async function invokeProgram(command: ExternalCommand, output: string): Promise<void> {
  const { name, charmDir, environment } = command;
  if (output.includes('\0')) {
    throw new Error(
      `cannot run the handler "${name}": its test printed a NUL character, which no argument can hold`,
    );
  }
  const child = spawn(path.join(charmDir, name), ['--invoke', output], {
    cwd: charmDir,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = new Tail();
  const streams = [forward(child.stdout, process.stdout, tail), forward(child.stderr, process.stderr, tail)];
  const end = await waitForEnd(child).catch((error: unknown) => {
    throw startFailure(command, error);
  });
  await Promise.race([Promise.all(streams), setTimeout(DRAIN_MILLISECONDS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (end.exitCode === 0) return;
  const how = end.signal ? `was killed by ${end.signal}` : `ended with exit code ${end.exitCode}`;
  throw new Error(`cannot finish the handler "${name}": it ${how}${tail.quote()}`);
}

function startFailure({ name }: ExternalCommand, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT' ? 'the interpreter that its first line names is not there' : (message ?? String(error));
  return new Error(`cannot run the handler "${name}": ${reason}`, { cause: error });
}

interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

function waitForEnd(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function forward(from: Readable, to: NodeJS.WritableStream, tail: Tail): Promise<void> {
  from.on('data', (bytes: Buffer) => {
    to.write(bytes);
    tail.add(bytes);
  });
  return new Promise((resolve) => void from.once('close', resolve));
}

/** The end of what was printed. */
class Tail {
  #bytes = Buffer.alloc(0);

  add(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]).subarray(-MAX_TAIL);
  }

  quote(): string {
    const text = this.#bytes.toString('utf8').trimEnd();
    return text === '' ? ', and printed nothing' : `; it printed at last:\n${text}`;
  }
}
