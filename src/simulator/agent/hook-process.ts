import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers/promises';
import type { ProcessCommand, ProcessEnd, ProcessLauncher } from './process-launcher.ts';

/** How long output is awaited once a hook has ended: a daemon that it left behind may hold its streams open for ever. */
const DRAIN_MILLISECONDS = 100;

type StreamName = 'stdout' | 'stderr';

/** A hook as a running process, the leader of a process group of its own. */
export class HookProcess {
  /** Settles with its process group once it has started; never if it does not. */
  readonly started: Promise<number>;
  /** Settles when the process has ended and what it printed has been passed on. */
  readonly ended: Promise<ProcessEnd>;
  readonly #lines: Readonly<Record<StreamName, LineReader>>;
  #group: number | undefined;
  #isKilled = false;
  #isOver = false;

  constructor(
    command: ProcessCommand & {
      readonly launcher: ProcessLauncher;
      readonly onLine: (stream: StreamName, line: string) => void;
    },
  ) {
    const { launcher, onLine } = command;
    const lines = {
      stdout: new LineReader((line) => onLine('stdout', line)),
      stderr: new LineReader((line) => onLine('stderr', line)),
    };
    this.#lines = lines;
    const started = Promise.withResolvers<number>();
    const ended = Promise.withResolvers<ProcessEnd>();
    const closed = Promise.withResolvers<void>();
    this.started = started.promise;
    this.ended = ended.promise.then(async (end) => {
      this.#isOver = true;
      await Promise.race([closed.promise, setTimeout(DRAIN_MILLISECONDS, undefined, { ref: false })]);
      for (const reader of Object.values(lines)) reader.close();
      return end;
    });
    launcher.launch(command, {
      started: (group) => {
        this.#group = group;
        if (this.#isKilled) this.kill();
        started.resolve(group);
      },
      printed: (stream, bytes) => lines[stream].read(bytes),
      ended: ended.resolve,
      closed: () => closed.resolve(),
    });
  }

  /** What it has printed so far. */
  get output(): Readonly<Record<StreamName, string>> {
    return { stdout: this.#lines.stdout.text, stderr: this.#lines.stderr.text };
  }

  /** Kills the hook and whatever it has running in its process group. */
  kill(): void {
    this.#isKilled = true;
    if (this.#group === undefined || this.#isOver) return;
    try {
      process.kill(-this.#group, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Takes what is printed apart into lines, and keeps all of it. Deaf once it is closed. */
class LineReader {
  text = '';
  #rest = '';
  #isClosed = false;
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  read(bytes: Buffer): void {
    if (!this.#isClosed) this.#take(this.#decoder.write(bytes));
  }

  /** Passes on what stands without a line's end. */
  close(): void {
    this.#take(this.#decoder.end());
    this.#isClosed = true;
    if (this.#rest !== '') this.#onLine(this.#rest);
  }

  #take(text: string): void {
    this.text += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}
