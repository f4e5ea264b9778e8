import type { ApplicationState, Bag, ModelState, PortRange, UnitState } from '../state/model-state.ts';
import { addressSettings } from '../state/relation-scope.ts';
import { mergeSettings } from '../state/versioned-bag.ts';
import type { HookInfo } from './hook-info.ts';
import { SecretChanges } from './secret-changes.ts';
import { StorageChanges } from './storage-changes.ts';

/**
 * What a hook has written and Juju holds back until the hook succeeds: databags, ports, charm state, secrets, storage.
 * They land together (`commit`) or, when this object is dropped, not at all.
 */
export class HookChanges {
  readonly #run: HookRun;
  readonly #unitBags = new Map<number, Bag>();
  readonly #applicationBags = new Map<number, Bag>();
  #ports: PortRange[] | undefined;
  #charmState: Bag | null | undefined;

  readonly secrets: SecretChanges;
  readonly storage: StorageChanges;

  constructor(run: HookRun) {
    this.#run = run;
    this.secrets = new SecretChanges(run);
    this.storage = new StorageChanges(run);
  }

  /** The unit's open ports, with this hook's changes. */
  get ports(): readonly PortRange[] {
    return this.#ports ?? this.#run.unit.ports;
  }

  set ports(ports: readonly PortRange[]) {
    this.#ports = [...ports];
  }

  /** What `state-set` keeps for the unit, with this hook's changes; null while nothing ever was kept. */
  get charmState(): Readonly<Bag> | null {
    return this.#charmState === undefined ? this.#run.unit.charmState : this.#charmState;
  }

  set charmState(charmState: Readonly<Bag> | null) {
    this.#charmState = charmState;
  }

  /** What this hook has written to the unit's own bag so far; `''` stands for a key it removed. */
  unitBag(relationId: number): Readonly<Bag> {
    return this.#unitBags.get(relationId) ?? {};
  }

  /** What this hook has written to the application's own bag so far; `''` stands for a key it removed. */
  applicationBag(relationId: number): Readonly<Bag> {
    return this.#applicationBags.get(relationId) ?? {};
  }

  /** Writes to our own bag, the application's or the unit's, for when the hook succeeds. */
  write(target: { readonly relationId: number; readonly isApplication: boolean }, settings: Bag): void {
    const bags = target.isApplication ? this.#applicationBags : this.#unitBags;
    bags.set(target.relationId, { ...bags.get(target.relationId), ...settings });
  }

  /**
   * Lands everything. Throws, and lands nothing, where Juju would refuse the whole: an application bag was written by a
   * unit that does not lead any more, say.
   */
  commit(): void {
    const { state, unit, application, hook } = this.#run;
    if (this.#applicationBags.size > 0 && application.leader !== unit.name) {
      throw new Error('cannot write relation settings: this unit is not the leader any more');
    }
    this.secrets.check();
    this.storage.check();
    if (hook.kind === 'config-changed') this.#refreshAddresses();
    for (const [id, settings] of this.#unitBags) {
      const bag = state.relations[id]?.units[unit.name];
      if (bag !== undefined) mergeSettings(bag, settings);
    }
    for (const [id, settings] of this.#applicationBags) {
      const bag = state.relations[id]?.applications[application.name];
      if (bag !== undefined) mergeSettings(bag, settings);
    }
    if (this.#ports !== undefined) unit.ports = this.#ports;
    if (this.#charmState !== undefined) unit.charmState = this.#charmState;
    this.secrets.commit();
    this.storage.commit();
  }

  /** Juju writes a unit's addresses again with each config-changed, over what the charm may have put there. */
  #refreshAddresses(): void {
    const { state, unit } = this.#run;
    for (const id of Object.keys(unit.agent.relations)) {
      const bag = state.relations[id]?.units[unit.name];
      if (bag !== undefined) mergeSettings(bag, addressSettings(unit));
    }
  }
}

interface HookRun {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly application: ApplicationState;
  readonly hook: HookInfo;
}
