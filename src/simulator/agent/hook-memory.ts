import type { ModelState, RelationKnowledge, UnitState } from '../state/model-state.ts';
import { leaveScope } from '../state/relation-scope.ts';
import type { HookInfo, RelationHookInfo } from './hook-info.ts';
import { rememberSecretHook } from './secret-events.ts';

/**
 * Lets a unit's agent remember that a hook has run, so that the next one can be chosen. A hook that failed is not
 * remembered; one that the charm does not have, or that was resolved without a retry, is.
 */
export function rememberHook(state: ModelState, unit: UnitState, hook: HookInfo): void {
  const { agent } = unit;
  agent.hooksRun += 1;
  agent.failed = null;
  if (agent.interrupted?.name === hook.name) agent.interrupted = null;
  switch (hook.kind) {
    case 'install':
      agent.installed = true;
      return;
    case 'upgrade-charm':
      agent.charmModified = hook.charmModified ?? agent.charmModified;
      agent.queued = 'config-changed';
      // Juju's agents tell followers of the leader's settings again after an upgrade.
      agent.leaderVersion = null;
      return;
    case 'config-changed':
      agent.configHash = hook.configHash ?? agent.configHash;
      agent.queued = agent.started ? null : 'start';
      return;
    case 'start':
      agent.started = true;
      agent.queued = null;
      agent.rebooted = false;
      return;
    case 'stop':
      agent.stopped = true;
      return;
    case 'remove':
      agent.removed = true;
      return;
    case 'leader-elected':
      agent.leader = state.applications[unit.application]?.leader === unit.name;
      return;
    case 'leader-settings-changed':
      agent.leaderVersion = hook.leaderVersion ?? agent.leaderVersion;
      return;
    default:
      if (hook.relation !== undefined) rememberRelationHook(state, unit, hook, hook.relation);
      if (hook.storage !== undefined) rememberStorageHook(state, unit, hook, hook.storage);
      if (hook.secret !== undefined) rememberSecretHook(state, unit, hook);
  }
}

function rememberStorageHook(state: ModelState, unit: UnitState, hook: HookInfo, id: string): void {
  const { storage: attached } = unit.agent;
  if (hook.kind === 'storage-attached') {
    if (!attached.includes(id)) attached.push(id);
    return;
  }
  attached.splice(0, attached.length, ...attached.filter((other) => other !== id));
  const storage = state.storage[id];
  if (storage === undefined) return;
  storage.unit = null;
  storage.life = 'alive';
}

function rememberRelationHook(
  state: ModelState,
  unit: UnitState,
  hook: HookInfo,
  about: RelationHookInfo,
): void {
  const knowledge = unit.agent.relations[about.id];
  if (knowledge === undefined) return;
  if (hook.kind === 'relation-created') knowledge.created = true;
  if (hook.kind === 'relation-joined') rememberJoined(knowledge, about);
  if (hook.kind === 'relation-changed') rememberChanged(knowledge, about);
  if (hook.kind === 'relation-departed') rememberDeparted(knowledge, about);
  if (hook.kind === 'relation-broken') leaveScope(state, unit, about.id);
}

function rememberJoined(knowledge: RelationKnowledge, about: RelationHookInfo): void {
  if (about.remoteUnit === undefined) return;
  knowledge.members[about.remoteUnit] = about.version ?? 0;
  knowledge.changedPending = about.remoteUnit;
}

function rememberChanged(knowledge: RelationKnowledge, about: RelationHookInfo): void {
  if (about.remoteUnit === undefined) {
    knowledge.applicationVersion = about.version ?? knowledge.applicationVersion;
    return;
  }
  if (knowledge.members[about.remoteUnit] !== undefined) {
    knowledge.members[about.remoteUnit] = about.version ?? 0;
  }
  if (knowledge.changedPending === about.remoteUnit) knowledge.changedPending = null;
}

function rememberDeparted(knowledge: RelationKnowledge, about: RelationHookInfo): void {
  if (about.remoteUnit === undefined) return;
  delete knowledge.members[about.remoteUnit];
  delete knowledge.cache[about.remoteUnit];
  if (knowledge.changedPending === about.remoteUnit) knowledge.changedPending = null;
}
