import type { HookInfo } from '../agent/hook-info.ts';
import type { UnitState } from '../state/model-state.ts';
import type { Fault, FaultSource } from './fault.ts';

/** A fault that strikes one run of a hook: the n-th of that name on its unit, counted from 1. */
export type CountedFault = Fault & { readonly time: number };

/** A hook that starts, and how often one of its name has started on its unit, with this time. */
export interface HookStart {
  readonly unit: string;
  readonly hook: string;
  readonly time: number;
}

/** Asks for each hook, as it starts, what goes wrong in it. Actions and commands, which never run twice, are spared. */
export class CountedFaults implements FaultSource {
  readonly #decide: (start: HookStart) => CountedFault | undefined;
  readonly #times = new Map<string, number>();

  constructor(decide: (start: HookStart) => CountedFault | undefined) {
    this.#decide = decide;
  }

  take(unit: UnitState, hook: HookInfo): Fault | undefined {
    if (hook.task !== undefined) return undefined;
    const key = `${unit.name} ${hook.name}`;
    const time = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, time);
    return this.#decide({ unit: unit.name, hook: hook.name, time });
  }
}
