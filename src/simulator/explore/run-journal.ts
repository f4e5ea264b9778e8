import type { HookRecord } from '../agent/hook-record.ts';
import type { CountedFault } from '../faults/counted-faults.ts';
import { describeFault } from '../faults/fault-kinds.ts';
import type { Choice, Decisions, Hurry } from './decisions.ts';
import { measureKey, type RunMeasure } from './seeded-decider.ts';

/** A step or a hook of a run, in words, with what makes it differ from the reference run. */
export interface TraceLine {
  readonly text: string;
  readonly marks: readonly string[];
}

/** What a run notes as it goes: its steps and hooks, and the decisions that had an effect. */
export class RunJournal {
  readonly trace: TraceLine[] = [];
  /** The last hook that failed, by unit. */
  readonly failures = new Map<string, HookRecord>();
  readonly #choices: Choice[] = [];
  readonly #hurries: Hurry[] = [];
  readonly #faults: CountedFault[] = [];
  readonly #toolCalls: Record<string, number> = {};
  readonly #hooksBefore: Record<number, number> = {};
  #position = 0;
  #hooksSinceBarrier = 0;
  #started: { readonly text: string; readonly marks: string[]; fault?: CountedFault } | undefined;

  /** How many hooks have started. */
  get position(): number {
    return this.#position;
  }

  get decisions(): Decisions {
    return { choices: this.#choices, hurries: this.#hurries, faults: this.#faults };
  }

  measure(): RunMeasure {
    return {
      hooks: this.#position,
      hooksBefore: { ...this.#hooksBefore },
      toolCalls: { ...this.#toolCalls },
    };
  }

  /** A hook starts. `first` is the one of those due that comes first where nothing is decided. */
  startHook(text: string, first: string): void {
    const isChoice = text !== first;
    if (isChoice) this.#choices.push({ at: this.#position, take: text });
    this.#started = { text, marks: isChoice ? [`another order: before ${first}`] : [] };
    this.#position += 1;
  }

  /** Something is to go wrong in the hook that has just started. */
  planFault(fault: CountedFault): void {
    if (this.#started !== undefined) this.#started.fault = fault;
  }

  /** A hook has ended. */
  endHook(record: HookRecord): void {
    const { text, marks, fault } = this.#started ?? { text: record.hook, marks: [] };
    if (fault !== undefined && hasStruck(fault, record)) {
      this.#faults.push(fault);
      marks.push(`fault: ${describeFault(fault)}`);
    }
    if (record.outcome === 'failed') {
      marks.push(`failed: ${record.failure}`);
      this.failures.set(record.unit, record);
    }
    this.trace.push({ text, marks });
    const key = measureKey(record.unit, record.hook);
    this.#toolCalls[key] = Math.max(this.#toolCalls[key] ?? 0, record.toolCalls.length);
    this.#hooksSinceBarrier += 1;
  }

  /** A step comes after the hooks that have ended so far; `hurry`: after how many since the step before, where it did not wait. */
  noteStep(index: number, text: string, hurry?: number): void {
    const marks = hurry === undefined ? [] : [`without waiting: ${hurry} hooks after the step before`];
    if (hurry !== undefined) this.#hurries.push({ step: index, hooks: hurry });
    this.#hooksBefore[index] = this.#hooksSinceBarrier;
    this.trace.push({ text, marks });
  }

  /** All runs have come to rest here. */
  noteBarrier(text: string): void {
    this.#hooksSinceBarrier = 0;
    this.trace.push({ text, marks: [] });
  }
}

/** A hook that called fewer tools than a fault waits for went well. */
function hasStruck(fault: CountedFault, record: HookRecord): boolean {
  if (!('toolCall' in fault)) return record.outcome !== 'failed';
  return record.toolCalls.length >= fault.toolCall;
}
