import type { DueHook } from '../agent/settling.ts';
import { describeHook } from '../agent/statuses.ts';
import { type CountedFault, CountedFaults, type HookStart } from '../faults/counted-faults.ts';
import { compareNaturally } from '../hook-tools/natural-order.ts';
import { Model } from '../model.ts';
import type { Decider } from './decider.ts';
import type { Decisions } from './decisions.ts';
import { NeutralNames } from './neutral-names.ts';
import { applyStep } from './operator-steps.ts';
import { describeFailure, findErrors, RefusedStep, type RunFailure } from './run-failure.ts';
import { RunJournal, type TraceLine } from './run-journal.ts';
import type { Scenario } from './scenario.ts';
import { describeStep, type Step } from './scenario-step.ts';
import type { RunMeasure } from './seeded-decider.ts';
import { readLeaders, readSettledState, type SettledState } from './settled-state.ts';

/** How a scenario is run once. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly decider: Decider;
  /** Who is to lead in the end, by application, as `RunResult.leaders` tells it; whoever leads if not given. */
  readonly leaders?: Readonly<Record<string, string>>;
  /** See `ModelOptions.addressBase`. */
  readonly addressBase?: string;
  /** Hooks' PATH, after the hook tools. */
  readonly path?: string;
  /** How many hooks a unit may run between two steps before it counts as restless; 400 if not given. */
  readonly hookLimit?: number;
  /** Ends the run at once; it then throws. */
  readonly signal?: AbortSignal;
}

/** What a run came to. */
export interface RunResult {
  /** Those that had an effect: with them the run comes out the same. */
  readonly decisions: Decisions;
  readonly trace: readonly TraceLine[];
  /** How many hooks ran, those in the end included. */
  readonly hooks: number;
  /** Of the steps, without the end. */
  readonly measure: RunMeasure;
  readonly leaders: Readonly<Record<string, string>>;
  /** What it settled in; undefined where there is a failure. */
  readonly state?: SettledState;
  /** Why it did not settle, or not without an error. */
  readonly failure?: RunFailure;
}

/** How often a failed hook is tried again before its unit is left in error. Juju does so for ever, in longer and longer turns. */
const RETRIES = 4;

const HOOK_LIMIT = 400;

/**
 * Runs a scenario once, in a model of its own that is gone afterwards, one hook at a time. In the end the leaders of the
 * reference run lead again and each unit runs update-status, so that only what stays different counts. Throws where it is
 * ended by the signal.
 */
export async function runScenario(plan: RunPlan): Promise<RunResult> {
  plan.signal?.throwIfAborted();
  const run = new ScenarioRun(plan);
  const model = await Model.create({
    concurrency: 1,
    addresses: 'per-unit',
    faults: run.faults,
    onEvent: (event) => {
      if (event.type === 'hook') run.journal.endHook(event.record);
    },
    ...(plan.addressBase === undefined ? {} : { addressBase: plan.addressBase }),
    ...(plan.path === undefined ? {} : { path: plan.path }),
  });
  let closed: Promise<void> | undefined;
  const stop = () => {
    closed = model.close();
  };
  plan.signal?.addEventListener('abort', stop);
  try {
    const result = await run.run(model);
    plan.signal?.throwIfAborted();
    return result;
  } finally {
    plan.signal?.removeEventListener('abort', stop);
    await closed;
    await model.destroy();
  }
}

class ScenarioRun {
  readonly journal = new RunJournal();
  readonly faults = new CountedFaults((start) => this.#takeFault(start));
  readonly #plan: RunPlan;
  #model: Model | undefined;
  /** Of the steps; there once the run is in its end, in which nothing is decided any more. */
  #measure: RunMeasure | undefined;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  async run(model: Model): Promise<RunResult> {
    this.#model = model;
    const failure = await this.#play(model).catch((error: unknown) => {
      this.#plan.signal?.throwIfAborted();
      return describeFailure(error);
    });
    const { decisions, trace, position } = this.journal;
    const measure = this.#measure ?? this.journal.measure();
    const result = { decisions, trace, hooks: position, measure, leaders: readLeaders(model) };
    return failure === undefined ? { ...result, state: readSettledState(model) } : { ...result, failure };
  }

  async #play(model: Model): Promise<RunFailure | undefined> {
    for (const [index, step] of this.#plan.scenario.steps.entries()) {
      if (step.kind === 'settle') {
        await this.#settle(model);
        this.journal.noteBarrier(describeStep(step));
      } else {
        const hurry = await this.#letHooksGoBy(model, index);
        await this.#apply(model, step);
        this.journal.noteStep(index, describeStep(step), hurry);
      }
    }
    await this.#settle(model);
    this.#measure = this.journal.measure();
    await this.#calmDown(model);
    return findErrors(model.snapshot(), this.journal.failures);
  }

  /** Answers how many went by where that was decided and had an effect. */
  async #letHooksGoBy(model: Model, index: number): Promise<number | undefined> {
    const hooks = this.#plan.decider.hooksBefore(index);
    const before = this.journal.position;
    await this.#settle(model, hooks);
    return hooks === undefined || this.journal.position - before < hooks ? undefined : hooks;
  }

  /** What Juju refuses because something else is under way still is tried again after the next hook. */
  async #apply(model: Model, step: Exclude<Step, { kind: 'settle' }>): Promise<void> {
    for (;;) {
      try {
        return await applyStep(model, step);
      } catch (error) {
        const before = this.journal.position;
        await this.#settle(model, 1);
        if (this.journal.position === before) throw new RefusedStep(step, error);
      }
    }
  }

  async #settle(model: Model, hooks?: number): Promise<void> {
    this.#plan.signal?.throwIfAborted();
    if (hooks === 0) return;
    await model.settle({
      retries: RETRIES,
      hookLimit: this.#plan.hookLimit ?? HOOK_LIMIT,
      choose: (due) => this.#choose(due),
      ...(hooks === undefined ? {} : { hooks }),
    });
    this.#plan.signal?.throwIfAborted();
  }

  async #calmDown(model: Model): Promise<void> {
    for (const [application, name] of Object.entries(this.#plan.leaders ?? {})) {
      const state = model.snapshot();
      const unit = new NeutralNames(state, model.folder).findUnit(name);
      if (unit !== undefined && state.applications[application]?.leader !== unit) model.elect(unit);
    }
    await this.#settle(model);
    for (const unit of model.units()) model.fire(unit, 'update-status');
    await this.#settle(model);
  }

  #choose(due: readonly DueHook[]): number {
    const candidates = due
      .map(({ unit, hook }, place) => ({ unit, hook: describeHook(hook), place }))
      .sort((a, b) => compareNaturally(a.unit, b.unit) || compareNaturally(a.hook, b.hook));
    const take =
      this.#measure !== undefined ? 0 : this.#plan.decider.choose(this.journal.position, candidates);
    const [first] = candidates;
    const chosen = candidates[take];
    if (first === undefined || chosen === undefined) throw new Error(`cannot take ${take} of ${due.length}`);
    this.journal.startHook(`${chosen.unit} ${chosen.hook}`, `${first.unit} ${first.hook}`);
    return chosen.place;
  }

  #takeFault(start: HookStart): CountedFault | undefined {
    if (this.#measure !== undefined) return undefined;
    const application = start.unit.split('/')[0] ?? '';
    const canLoseLeadership = (this.#model?.units(application).length ?? 0) > 1;
    const position = this.journal.position - 1;
    const fault = this.#plan.decider.faultIn({ ...start, position, canLoseLeadership });
    if (fault !== undefined) this.journal.planFault(fault);
    return fault;
  }
}
