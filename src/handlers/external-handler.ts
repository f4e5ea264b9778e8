import type { Gate, RoundFacts } from './gate.ts';
import type { Handler } from './handler.ts';

/** What an executable said when it was asked whether it wants to run. */
export interface TestAnswer {
  readonly wantsToRun: boolean;
  /** What it printed, to the letter: it is handed back when it is invoked, and may say which of its parts are to run. */
  readonly output: string;
  /**
   * The flags that the parts it wants to run wait for. Only an executable that looks by itself at what changed can tell;
   * its word is taken.
   */
  readonly flags?: readonly string[];
}

/** An executable that speaks the reference's protocol of external handlers, `--test` and `--invoke`. */
export interface ExternalProgram {
  /** Relative to the charm's folder: `reactive/backup.sh`. */
  readonly name: string;
  /** How many flags have changed in this hook so far. */
  readonly changeCount: () => number;
  readonly test: (facts: RoundFacts) => TestAnswer;
  /** Has it do what it answered in a round. @throws Error when it does not end well. */
  readonly invoke: (output: string, facts: RoundFacts) => Promise<void>;
}

/**
 * An executable as a handler. It is asked in every phase and round, and runs when it says so. Once it ran in a hook, the same
 * answer makes it run again only if a flag has changed since it was given (the reference runs it in each of a hundred rounds).
 */
export class ExternalHandler implements Handler {
  readonly phase = 'every';
  readonly conditions = [];
  readonly gates: readonly Gate[];
  readonly #program: ExternalProgram;
  readonly #isRestricted: boolean;
  #asked: { readonly facts: RoundFacts; readonly changes: number; readonly answer: TestAnswer } | undefined;
  /** What made it run last. */
  #ranFor: { readonly changes: number; readonly output: string } | undefined;

  constructor(program: ExternalProgram, hook: { readonly restricted: boolean }) {
    this.#program = program;
    this.#isRestricted = hook.restricted;
    this.gates = [{ isOpen: (facts) => this.#wantsToRun(facts) }];
  }

  /** Its name and, once it has been asked, what it answered: `reactive/backup.sh "start,stop"`. */
  get id(): string {
    const output = this.#asked?.answer.output.trim();
    return output ? `${this.#program.name} "${output}"` : this.#program.name;
  }

  /** The flags that the parts about to run wait for; undefined where the executable does not tell. */
  get watchedFlags(): readonly string[] | undefined {
    return this.#asked?.answer.flags;
  }

  async run(): Promise<void> {
    if (!this.#asked)
      throw new Error(`cannot run the handler "${this.id}": it was not asked whether it wants to`);
    const { changes, answer, facts } = this.#asked;
    this.#ranFor = { changes, output: answer.output };
    await this.#program.invoke(answer.output, facts);
  }

  #wantsToRun(facts: RoundFacts): boolean {
    if (this.#isRestricted && facts.round > 0) return false;
    const changes = this.#program.changeCount();
    const answer = this.#program.test(facts);
    this.#asked = { facts, changes, answer };
    const isOld = this.#ranFor?.changes === changes && this.#ranFor.output === answer.output;
    return answer.wantsToRun && (answer.flags !== undefined || !isOld);
  }
}
