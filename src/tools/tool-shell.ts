import type { Answer } from './answer-stream.ts';
import { HookToolError } from './errors.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { quoteWords, Shell, type ShellPipes } from './shell.ts';

const IS_QUESTION = /^(is-leader|goal-state|opened-ports|.+-(get|list|ids))$/;
/** Tools that change nothing which a question asked ahead is about, beside questions. */
const LEAVES_ANSWERS = /^(juju-log|status-set)$/;
/** What may be asked without being wanted: it moves nothing on, and brings nothing along. */
const IS_HARMLESS =
  /^(is-leader|goal-state|opened-ports|(config|leader|network|relation|state|storage|unit)-get|(relation|storage)-list|relation-ids)$/;
/** How long what was asked at the start of the hook is taken for how things are; Juju promises leadership for 30 seconds. */
const MAX_AGE_SECONDS = 10;

/** Where the answer to a question asked ahead comes. */
interface Ahead {
  readonly asker: number;
  readonly index: number;
  /** Whether it was asked before this process had started. */
  readonly isOfStart?: boolean;
}

/**
 * Runs hook tools out of the shell that `dispatch` left, which starts processes for a fraction of what they cost from here:
 *
 *     this process ── commands ──► sh ─┬─ one after the other, with `run` and `tell`
 *          ▲                           ├─ juju-log, in an order of its own
 *          └────────── pipes ◄─────────┴─ questions asked ahead, several side by side
 *
 * `run` waits for its command; what is told or logged is not waited for, until `settle`. Where there is no such shell,
 * where it goes away, and for what is too large for it, each command is a process of its own (`runTool`).
 */
export class ToolShell {
  #pipes: ShellPipes | undefined;
  #shell: Shell | undefined;
  /** In seconds since this process started. */
  #openedAt = 0;
  readonly #told = new Map<number, readonly string[]>();
  readonly #ahead = new Map<string, Ahead>();
  readonly #expected = new Set<string>();
  readonly #unexpected = new Set<string>();
  #failure: unknown;

  constructor(pipes: ShellPipes | undefined) {
    this.#pipes = pipes;
  }

  /** @throws HookToolError as `runTool` does. */
  readonly run: RunTool = (command, input) => {
    const [tool = ''] = command;
    this.#open();
    const early = input === undefined ? this.#takeAhead(command) : undefined;
    if (early?.exitCode === 0) return early.output;
    if (!LEAVES_ANSWERS.test(tool) && !IS_QUESTION.test(tool)) this.#ahead.clear();
    const shell = this.#shellFor([...command, input ?? '']);
    if (!shell) return this.#runAlone(command, input);
    const index = shell.run(command, input);
    const answer = shell.waitForAnswer(index);
    if (answer?.exitCode === 0) return answer.output;
    // What could not be started is asked of the system itself, which says why; so is what no harm is in asking twice.
    if (answer ? isMissing(shell, answer, tool) : IS_QUESTION.test(tool)) {
      return this.#runAlone(command, input);
    }
    throw failureOf(command, answer, shell.complaintAt(index));
  };

  /** Runs a command after those before it, and does not wait. Its failure is thrown by `settle`. */
  tell(command: readonly string[]): void {
    const shell = this.#shellFor(command);
    if (shell) this.#told.set(shell.run(command), command);
    else this.#keepFailure(() => this.#runAlone(command));
  }

  /** Runs juju-log after what was logged before, while other commands go on, and does not wait. */
  log(command: readonly string[]): void {
    const shell = this.#shellFor(command);
    if (shell) shell.log(command);
    else this.#keepFailure(() => this.#runAlone(command));
  }

  /** Asks what `run` is about to ask, several at once. An answer that nobody takes has cost a call. */
  askAhead(commands: readonly (readonly string[])[]): void {
    const shell = this.#shellFor(commands.flat(), { isLong: true });
    const questions = new Set(commands.map(quoteWords));
    const fresh = [...questions].filter((command) => !this.#ahead.has(command));
    for (const command of questions) this.#expected.add(command);
    // One question alone is asked as fast when it comes.
    if (!shell || fresh.length < 2) return;
    for (const { command, ...place } of shell.askAhead(fresh)) this.#ahead.set(command, place);
  }

  /** Questions that came without having been asked ahead with `askAhead`, and that it would do no harm to ask for nothing. */
  get unexpected(): string[] {
    return [...this.#unexpected];
  }

  /** Whether the hook tools are so slow that several of them are best run at once. */
  get hasSlowTools(): boolean {
    return this.#shell?.hasSlowTools ?? false;
  }

  /**
   * Waits until all that was told and logged is done.
   * @throws HookToolError for the first command that failed, once.
   */
  settle(): void {
    const shell = this.#shell;
    for (const [index, command] of this.#told) {
      const answer = shell?.waitForAnswer(index);
      if (answer?.exitCode === 0) continue;
      this.#failure ??= failureOf(command, answer, shell?.complaintAt(index));
    }
    this.#told.clear();
    for (const { exitCode, output } of shell?.waitForLog() ?? []) {
      if (exitCode !== 0) this.#failure ??= failureOf(['juju-log'], { exitCode, output: '' }, output);
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }

  /** An answer is taken once: whoever asks again wants to know how things are now. */
  #takeAhead(command: readonly string[]): Answer | undefined {
    const key = quoteWords(command);
    if (IS_HARMLESS.test(command[0] ?? '') && !this.#expected.has(key)) this.#unexpected.add(key);
    const place = this.#ahead.get(key);
    if (!place || (place.isOfStart && process.uptime() - this.#openedAt > MAX_AGE_SECONDS)) return undefined;
    this.#ahead.delete(key);
    return this.#shell?.waitForAsker(place.asker, place.index);
  }

  /** Undefined for what has to be started by itself. */
  #shellFor(words: readonly string[], { isLong = false } = {}): Shell | undefined {
    if (words.some((word) => word.includes('\0'))) return undefined;
    if (!isLong && !Shell.hasRoomFor(words)) return undefined;
    this.#open();
    return this.#shell?.isLost ? undefined : this.#shell;
  }

  #open(): void {
    if (!this.#pipes) return;
    try {
      this.#shell = new Shell(this.#pipes);
      this.#openedAt = process.uptime();
      for (const { command, ...place } of this.#shell.askedAtStart) {
        this.#ahead.set(command, { ...place, isOfStart: true });
      }
    } catch {
      // There is no room for its files, or no right to make them; each command will say what it needs.
    }
    this.#pipes = undefined;
  }

  /** In its turn, after what was told. */
  #runAlone(command: readonly string[], input?: string): string {
    this.#keepFailure(() => this.settle());
    return runTool(command, input);
  }

  #keepFailure(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failure ??= error;
    }
  }
}

/** 126 and above are the shell's words: a program that it could not start, or that was killed. */
function failureOf(command: readonly string[], answer: Answer | undefined, complaint = ''): HookToolError {
  const { exitCode = 127, output: stdout = '' } = answer ?? {};
  const ended = exitCode > 125 ? undefined : exitCode;
  const stderr = complaint || (answer ? '' : 'the shell that ran it ended');
  return new HookToolError({ command, exitCode: ended, stdout, stderr });
}

/** Whether it was the shell that could not start it. */
function isMissing(shell: Shell, { exitCode }: Answer, tool: string): boolean {
  if (exitCode !== 126 && exitCode !== 127) return false;
  return shell.waitForAnswer(shell.run(['command', '-v', tool]))?.exitCode !== 0;
}
