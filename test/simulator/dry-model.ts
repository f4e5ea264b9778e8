import { parseMetadata } from '../../src/metadata/charm-metadata.ts';
import { type ConfigOptions, parseConfigOptions } from '../../src/metadata/config-options.ts';
import { nextHook } from '../../src/simulator/agent/events.ts';
import { HookContext } from '../../src/simulator/agent/hook-context.ts';
import type { HookInfo } from '../../src/simulator/agent/hook-info.ts';
import { rememberHook } from '../../src/simulator/agent/hook-memory.ts';
import { tendUnit } from '../../src/simulator/agent/tending.ts';
import { addApplication, addUnit, buryUnit } from '../../src/simulator/operator/lifecycle.ts';
import type { ModelState, UnitState } from '../../src/simulator/state/model-state.ts';
import { createModelState } from '../../src/simulator/state/new-model.ts';

/** What a charm does in a hook, without a process. */
export type DryCharm = (context: HookContext) => void;

/** A hook that ran, in parts. */
export interface LoggedHook {
  readonly name: string;
  readonly kind: string;
  readonly relation: number | undefined;
  readonly remote: string | undefined;
}

/**
 * A model without processes: the same state and the same order of hooks, each of which runs a function. Hooks run one
 * after the other, the units in turn.
 */
export class DryModel {
  readonly state: ModelState;
  /** `redis/0 db-relation-joined web/0`, in the order in which they ran. */
  readonly hooks: string[] = [];
  /** The same by unit, in parts. */
  readonly logs = new Map<string, LoggedHook[]>();
  readonly #charms = new Map<string, DryCharm>();

  constructor(options: { readonly seed?: number } = {}) {
    this.state = createModelState(options);
  }

  deploy(
    name: string,
    charm: {
      readonly metadata?: string;
      readonly config?: string;
      readonly units?: number;
      readonly run?: DryCharm;
    },
  ): void {
    const text = `name: ${name}\nsummary: s\ndescription: d\n${charm.metadata ?? ''}`;
    const metadata = parseMetadata(text, 'metadata.yaml');
    const options: ConfigOptions =
      charm.config === undefined ? {} : parseConfigOptions(charm.config, 'config.yaml');
    const facts = { metadata, options, actions: {}, folder: '', revision: 0, hasMetrics: false };
    const application = addApplication(this.state, { name, charm: facts });
    if (charm.run !== undefined) this.#charms.set(name, charm.run);
    for (let count = charm.units ?? 1; count > 0; count -= 1)
      addUnit(this.state, application, { folder: '/nowhere/agents' });
  }

  unit(name: string): UnitState {
    const unit = this.state.units[name];
    if (unit === undefined) throw new Error(`no unit ${name}`);
    return unit;
  }

  /** Runs hooks until none is due, and answers those of this call. */
  settle(): string[] {
    const before = this.hooks.length;
    let units: string | undefined;
    // A unit that is tended may bring a subordinate to life, which then has hooks of its own. Another may go meanwhile.
    while (units !== Object.keys(this.state.units).join()) {
      units = Object.keys(this.state.units).join();
      while (Object.keys(this.state.units).some((name) => this.step(name)));
    }
    return this.hooks.slice(before);
  }

  /** Runs one unit's hooks until it has none, the others standing still. */
  settleUnit(name: string): string[] {
    const before = this.hooks.length;
    while (this.step(name));
    return this.hooks.slice(before);
  }

  /** Runs the next hook of a unit, or takes it out of the model. False if there is nothing to do. */
  step(name: string): boolean {
    const unit = this.state.units[name];
    if (unit === undefined) return false;
    if (tendUnit(this.state, unit)) {
      buryUnit(this.state, unit);
      return true;
    }
    const hook = nextHook(this.state, unit);
    if (hook === undefined) return false;
    const context = this.context(name, hook);
    this.#charms.get(unit.application)?.(context);
    context.changes.commit();
    rememberHook(this.state, unit, hook);
    this.hooks.push(describe(unit, hook));
    const { relation } = hook;
    const logged = { name: hook.name, kind: hook.kind, relation: relation?.id, remote: relation?.remoteUnit };
    this.logs.set(name, [...(this.logs.get(name) ?? []), logged]);
    return true;
  }

  context(name: string, hook: HookInfo): HookContext {
    const unit = this.unit(name);
    const application = this.state.applications[unit.application];
    if (application === undefined) throw new Error(`no application of ${name}`);
    return new HookContext({ state: this.state, unit, application, hook, log: () => undefined });
  }

  /** The hooks of one unit among some, without its name. */
  of(unit: string, hooks: readonly string[] = this.hooks): string[] {
    return hooks.filter((hook) => hook.startsWith(`${unit} `)).map((hook) => hook.slice(unit.length + 1));
  }
}

function describe(unit: UnitState, hook: HookInfo): string {
  const { relation } = hook;
  return [unit.name, hook.name, relation?.remoteUnit].filter(Boolean).join(' ');
}
