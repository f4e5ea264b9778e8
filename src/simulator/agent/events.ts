import { configHash } from '../operator/application-config.ts';
import type {
  ApplicationState,
  ModelState,
  RelationKnowledge,
  RelationState,
  UnitState,
} from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, remoteApplication, visibleMembers } from '../state/relation-scope.ts';
import { shuffled } from '../state/seeded-order.ts';
import type { StorageState } from '../state/storage-state.ts';
import type { TaskState } from '../state/task-state.ts';
import type { HookInfo, RelationHookInfo, RelationHookKind, StorageHookKind } from './hook-info.ts';
import { nextSecretHook } from './secret-events.ts';

/**
 * Which hook, or task, runs next on a unit; undefined when nothing is due. It only looks: the unit's agent has entered its
 * scopes before (`tendUnit`), and remembers what ran after (`rememberHook`).
 *
 * The order is Juju's, first match wins:
 *
 *     start                       after a reboot
 *     relation-created            of every relation, before anything else is told about one     )
 *     leader-elected, or leader-settings-changed for followers                                   ) not while a hook has
 *     secrets                                                                                    ) failed, or another
 *     actions and commands        also while a hook has failed                                   ) must follow directly
 *     storage                                                                                    )
 *     a hook that was cut off, or that failed and is resolved
 *     what must follow directly   start after the first config-changed, config-changed after upgrade-charm
 *     dying                       relations, stop, remove
 *     alive                       install, upgrade-charm, config-changed, relations, hooks asked for by hand
 */
export function nextHook(state: ModelState, unit: UnitState): HookInfo | undefined {
  return nextHooks(state, unit)[0];
}

/**
 * Every hook that Juju might run next on a unit. There is more than one where relations take their turns, whose order it
 * leaves open: the one that the seed puts first is the first of the list.
 */
export function nextHooks(state: ModelState, unit: UnitState): HookInfo[] {
  const only = nextUrgentHook(state, unit);
  if (only !== undefined) return only === 'wait' ? [] : [only];
  const relations = nextRelationHooks(state, unit);
  if (unit.life !== 'alive') return relations.length > 0 ? relations : [nextFarewell(unit)];
  if (relations.length > 0) return relations;
  return unit.agent.fired.slice(0, 1);
}

/** What comes before the relations' turns; `wait` where nothing may run, undefined where it is the relations' turn. */
function nextUrgentHook(state: ModelState, unit: UnitState): HookInfo | 'wait' | undefined {
  const { agent } = unit;
  const application = state.applications[unit.application];
  if (application === undefined || agent.removed) return 'wait';
  const isAlive = unit.life === 'alive';
  const isFree = agent.failed === null && agent.queued === null && agent.interrupted === null;
  if (agent.rebooted && agent.failed === null) return START;
  if (isFree && isAlive && agent.installed) {
    const told = nextCreated(state, unit) ?? nextLeadership(application, unit) ?? nextSecretHook(state, unit);
    if (told !== undefined) return told;
  }
  const task = agent.installed ? nextTask(state, unit) : undefined;
  if (task !== undefined) return task;
  const storage = isFree ? nextStorageHook(state, unit) : undefined;
  if (storage !== undefined) return storage;
  if (agent.failed !== null) {
    return agent.failed.retry ? again(agent.failed.hook, application, unit) : 'wait';
  }
  if (agent.interrupted !== null) return again(agent.interrupted, application, unit);
  if (agent.queued === 'start') return START;
  if (agent.queued === 'config-changed') return configChanged(configHash(application, unit));
  if (!agent.installed) return isAlive ? { kind: 'install', name: 'install' } : 'wait';
  return isAlive ? (nextUpgrade(application, unit) ?? nextConfigChanged(application, unit)) : undefined;
}

const START: HookInfo = { kind: 'start', name: 'start' };

function configChanged(hash: string): HookInfo {
  return { kind: 'config-changed', name: 'config-changed', configHash: hash };
}

