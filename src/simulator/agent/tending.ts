import type { ModelState, UnitState } from '../state/model-state.ts';
import { enterScopes, leaveScope, ownEndpoint } from '../state/relation-scope.ts';

/**
 * What a unit's agent does between hooks and without the charm: it enters the scopes of new relations, and notices that it
 * does not lead any more, of which no hook tells. Answers true once the unit's life is over: its last hook has run, or it
 * dies without having been installed. A failed hook stops all of it.
 */
export function tendUnit(state: ModelState, unit: UnitState): boolean {
  const { agent } = unit;
  if (agent.failed !== null) return false;
  if (state.applications[unit.application]?.leader !== unit.name) agent.leader = false;
  enterScopes(state, unit);
  leaveImplicitScopes(state, unit);
  return agent.removed || (unit.life === 'dying' && !agent.installed);
}

/** Units that are not told of a relation's end by hooks leave it without a word. */
function leaveImplicitScopes(state: ModelState, unit: UnitState): void {
  for (const id of Object.keys(unit.agent.relations)) {
    const relation = state.relations[id];
    if (relation === undefined || !ownEndpoint(relation, unit.application)?.implicit) continue;
    if (relation.life === 'dying' || unit.life === 'dying') leaveScope(state, unit, Number(id));
  }
}
