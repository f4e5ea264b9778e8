import type { HookInfo } from '../agent/hook-info.ts';
import type { UnitState } from '../state/model-state.ts';
import type { Fault, FaultSource } from './fault.ts';

/** Faults that were planned by hand: each happens once, in the next run of its hook on its unit. */
export class FaultPlan implements FaultSource {
  #planned: Fault[] = [];

  plan(fault: Fault): void {
    this.#planned.push(fault);
  }

  take(unit: UnitState, hook: HookInfo): Fault | undefined {
    const found = this.#planned.find((fault) => fault.unit === unit.name && fault.hook === hook.name);
    this.#planned = this.#planned.filter((fault) => fault !== found);
    return found;
  }
}
