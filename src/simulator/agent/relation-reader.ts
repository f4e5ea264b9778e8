import { ToolFailure } from '../hook-tools/tool-errors.ts';
import type { ApplicationState, Bag, ModelState, RelationState, UnitState } from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, relationKey, remoteApplication } from '../state/relation-scope.ts';
import type { HookChanges } from './hook-changes.ts';
import type { HookInfo } from './hook-info.ts';

/**
 * A hook's view of its unit's relations: who is there, and what is in the bags, as Juju lets a unit read them and with
 * Juju's caching. A member's settings are kept from hook to hook until a joined or changed hook of that member, so that a
 * hook may read a value that is behind; all else is kept for one hook.
 */
export class RelationReader {
  readonly #run: ReaderRun;
  readonly #cache = new Map<string, Bag>();

  constructor(run: ReaderRun) {
    this.#run = run;
    const { relation, kind } = run.hook;
    if (relation?.remoteUnit === undefined) return;
    const isNews = kind === 'relation-joined' || kind === 'relation-changed';
    if (isNews) delete run.unit.agent.relations[relation.id]?.cache[relation.remoteUnit];
  }

  /** The relation of this hook; undefined outside relation hooks. */
  get current(): RelationState | undefined {
    const { state, hook } = this.#run;
    return hook.relation === undefined ? undefined : state.relations[hook.relation.id];
  }

  /**
   * The ids of an endpoint's relations (`db:3`), sorted as text. Without a relation that is broken: in its broken hook,
   * or when it dies and has no members left (Juju from 3.4.4).
   */
  ids(endpoint: string): string[] {
    const { state, unit } = this.#run;
    const ids: string[] = [];
    for (const [id, knowledge] of Object.entries(unit.agent.relations)) {
      const relation = state.relations[id];
      if (relation === undefined || ownEndpoint(relation, unit.application)?.name !== endpoint) continue;
      const isDead = relation.life === 'dying' && Object.keys(knowledge.members).length === 0;
      if (isDead || this.#isBreaking(relation)) continue;
      ids.push(`${endpoint}:${id}`);
    }
    return ids.sort();
  }

  /** The remote units that have joined and not departed, with and without the one of this hook; sorted as text. */
  members(relation: RelationState): string[] {
    const { unit, hook } = this.#run;
    const members = new Set(Object.keys(unit.agent.relations[relation.id]?.members ?? {}));
    const { remoteUnit } = hook.relation?.id === relation.id ? hook.relation : {};
    if (remoteUnit !== undefined) {
      if (hook.kind === 'relation-departed') members.delete(remoteUnit);
      else members.add(remoteUnit);
    }
    return [...members].sort();
  }

  /** The other application; our own in a peer relation. */
  remoteApplication(relation: RelationState): string {
    return remoteApplication(relation, this.#run.unit.application);
  }

  /** A unit's bag. Throws `ToolFailure` where Juju denies it, or the unit never was in the relation. */
  unitBag(relation: RelationState, name: string): Readonly<Bag> {
    const { unit, changes } = this.#run;
    if (name === unit.name) {
      return overlay(relation.units[name]?.settings ?? {}, changes.unitBag(relation.id));
    }
    const application = name.slice(0, name.lastIndexOf('/'));
    if (ownEndpoint(relation, application) === undefined || this.#isDeniedSibling(relation, application)) {
      throw new ToolFailure('permission denied');
    }
    const settings = relation.units[name]?.settings;
    if (settings === undefined) {
      throw new ToolFailure(
        `cannot read settings for unit "${name}" in relation "${relationKey(relation)}": unit "${name}": settings not found`,
      );
    }
    const knowledge = unit.agent.relations[relation.id];
    if (knowledge === undefined || !this.members(relation).includes(name)) {
      return this.#once(`${relation.id} ${name}`, settings);
    }
    knowledge.cache[name] ??= { ...settings };
    return knowledge.cache[name];
  }

  /**
   * An application's bag. Throws `ToolFailure` where Juju denies it: our own application's is for the leader alone, but
   * for peers.
   */
  applicationBag(relation: RelationState, name: string): Readonly<Bag> {
    const { unit, application, changes } = this.#run;
    const settings = relation.applications[name]?.settings;
    if (settings === undefined) throw new ToolFailure('permission denied');
    if (name !== unit.application) return this.#once(`${relation.id} ${name}`, settings);
    if (application.leader === unit.name) return overlay(settings, changes.applicationBag(relation.id));
    if (!isPeerRelation(relation)) throw new ToolFailure('permission denied');
    return this.#once(`${relation.id} ${name}`, settings);
  }

  /** Juju's source lets a unit read what its siblings wrote to an ordinary relation; its documents say no. */
  #isDeniedSibling(relation: RelationState, application: string): boolean {
    const { state, unit } = this.#run;
    return state.rules.strictReads && application === unit.application && !isPeerRelation(relation);
  }

  #isBreaking(relation: RelationState): boolean {
    const { hook } = this.#run;
    return hook.kind === 'relation-broken' && hook.relation?.id === relation.id;
  }

  #once(key: string, settings: Bag): Bag {
    const cached = this.#cache.get(key) ?? { ...settings };
    this.#cache.set(key, cached);
    return cached;
  }
}

interface ReaderRun {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly application: ApplicationState;
  readonly hook: HookInfo;
  readonly changes: HookChanges;
}

function overlay(settings: Bag, changes: Readonly<Bag>): Bag {
  const merged = Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== '');
  return Object.fromEntries(merged);
}
