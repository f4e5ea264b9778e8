import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Fault } from '../faults/fault.ts';
import { AddressBases } from './address-bases.ts';
import { type Decider, ReplayedDecider } from './decider.ts';
import { type Decisions, NO_DECISIONS } from './decisions.ts';
import { compareStates, type Difference } from './difference.ts';
import {
  type Finding,
  findSymptom,
  groupRuns,
  isSameSymptom,
  type ShownRun,
  type Symptom,
} from './findings.ts';
import type { Scenario } from './scenario.ts';
import { type RunPlan, type RunResult, runScenario } from './scenario-run.ts';
import { SeededDecider } from './seeded-decider.ts';
import { type Shrunk, shrinkDecisions } from './shrink.ts';

/** How a scenario is explored. */
export interface ExploreOptions {
  readonly scenario: Scenario;
  /** Of the first run; each further run has the next one. */
  readonly seed: number;
  readonly runs: number;
  /** How many faults a run has at most. */
  readonly faults: number;
  readonly faultKinds: readonly Fault['kind'][];
  /** How many runs may go into making the decisions of one finding fewer. */
  readonly shrink: number;
  /** How many runs go side by side; as many as there are processors if not given. */
  readonly jobs?: number;
  /** Runs with these decisions alone, in place of seeds. */
  readonly replay?: Decisions;
  /** Hooks' PATH, after the hook tools; Debian's usual one if not given. */
  readonly path?: string;
  /** Ends the exploration: what was found by then is answered. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExploreProgress) => void;
}

/** How far it is. */
export interface ExploreProgress {
  readonly phase: 'reference' | 'runs' | 'shrinking';
  /** Runs that have ended. */
  readonly runs: number;
  /** Runs with another end than the reference's. */
  readonly symptoms: number;
  readonly hooks: number;
}

/** What came out. */
export interface ExploreReport {
  /** The run in the order of units, without a fault, that all others are compared with. */
  readonly reference: RunResult;
  /** What differs although nothing was decided otherwise; it is left out of every other comparison. */
  readonly unrepeatable: readonly Difference[];
  /** Runs that ended, besides those of the reference and those for shrinking. */
  readonly runs: number;
  readonly findings: readonly ShrunkFinding[];
  /** Hooks in all runs. */
  readonly hooks: number;
  /** Faults that struck, in the runs. */
  readonly faults: number;
  /** Whether it was ended early. */
  readonly isCutShort: boolean;
}

/** A finding, with the fewest decisions that still show it, as far as the budget went. */
export interface ShrunkFinding extends Finding {
  readonly shrunk: Shrunk<RunResult>;
  /** What the shrunk run shows. */
  readonly shrunkSymptom: Symptom;
}

/** A scenario that cannot be explored: its reference run does not settle. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** How many findings are made smaller; the others are told with their seeds. */
const SHRUNK_FINDINGS = 5;

/**
 * Runs a scenario in many legal orders and with faults, and finds the runs that do not settle in the same state as its
 * reference run: that one twice, then one run for each seed. Throws `ScenarioError` where the reference run itself fails.
 */
export async function explore(options: ExploreOptions): Promise<ExploreReport> {
  return new Exploration(options).run();
}

class Exploration {
  readonly #options: ExploreOptions;
  readonly #bases = new AddressBases();
  readonly #shown: ShownRun[] = [];
  #except: ReadonlySet<string> = new Set();
  #runs = 0;
  #hooks = 0;
  #faults = 0;

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  async run(): Promise<ExploreReport> {
    const { scenario } = this.#options;
    this.#tell('reference');
    const reference = await this.#run(new ReplayedDecider(NO_DECISIONS));
    if (reference.failure !== undefined) throw describeBadReference(scenario, reference.failure.message);
    const again = await this.#run(new ReplayedDecider(NO_DECISIONS), reference);
    const states = { reference: reference.state ?? new Map(), run: again.state ?? new Map() };
    const unrepeatable = compareStates(states, scenario.ignore);
    this.#except = new Set(unrepeatable.map(({ path }) => path));
    await this.#runAll(reference);
    const findings = await this.#shrinkAll(reference);
    return {
      reference,
      unrepeatable,
      runs: this.#runs,
      findings,
      hooks: this.#hooks,
      faults: this.#faults,
      isCutShort: this.#isAborted,
    };
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  async #run(decider: Decider, reference?: RunResult): Promise<RunResult> {
    const { scenario, path, signal } = this.#options;
    const addressBase = this.#bases.take();
    const plan: RunPlan = {
      scenario,
      decider,
      addressBase,
      ...(reference === undefined ? {} : { leaders: reference.leaders }),
      ...(path === undefined ? {} : { path }),
      ...(signal === undefined ? {} : { signal }),
    };
    const result = await runScenario(plan).finally(() => this.#bases.giveBack(addressBase));
    this.#hooks += result.hooks;
    return result;
  }

  async #runAll(reference: RunResult): Promise<void> {
    const { seed, replay, jobs = availableParallelism() } = this.#options;
    const count = replay === undefined ? this.#options.runs : 1;
    let next = 0;
    const work = async () => {
      while (next < count && !this.#isAborted) {
        const own = seed + next;
        next += 1;
        const decider = replay === undefined ? this.#seeded(own, reference) : new ReplayedDecider(replay);
        const run = await this.#run(decider, reference).catch((error: unknown) => this.#orAborted(error));
        if (run === undefined) return;
        this.#runs += 1;
        this.#faults += run.decisions.faults.length;
        const symptom = this.#findSymptom(run, reference);
        if (symptom !== undefined) this.#shown.push({ seed: own, symptom, run });
        this.#tell('runs');
      }
    };
    this.#tell('runs');
    // Each run that goes on listens, and there may be many.
    if (this.#options.signal !== undefined) setMaxListeners(0, this.#options.signal);
    await Promise.all(Array.from({ length: Math.min(jobs, count) }, work));
  }

  #seeded(seed: number, reference: RunResult): Decider {
    const { faults, faultKinds: kinds } = this.#options;
    return new SeededDecider({ seed, measure: reference.measure, faults, kinds });
  }

