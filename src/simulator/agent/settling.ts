import type { UnitState } from '../state/model-state.ts';
import { shuffled } from '../state/seeded-order.ts';
import { type AgentHost, runHook } from './agent.ts';
import { nextHook } from './events.ts';
import type { HookInfo } from './hook-info.ts';
import type { HookRecord } from './hook-record.ts';
import { tendUnit } from './tending.ts';

const HOOK_LIMIT = 2000;

/** How far a model is taken. */
export interface SettleOptions {
  /** How often a hook that fails is tried again before its unit is left in error. None if not given. */
  readonly retries?: number;
  /** How many hooks a unit may run before the model is taken for one that never settles. 2000 if not given. */
  readonly hookLimit?: number;
}

/** What `settle` did. */
export interface SettleReport {
  /** The hooks in the order in which they ended. */
  readonly hooks: readonly HookRecord[];
  /** The units that a failed hook blocks. */
  readonly errors: readonly string[];
}

/** How a model runs its units. */
export interface SettlingPlan extends SettleOptions {
  readonly host: AgentHost;
  /** How many hooks may run at a time. */
  readonly concurrency: number;
  /** Takes a unit out of the model that has run its last hook. */
  readonly bury: (unit: UnitState) => Promise<void>;
  /** Aborted when the model is destroyed: nothing more is begun. */
  readonly signal: AbortSignal;
}

/**
 * Runs hooks until none is due: one at a time on a unit, units side by side. Throws where a unit comes to no rest, naming
 * its last hooks; what runs by then has ended.
 */
export async function settle(plan: SettlingPlan): Promise<SettleReport> {
  return new Settling(plan).run();
}

class Settling {
  readonly #plan: SettlingPlan;
  readonly #running = new Map<string, Promise<void>>();
  readonly #hooks: HookRecord[] = [];
  readonly #failures = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(plan: SettlingPlan) {
    this.#plan = plan;
  }

  async run(): Promise<SettleReport> {
    const units = () => Object.values(this.#plan.host.state.units);
    for (const unit of units()) this.#allowRetry(unit);
    try {
      while (!this.#plan.signal.aborted) {
        this.#startWhatIsDue(units());
        if (this.#running.size === 0) break;
        await Promise.race(this.#running.values());
      }
    } finally {
      await Promise.allSettled(this.#running.values());
    }
    const errors = units().filter((unit) => unit.agent.failed !== null);
    return { hooks: this.#hooks, errors: errors.map((unit) => unit.name) };
  }

  #startWhatIsDue(units: readonly UnitState[]): void {
    const { state } = this.#plan.host;
    const idle = units.filter((unit) => !this.#running.has(unit.name));
    for (const unit of idle) {
      if (tendUnit(state, unit)) this.#start(unit, this.#plan.bury(unit));
    }
    for (const unit of shuffled(idle, `${state.seed} ${this.#hooks.length}`, ({ name }) => name)) {
      if (this.#running.size >= this.#plan.concurrency) return;
      const hook = nextHook(state, unit);
      if (hook !== undefined) this.#start(unit, this.#runOne(unit, hook));
    }
  }

  #start(unit: UnitState, work: Promise<void>): void {
    this.#running.set(
      unit.name,
      work.finally(() => this.#running.delete(unit.name)),
    );
  }

  async #runOne(unit: UnitState, hook: HookInfo): Promise<void> {
    const { fired } = unit.agent;
    if (fired[0] === hook) fired.shift();
    const record = await runHook(this.#plan.host, unit, hook);
    this.#hooks.push(record);
    if (record.outcome === 'failed') this.#allowRetry(unit);
    this.#refuseUnrest(unit);
  }

  #allowRetry(unit: UnitState): void {
    const failures = this.#failures.get(unit.name) ?? 0;
    if (unit.agent.failed === null || failures >= (this.#plan.retries ?? 0)) return;
    this.#failures.set(unit.name, failures + 1);
    unit.agent.failed.retry = true;
  }

  #refuseUnrest(unit: UnitState): void {
    const count = (this.#counts.get(unit.name) ?? 0) + 1;
    this.#counts.set(unit.name, count);
    if (count < (this.#plan.hookLimit ?? HOOK_LIMIT)) return;
    const own = this.#hooks.filter((record) => record.unit === unit.name);
    const last = own.slice(-6).map((record) => record.hook);
    throw new Error(
      `cannot settle the model: unit "${unit.name}" has run ${count} hooks and comes to no rest, lately ${last.join(', ')}; look for charms that answer each other's changes for ever`,
    );
  }
}
