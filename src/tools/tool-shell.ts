import type { Answer } from './answer-stream.ts';
import { HookToolError } from './errors.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { quoteWords, Shell } from './shell.ts';

const IS_QUESTION = /^(is-leader|goal-state|.+-(get|list|ids))$/;
/** Tools that change nothing which a question asked ahead is about. */
const LEAVES_ANSWERS = /^(juju-log|status-set|is-leader|goal-state|.+-(get|list|ids))$/;
/** The shell's word for a program that it could not start. */
const NOT_STARTED = /^\/bin\/sh: /;

/** Where the answer to a question asked ahead comes. */
interface Ahead {
  readonly asker: number;
  readonly index: number;
}

/**
 * Runs hook tools out of one shell, which is started once a hook, and starts processes for a fraction of what they cost from
 * here:
 *
 *     this process ── commands ──► sh ─┬─ one after the other, with `run` and `tell`
 *          ▲                           ├─ juju-log, in an order of its own
 *          └──── files without names ◄─┴─ questions asked ahead, several side by side
 *
 * `run` waits for its command; what is told or logged is not waited for, until `settle`. Where there is no such shell to be
 * had, where it goes away, and for what is too large for it, each command is a process of its own (`runTool`).
 */
export class ToolShell {
  #shell: Shell | undefined;
  #canStart = true;
  readonly #told = new Map<number, readonly string[]>();
  readonly #ahead = new Map<string, Ahead>();
  #failure: unknown;

  /** @throws HookToolError as `runTool` does. */
  readonly run: RunTool = (command, input) => {
    const early = input === undefined ? this.#takeAhead(command) : undefined;
    if (early?.exitCode === 0) return early.output;
    if (!LEAVES_ANSWERS.test(command[0] ?? '')) this.#ahead.clear();
    const shell = this.#shellFor([...command, input ?? '']);
    if (!shell) return this.#runAlone(command, input);
    const index = shell.run(command, input);
    const answer = shell.waitForAnswer(index);
    if (answer?.exitCode === 0) return answer.output;
    const complaint = shell.complaintAt(index);
    // What could not be started is asked of the system itself, which says why; so is what no harm is in asking twice.
    if (answer ? NOT_STARTED.test(complaint) : IS_QUESTION.test(command[0] ?? '')) {
      return this.#runAlone(command, input);
    }
    throw failureOf(command, answer, complaint);
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
    const fresh = commands.filter((command) => !this.#ahead.has(quoteWords(command)));
    // One question alone is asked as fast when it comes.
    if (fresh.length < 2) return;
    const shell = this.#shellFor(fresh.flat(), { isLong: true });
    if (!shell) return;
    for (const { command, ...place } of shell.askAhead(fresh)) this.#ahead.set(quoteWords(command), place);
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
    const place = this.#ahead.get(key);
    if (!place) return undefined;
    this.#ahead.delete(key);
    return this.#shell?.waitForAsker(place.asker, place.index);
  }

  /** Undefined for what has to be started by itself. */
  #shellFor(words: readonly string[], { isLong = false } = {}): Shell | undefined {
    if (words.some((word) => word.includes('\0'))) return undefined;
    if (!isLong && !Shell.hasRoomFor(words)) return undefined;
    if (!this.#shell && !this.#canStart) return undefined;
    this.#shell ??= this.#startShell();
    return this.#shell?.isLost ? undefined : this.#shell;
  }

  #startShell(): Shell | undefined {
    try {
      return new Shell();
    } catch {
      // There is no room for its files, or no right to make them; each command will say what it needs.
      this.#canStart = false;
      return undefined;
    }
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