/** A retried hook is the same hook, but config-changed sees the config of today, and upgrade-charm the charm. */
function again(hook: HookInfo, application: ApplicationState, unit: UnitState): HookInfo {
  if (hook.kind === 'config-changed') return { ...hook, configHash: configHash(application, unit) };
  return hook.kind === 'upgrade-charm' ? { ...hook, charmModified: application.charmModified } : hook;
}

/** Tasks run in the order in which they were asked for. */
function nextTask(state: ModelState, unit: UnitState): HookInfo | undefined {
  const due = Object.values(state.tasks).find((task) => task.unit === unit.name && task.status === 'pending');
  return due === undefined ? undefined : taskHook(state, unit, due);
}

function taskHook(state: ModelState, unit: UnitState, { id, what }: TaskState): HookInfo {
  if (what.kind === 'action') return { kind: 'action', name: what.name, task: id };
  const relation = what.relationId === null ? undefined : state.relations[what.relationId];
  if (relation === undefined) return { kind: 'exec', name: 'juju-exec', task: id };
  const about = what.remoteUnit === null ? {} : { remoteUnit: what.remoteUnit };
  return {
    ...relationHook('relation-changed', relation, unit, about),
    kind: 'exec',
    name: 'juju-exec',
    task: id,
  };
}

/** Storage is attached before install too (Juju's rule), and detached before anything else of a dying unit's end. */
function nextStorageHook(state: ModelState, unit: UnitState): HookInfo | undefined {
  const own = Object.values(state.storage).filter((storage) => storage.unit === unit.name);
  const isDying = (storage: StorageState) => storage.life === 'dying' || unit.life === 'dying';
  const isAttached = (storage: StorageState) => unit.agent.storage.includes(storage.id);
  const going = own.find((storage) => isAttached(storage) && isDying(storage));
  if (going !== undefined) return storageHook('storage-detaching', going);
  const coming = own.find((storage) => !isAttached(storage) && !isDying(storage));
  return coming === undefined ? undefined : storageHook('storage-attached', coming);
}

function storageHook(kind: StorageHookKind, { id, name }: StorageState): HookInfo {
  return { kind, name: `${name}-${kind}`, storage: id };
}

function nextUpgrade(application: ApplicationState, unit: UnitState): HookInfo | undefined {
  const { charmModified } = application;
  if (charmModified === unit.agent.charmModified) return undefined;
  return { kind: 'upgrade-charm', name: 'upgrade-charm', charmModified };
}

function nextCreated(state: ModelState, unit: UnitState): HookInfo | undefined {
  for (const [relation, knowledge] of knownRelations(state, unit)) {
    if (knowledge.created || relation.life !== 'alive' || isImplicit(relation, unit)) continue;
    return relationHook('relation-created', relation, unit);
  }
  return undefined;
}

function nextLeadership(application: ApplicationState, unit: UnitState): HookInfo | undefined {
  const { agent } = unit;
  if (application.leader === unit.name) {
    return agent.leader ? undefined : { kind: 'leader-elected', name: 'leader-elected' };
  }
  const { version } = application.leaderSettings;
  if (agent.leaderVersion === version) return undefined;
  return { kind: 'leader-settings-changed', name: 'leader-settings-changed', leaderVersion: version };
}

function nextConfigChanged(application: ApplicationState, unit: UnitState): HookInfo | undefined {
  const hash = configHash(application, unit);
  if (hash === unit.agent.configHash) return undefined;
  return configChanged(hash);
}

/**
 * What is due in the relations, one hook each, in no order a charm could rely on. The peers' turn is when nothing is due in
 * any other (Juju from 3.5.5).
 */
