import type { CountedFault, HookStart } from '../faults/counted-faults.ts';
import type { Decisions } from './decisions.ts';

/** A hook that may be taken next: of which unit, and in words. */
export interface Candidate {
  readonly unit: string;
  readonly hook: string;
}

/** Decides, as a run goes, where it leaves the way of the reference run. */
export interface Decider {
  /** Which of the hooks due is taken, by its place; 0 is the reference's way. `position`: how many hooks started before. */
  choose(position: number, due: readonly Candidate[]): number;
  /** How many hooks may go by before a step; undefined, the reference's way, lets all settle. */
  hooksBefore(step: number): number | undefined;
  /** What goes wrong in a hook that starts. `canLoseLeadership`: whether its application has another unit. */
  faultIn(
    start: HookStart & { readonly position: number; readonly canLoseLeadership: boolean },
  ): CountedFault | undefined;
}

/** Decides as it was decided before. */
export class ReplayedDecider implements Decider {
  /** Those that have not been made yet. */
  #choices: Decisions['choices'];
  readonly #hurries: ReadonlyMap<number, number>;
  readonly #faults: readonly CountedFault[];

  constructor({ choices, hurries, faults }: Decisions) {
    this.#choices = choices;
    this.#hurries = new Map(hurries.map(({ step, hooks }) => [step, hooks]));
    this.#faults = faults;
  }

  choose(position: number, due: readonly Candidate[]): number {
    for (const choice of this.#choices) {
      const place = due.findIndex(({ unit, hook }) => `${unit} ${hook}` === choice.take);
      if (place < 0 || choice.at > position) continue;
      this.#choices = this.#choices.filter((other) => other !== choice);
      return place;
    }
    return 0;
  }

  hooksBefore(step: number): number | undefined {
    return this.#hurries.get(step);
  }

  faultIn({ unit, hook, time }: HookStart): CountedFault | undefined {
    return this.#faults.find((fault) => fault.unit === unit && fault.hook === hook && fault.time === time);
  }
}
