import { countDecisions, type Decisions } from './decisions.ts';

/** How many runs went into making decisions fewer, and what is left of them. */
export interface Shrunk<Run> {
  readonly decisions: Decisions;
  /** The last run that still showed it; undefined where none was made. */
  readonly run?: Run;
  readonly runs: number;
}

/** Runs with some decisions: what came of it if it shows what was found, and undefined if it does not. */
export type Attempt<Run> = (
  decisions: Decisions,
) => Promise<{ readonly run: Run; readonly decisions: Decisions } | undefined>;

/**
 * Leaves out decisions as long as a run still shows what was found: whole kinds first, then the later choices, halving, and
 * at last each one by itself, again and again until none can go. Steps that were hurried are hurried more, where that does
 * without any choice or lets fewer hooks go by. At most `budget` runs.
 */
export async function shrinkDecisions<Run>(found: {
  readonly decisions: Decisions;
  readonly attempt: Attempt<Run>;
  readonly budget: number;
}): Promise<Shrunk<Run>> {
  const shrinking = new Shrinking(found);
  await shrinking.run();
  return shrinking.result;
}

const KINDS = ['faults', 'hurries', 'choices'] as const;

class Shrinking<Run> {
  readonly #attempt: Attempt<Run>;
  readonly #budget: number;
  readonly #tried = new Set<string>();
  #decisions: Decisions;
  #run: Run | undefined;
  #runs = 0;

  constructor(found: Parameters<typeof shrinkDecisions<Run>>[0]) {
    this.#decisions = found.decisions;
    this.#attempt = found.attempt;
    this.#budget = found.budget;
  }

  get result(): Shrunk<Run> {
    const run = this.#run === undefined ? {} : { run: this.#run };
    return { decisions: this.#decisions, ...run, runs: this.#runs };
  }

  async run(): Promise<void> {
    for (const kind of KINDS) await this.#try({ ...this.#decisions, [kind]: [] });
    if (this.#decisions.choices.length > 0) await this.#hurryMore({ choices: [] });
    await this.#cutChoices();
    await this.#keepLastChoice();
    for (let before = -1; before !== countDecisions(this.#decisions) && !this.#isSpent(); ) {
      before = countDecisions(this.#decisions);
      for (const kind of KINDS) await this.#dropEach(kind);
    }
    await this.#hurryMore({});
  }

  /** Choices are told by how many hooks came before, so that most of them mean something else after this. */
  async #hurryMore(change: Partial<Decisions>): Promise<void> {
    for (const [place, { step, hooks }] of this.#decisions.hurries.entries()) {
      for (const fewer of new Set([0, 1, Math.floor(hooks / 2)])) {
        const hurries = this.#decisions.hurries.with(place, { step, hooks: fewer });
        if (fewer < hooks && (await this.#try({ ...this.#decisions, ...change, hurries }))) break;
      }
      if (place + 1 >= this.#decisions.hurries.length) return;
    }
  }

  /** Keeps half of the choices, the first ones, or else three quarters, and so on. */
  async #cutChoices(): Promise<void> {
    let least = 0;
    while (least < this.#decisions.choices.length && !this.#isSpent()) {
      const { choices } = this.#decisions;
      const middle = Math.floor((least + choices.length) / 2);
      const works = await this.#try({ ...this.#decisions, choices: choices.slice(0, middle) });
      if (!works) least = middle + 1;
    }
  }

  /** The one without which the first ones do nothing may do alone, as soon as its hook is due. */
  async #keepLastChoice(): Promise<void> {
    const last = this.#decisions.choices.at(-1);
    if (last === undefined) return;
    for (const at of [0, last.at]) {
      if (await this.#try({ ...this.#decisions, choices: [{ ...last, at }] })) return;
    }
  }

  /** The last ones first: what came before them stays as it is. */
  async #dropEach(kind: (typeof KINDS)[number]): Promise<void> {
    for (let place = this.#decisions[kind].length - 1; place >= 0 && !this.#isSpent(); place -= 1) {
      const rest = this.#decisions[kind].filter((_, index) => index !== place);
      if (await this.#try({ ...this.#decisions, [kind]: rest })) {
        place = Math.min(place, this.#decisions[kind].length);
      }
    }
  }

  async #try(decisions: Decisions): Promise<boolean> {
    if (!isSimpler(decisions, this.#decisions) || this.#isSpent()) return false;
    const key = JSON.stringify(decisions);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    this.#runs += 1;
    const shown = await this.#attempt(decisions);
    if (shown === undefined) return false;
    // What had no effect in that run is left out as well, and each choice told by when it was made.
    this.#decisions = isSimpler(decisions, shown.decisions) ? decisions : shown.decisions;
    this.#run = shown.run;
    return true;
  }

  #isSpent(): boolean {
    return this.#runs >= this.#budget;
  }
}

function isSimpler(one: Decisions, other: Decisions): boolean {
  const fewer = countDecisions(one) - countDecisions(other);
  return fewer < 0 || (fewer === 0 && countHooks(one) < countHooks(other));
}

function countHooks({ hurries }: Decisions): number {
  return hurries.reduce((sum, { hooks }) => sum + hooks, 0);
}
