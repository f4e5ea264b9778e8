import { dirname } from 'node:path';
import { addUnit } from '../operator/lifecycle.ts';
import type { ModelState, RelationState, UnitState } from '../state/model-state.ts';
import {
  enterScopes,
  leaveScope,
  ownEndpoint,
  relationsOf,
  remoteApplication,
  subordinatesOf,
} from '../state/relation-scope.ts';

/**
 * What a unit's agent, and Juju around it, does between hooks and without the charm: it enters the scopes of new relations,
 * brings subordinate units to life beside it and lets them die, and notices that it does not lead any more, of which no hook
 * tells. Answers true once the unit's life is over: its last hook has run, or it dies without having been installed, and no
 * subordinate of it is left. A failed hook stops all of it.
 */
export function tendUnit(state: ModelState, unit: UnitState): boolean {
  const { agent } = unit;
  letSubordinatesDie(state, unit);
  if (agent.failed !== null) return false;
  noticeDeposition(state, unit);
  releaseUnattached(state, unit);
  enterScopes(state, unit);
  leaveImplicitScopes(state, unit);
  if (unit.life === 'alive' && agent.installed) addSubordinates(state, unit);
  const isOver = agent.removed || (unit.life === 'dying' && !agent.installed && agent.storage.length === 0);
  return isOver && subordinatesOf(state, unit).length === 0;
}

/** No hook tells a unit that it does not lead any more, and it knows the settings that it wrote itself (Juju's rule). */
function noticeDeposition(state: ModelState, { name, application, agent }: UnitState): void {
  const { leader, leaderSettings } = state.applications[application] ?? {};
  if (!agent.leader || leader === name) return;
  agent.leader = false;
  agent.leaderVersion = leaderSettings?.version ?? agent.leaderVersion;
}

/** Storage that is taken away before it was attached goes without a hook. */
function releaseUnattached(state: ModelState, { name, agent }: UnitState): void {
  for (const storage of Object.values(state.storage)) {
    if (storage.unit !== name || storage.life !== 'dying' || agent.storage.includes(storage.id)) continue;
    storage.unit = null;
    storage.life = 'alive';
  }
}

/** Units that are not told of a relation's end by hooks leave it without a word. */
function leaveImplicitScopes(state: ModelState, unit: UnitState): void {
  for (const id of Object.keys(unit.agent.relations)) {
    const relation = state.relations[id];
    if (relation === undefined || !ownEndpoint(relation, unit.application)?.implicit) continue;
    if (relation.life === 'dying' || unit.life === 'dying') leaveScope(state, unit, Number(id));
  }
}

/** A principal unit that enters a container-scoped relation gets one unit of the subordinate application beside it. */
function addSubordinates(state: ModelState, principal: UnitState): void {
  if (principal.principal !== null) return;
  for (const relation of relationsOf(state, principal.application)) {
    if (relation.scope !== 'container' || relation.life !== 'alive') continue;
    const application = state.applications[remoteApplication(relation, principal.application)];
    if (application === undefined || application.life !== 'alive') continue;
    const isThere = subordinatesOf(state, principal).some((unit) => unit.application === application.name);
    if (!isThere) addUnit(state, application, { folder: dirname(principal.folder), principal });
  }
}

/** Subordinates go with their principal, and when no relation ties their application to its any more. */
function letSubordinatesDie(state: ModelState, unit: UnitState): void {
  if (unit.life === 'dying')
    for (const subordinate of subordinatesOf(state, unit)) subordinate.life = 'dying';
  if (unit.principal === null) return;
  const principal = state.units[unit.principal];
  const isTied = relationsOf(state, unit.application).some((relation) => isTieTo(relation, principal));
  if (!isTied) unit.life = 'dying';
}

function isTieTo(relation: RelationState, principal: UnitState | undefined): boolean {
  const isAlive = relation.scope === 'container' && relation.life === 'alive';
  return isAlive && principal !== undefined && ownEndpoint(relation, principal.application) !== undefined;
}
