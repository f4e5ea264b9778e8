import {
  type CharmDefinition,
  defineLayer,
  type HookReport,
  type JsonValue,
  type RelationBase,
  type RelationBaseClass,
  type Role,
  type Unit,
} from 'charms-reactive';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

export const MYSQL_HOOKS = '{requires:mysql}-relation-{joined,changed}';

/** How a trial charm uses a RelationBase. */
export interface SideOptions {
  readonly role?: Role;
  readonly endpoints?: readonly string[];
  /** Further layers, by name. */
  readonly layers?: Readonly<Record<string, unknown>>;
}

/** One unit, `web/0`, of a charm whose endpoints of interface `mysql` one RelationBase implements. */
export class Side {
  readonly trial: TrialUnit;
  readonly #options: SideOptions;
  #relationBaseClass: RelationBaseClass;
  #act: (unit: Unit) => void = () => {};

  constructor(relationBaseClass: RelationBaseClass, options: SideOptions = {}) {
    this.#relationBaseClass = relationBaseClass;
    this.#options = options;
    this.trial = new TrialUnit(this.#makeCharm(), {});
  }

  /** Makes the unit's charm one with another class, as an upgrade does. */
  upgrade(relationBaseClass: RelationBaseClass): void {
    this.#relationBaseClass = relationBaseClass;
    this.trial.charm = this.#makeCharm();
  }

  /** Runs a hook, and acts on an endpoint (`db` unless told) when its handlers have run, before the hook ends. */
  async during<T>(
    runHook: (trial: TrialUnit) => Promise<HookReport>,
    act: (relation: RelationBase, unit: Unit) => T,
    name = 'db',
  ): Promise<T> {
    const seen: T[] = [];
    this.#act = (unit) => void seen.push(act(unit.endpoint(name, this.#relationBaseClass), unit));
    try {
      await runHook(this.trial);
    } finally {
      this.#act = () => {};
    }
    return seen[0] as T;
  }

  /** The conversations in the store, by key without what all keys begin with, with their units. */
  conversations(): Record<string, JsonValue> {
    const prefix = 'reactive.conversations.';
    const stored = Object.entries(this.trial.stored(prefix)).filter(([key]) => !key.includes('.local-data.'));
    return Object.fromEntries(
      stored.map(([key, value]) => [key.slice(prefix.length), Reflect.get(Object(value), 'units')]),
    );
  }

  /** The conversations that a flag in the store lists, by key without what all keys begin with. */
  holders(flag: string): string[] {
    const value = this.trial.stored('reactive.states.')[`reactive.states.${flag}`];
    const keys = Reflect.get(Object(value), 'conversations') as string[] | undefined;
    return (keys ?? []).map((key) => key.replace('reactive.conversations.', ''));
  }

  #makeCharm(): CharmDefinition {
    const { role = 'requires', endpoints = ['db'], layers = {} } = this.#options;
    return makeCharm({
      metadata: { [role]: Object.fromEntries(endpoints.map((name) => [name, { interface: 'mysql' }])) },
      interfaces: { [`${role}/mysql`]: this.#relationBaseClass },
      layers: { ...layers, trial: defineLayer('trial', [], { atExit: (unit) => this.#act(unit) }) },
    });
  }
}

/** Runs a hook that is about no relation. */
export function idle(trial: TrialUnit): Promise<HookReport> {
  return trial.run('update-status');
}