function nextRelationHooks(state: ModelState, unit: UnitState): HookInfo[] {
  const known = knownRelations(state, unit).filter(([relation]) => !isImplicit(relation, unit));
  const dueIn = (relations: typeof known) =>
    relations.flatMap(([relation, knowledge]) => nextHookOf({ state, unit, relation, knowledge }) ?? []);
  const others = dueIn(known.filter(([relation]) => !isPeerRelation(relation)));
  return others.length > 0 ? others : dueIn(known.filter(([relation]) => isPeerRelation(relation)));
}

/** What is due within one relation. The order of these rules is the contract with charms: changed follows joined. */
function nextHookOf(turn: {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly relation: RelationState;
  readonly knowledge: RelationKnowledge;
}): HookInfo | undefined {
  const { state, unit, relation, knowledge } = turn;
  const visible = visibleMembers(state, relation, unit);
  const known = Object.keys(knowledge.members).sort();
  const hook = (kind: RelationHookKind, about: Partial<RelationHookInfo> = {}) =>
    relationHook(kind, relation, unit, about);

  const pending = knowledge.changedPending;
  if (pending !== null) {
    const version = visible[pending] ?? knowledge.members[pending] ?? 0;
    return hook('relation-changed', { remoteUnit: pending, version });
  }
  const gone = known.find((name) => visible[name] === undefined);
  if (gone !== undefined) {
    return hook('relation-departed', { remoteUnit: gone, departingUnit: departingUnit(state, unit, gone) });
  }
  if (unit.life === 'dying' || relation.life === 'dying') {
    return isPeerRelation(relation) ? undefined : hook('relation-broken');
  }
  const remote = relation.applications[remoteApplication(relation, unit.application)];
  if (remote !== undefined && remote.version !== knowledge.applicationVersion) {
    return hook('relation-changed', { version: remote.version });
  }
  const arrived = Object.keys(visible)
    .sort()
    .find((name) => knowledge.members[name] === undefined);
  if (arrived !== undefined) {
    return hook('relation-joined', { remoteUnit: arrived, version: visible[arrived] ?? 0 });
  }
  const changed = known.find((name) => visible[name] !== knowledge.members[name]);
  if (changed !== undefined) {
    return hook('relation-changed', { remoteUnit: changed, version: visible[changed] ?? 0 });
  }
  return undefined;
}

/** Where the local unit or application goes, it is the one that departs, whoever is said goodbye to. */
function departingUnit(state: ModelState, unit: UnitState, remoteUnit: string): string {
  const isStaying = unit.life === 'alive' && state.applications[unit.application]?.life === 'alive';
  return isStaying ? remoteUnit : unit.name;
}

function nextFarewell(unit: UnitState): HookInfo {
  const { agent } = unit;
  if (agent.started && !agent.stopped) return { kind: 'stop', name: 'stop' };
  return { kind: 'remove', name: 'remove' };
}

function relationHook(
  kind: RelationHookKind,
  relation: RelationState,
  unit: UnitState,
  about: Partial<RelationHookInfo> = {},
): HookInfo {
  const endpoint = ownEndpoint(relation, unit.application)?.name ?? '';
  const remote = remoteApplication(relation, unit.application);
  return {
    kind,
    name: `${endpoint}-${kind}`,
    relation: { id: relation.id, endpoint, remoteApplication: remote, ...about },
  };
}

function isImplicit(relation: RelationState, unit: UnitState): boolean {
  return ownEndpoint(relation, unit.application)?.implicit ?? false;
}

/** The relations in which the unit is, in an order that the seed and the unit's progress decide. */
function knownRelations(state: ModelState, unit: UnitState): [RelationState, RelationKnowledge][] {
  const known: [RelationState, RelationKnowledge][] = [];
  for (const [id, knowledge] of Object.entries(unit.agent.relations)) {
    const relation = state.relations[id];
    if (relation !== undefined) known.push([relation, knowledge]);
  }
  const turn = `${state.seed} ${unit.name} ${unit.agent.hooksRun}`;
  return shuffled(known, turn, ([relation]) => String(relation.id));
}