  #findSymptom(run: RunResult, reference: RunResult): Symptom | undefined {
    return findSymptom(run, reference, { ignore: this.#options.scenario.ignore, except: this.#except });
  }

  async #shrinkAll(reference: RunResult): Promise<ShrunkFinding[]> {
    const shrunk: ShrunkFinding[] = [];
    for (const [index, finding] of groupRuns(this.#shown).entries()) {
      const seeds = this.#options.replay === undefined ? finding.seeds : [];
      const budget = index < SHRUNK_FINDINGS ? this.#options.shrink : 0;
      shrunk.push({ ...(await this.#shrink(finding, reference, budget)), seeds });
    }
    return shrunk;
  }

  async #shrink(finding: Finding, reference: RunResult, budget: number): Promise<ShrunkFinding> {
    let shrunkSymptom = finding.symptom;
    const shrunk = await shrinkDecisions<RunResult>({
      decisions: finding.run.decisions,
      budget,
      attempt: async (decisions) => {
        if (this.#isAborted) return undefined;
        this.#tell('shrinking');
        const decider = new ReplayedDecider(decisions);
        const run = await this.#run(decider, reference).catch((error: unknown) => this.#orAborted(error));
        const symptom = run === undefined ? undefined : this.#findSymptom(run, reference);
        if (run === undefined || symptom === undefined) return undefined;
        if (!isSameSymptom(symptom, finding.symptom)) return undefined;
        shrunkSymptom = symptom;
        return { run, decisions: run.decisions };
      },
    });
    return { ...finding, shrunk, shrunkSymptom };
  }

  #orAborted(error: unknown): undefined {
    if (!this.#isAborted) throw error;
    return undefined;
  }

  #tell(phase: ExploreProgress['phase']): void {
    const progress = { phase, runs: this.#runs, symptoms: this.#shown.length, hooks: this.#hooks };
    this.#options.onProgress?.(progress);
  }
}

function describeBadReference({ file }: Scenario, why: string): ScenarioError {
  return new ScenarioError(
    `cannot explore "${file}": its own run, with nothing in another order, fails: ${why}`,
  );
}
