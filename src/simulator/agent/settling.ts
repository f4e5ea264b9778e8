import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { UnitState } from '../state/model-state.ts';
import { shuffled } from '../state/seeded-order.ts';
import { type AgentHost, runHook } from './agent.ts';
import { nextHook, nextHooks } from './events.ts';
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
  /** Stops after so many hooks, whatever is due still. No end if not given. */
  readonly hooks?: number;
  /** The units that may run; all if not given. */
  readonly units?: readonly string[];
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
  /** Ends the settling, once what runs has ended. Never if not given. */
  readonly isDone?: () => boolean;
  /** Chooses what runs next, by its place in the list. The seed does if not given. */
  readonly choose?: (due: readonly DueHook[]) => number;
}

/** A hook that may run next, by Juju's rules. */
export interface DueHook {
  readonly unit: string;
  readonly hook: HookInfo;
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
      while (!this.#isOver()) {
        this.#startWhatIsDue();
        if (this.#running.size === 0) break;
        await Promise.race(this.#running.values());
      }
    } finally {
      await Promise.allSettled(this.#running.values());
    }
    const errors = units().filter((unit) => unit.agent.failed !== null);
    return { hooks: this.#hooks, errors: errors.map((unit) => unit.name) };
  }

  #isOver(): boolean {
    const { signal, hooks = Number.POSITIVE_INFINITY, isDone } = this.#plan;
    return signal.aborted || this.#hooks.length >= hooks || (isDone?.() ?? false);
  }

  #startWhatIsDue(): void {
    const { choose, host } = this.#plan;
    const idle = this.#idleUnits();
    if (choose !== undefined) {
      this.#startChosen(
        idle.filter((unit) => this.#tend(unit)),
        choose,
      );
    } else {
      for (const unit of shuffled(idle, `${host.state.seed} ${this.#hooks.length}`, ({ name }) => name)) {
        if (!this.#hasRoom()) return;
        if (!this.#tend(unit)) continue;
        const hook = nextHook(host.state, unit);
        if (hook !== undefined && this.#isFree(unit, hook)) this.#start(unit, this.#runOne(unit, hook));
      }
    }
    // A subordinate may have come to life beside its principal.
    if (this.#running.size === 0 && this.#idleUnits().length > idle.length) this.#startWhatIsDue();
  }

  #idleUnits(): UnitState[] {
    const { host, units: chosen } = this.#plan;
    return Object.values(host.state.units).filter(
      ({ name }) => !this.#running.has(name) && (chosen === undefined || chosen.includes(name)),
    );
  }

  /** Has done what a unit's agent does between hooks. Answers false where the unit's life is over, and it is buried. */
  #tend(unit: UnitState): boolean {
    const { host, bury } = this.#plan;
    const before = progressOf(unit);
    const isOver = tendUnit(host.state, unit);
    if (isOver) this.#start(unit, bury(unit));
    if (progressOf(unit) !== before) host.save(unit);
    return !isOver;
  }

  #startChosen(idle: readonly UnitState[], choose: (due: readonly DueHook[]) => number): void {
    if (this.#running.size > 0) return;
    const units = [...idle].sort((a, b) => compareNaturally(a.name, b.name));
    const due = units.flatMap((unit) =>
      nextHooks(this.#plan.host.state, unit).map((hook) => ({ unit: unit.name, hook })),
    );
    const chosen = due.length === 0 ? undefined : due[choose(due)];
    const unit = units.find(({ name }) => name === chosen?.unit);
    if (chosen !== undefined && unit !== undefined) this.#start(unit, this.#runOne(unit, chosen.hook));
  }

  #hasRoom(): boolean {
    const { hooks = Number.POSITIVE_INFINITY, concurrency } = this.#plan;
    return this.#running.size < concurrency && this.#hooks.length + this.#running.size < hooks;
  }

  /** A machine runs one hook at a time, whichever unit's; an action that says it may run in parallel does not wait (Juju's rule). */
  #isFree(unit: UnitState, hook: HookInfo): boolean {
    const { state } = this.#plan.host;
    const isTaken = [...this.#running.keys()].some((name) => state.units[name]?.machine === unit.machine);
    if (!isTaken || hook.kind !== 'action') return !isTaken;
    const action = state.applications[unit.application]?.charm.actions[hook.name];
    return action?.parallel === true && action.executionGroup === '';
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
    if (record.outcome === 'failed' && record.task === undefined) this.#allowRetry(unit);
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

/** What changes when an agent has done something between hooks, so that it is written down. */
function progressOf({ agent, life }: UnitState): string {
  return `${Object.keys(agent.relations).length} ${life} ${agent.leader}`;
}
