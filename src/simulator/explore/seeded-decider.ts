import type { CountedFault } from '../faults/counted-faults.ts';
import type { Fault } from '../faults/fault.ts';
import { FAULTS_AT_TOOLS } from '../faults/fault-kinds.ts';
import type { Candidate, Decider } from './decider.ts';
import { SeededRandom } from './seeded-random.ts';

/** What is known of the reference run, so that what a seed decides falls within a run. */
export interface RunMeasure {
  readonly hooks: number;
  /** How many hooks went by before each step since the last barrier, by the step's number. */
  readonly hooksBefore: Readonly<Record<number, number>>;
  /** The most tools that a hook called, by its application and name. */
  readonly toolCalls: Readonly<Record<string, number>>;
}

/** Where a hook's tool calls are counted in a `RunMeasure`. */
export function measureKey(unit: string, hook: string): string {
  return `${unit.split('/')[0]} ${hook}`;
}

/** How often a unit that was taken gets another rank: seldom, so that the others stand still for long. */
const RANK_CHANGE = 0.1;

/** How often a step waits until all is settled, as an operator with patience does. */
const PATIENCE = 0.4;

/** Tool calls that a hook not seen in the reference run is taken to make. */
const UNSEEN_TOOL_CALLS = 6;

/**
 * Decides by a seed. Half of the runs take any hook that is due, the others one of the unit with the highest rank, as long
 * as it has any: bugs that need one unit to run far ahead of another are hardly ever found by the first way.
 */
export class SeededDecider implements Decider {
  readonly #random: SeededRandom;
  readonly #measure: RunMeasure;
  readonly #kinds: readonly Fault['kind'][];
  readonly #isRanked: boolean;
  readonly #ranks = new Map<string, number>();
  /** The hooks in which something goes wrong, by position; soonest first. */
  readonly #strikes: number[];

  constructor(plan: {
    readonly seed: number;
    readonly measure: RunMeasure;
    /** How many faults a run has at most. */
    readonly faults: number;
    readonly kinds: readonly Fault['kind'][];
  }) {
    const random = new SeededRandom(plan.seed);
    this.#random = random;
    this.#measure = plan.measure;
    this.#kinds = plan.kinds;
    this.#isRanked = random.next() < 0.5;
    const count = plan.kinds.length === 0 ? 0 : random.below(plan.faults + 1);
    const strikes = Array.from({ length: count }, () => random.below(plan.measure.hooks));
    this.#strikes = strikes.sort((a, b) => a - b);
  }

  choose(_position: number, due: readonly Candidate[]): number {
    if (due.length < 2) return 0;
    if (!this.#isRanked) return this.#random.below(due.length);
    const [first] = [...new Set(due.map(({ unit }) => unit))].sort((a, b) => this.#rank(b) - this.#rank(a));
    if (first === undefined) return 0;
    if (this.#random.next() < RANK_CHANGE) this.#ranks.delete(first);
    const places = due.flatMap(({ unit }, place) => (unit === first ? [place] : []));
    return this.#random.pick(places);
  }

  hooksBefore(step: number): number | undefined {
    const most = this.#measure.hooksBefore[step] ?? 0;
    if (most === 0 || this.#random.next() < PATIENCE) return undefined;
    return this.#random.below(most);
  }

  faultIn(start: Parameters<Decider['faultIn']>[0]): CountedFault | undefined {
    const [next] = this.#strikes;
    if (next === undefined || next > start.position) return undefined;
    this.#strikes.shift();
    const kinds = this.#kinds.filter((kind) => kind !== 'lose-leadership' || start.canLoseLeadership);
    if (kinds.length === 0) return undefined;
    const kind = this.#random.pick(kinds);
    const where = { unit: start.unit, hook: start.hook, time: start.time };
    const atTool = FAULTS_AT_TOOLS.find((known) => known === kind);
    if (atTool === undefined) return { kind: kind === 'run-again' ? kind : 'restart-agent', ...where };
    const calls = this.#measure.toolCalls[measureKey(start.unit, start.hook)] ?? UNSEEN_TOOL_CALLS;
    return { kind: atTool, ...where, toolCall: this.#random.below(calls) + 1 };
  }

  #rank(unit: string): number {
    const known = this.#ranks.get(unit);
    if (known !== undefined) return known;
    const rank = this.#random.next();
    this.#ranks.set(unit, rank);
    return rank;
  }
}
