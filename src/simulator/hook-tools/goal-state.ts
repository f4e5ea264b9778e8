import { shownStatus } from '../agent/statuses.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { ModelState, RelationState, StatusRecord, UnitState } from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, relationsOf, remoteApplication } from '../state/relation-scope.ts';
import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';

/** `goal-state`: the units that there are to be, here and in related applications. */
export const goalState: HookTool = {
  name: 'goal-state',
  usage: '[options]',
  summary: "Print the status of the charm's peers and related units.",
  format: 'yaml',
  run(call) {
    refuseSurplus(call.positionals);
    const { state, application } = call.context;
    const relations: Record<string, Record<string, unknown>> = {};
    for (const relation of relationsOf(state, application.name)) {
      const endpoint = ownEndpoint(relation, application.name);
      if (endpoint === undefined || isPeerRelation(relation)) continue;
      const remote = remoteApplication(relation, application.name);
      relations[endpoint.name] = {
        ...relations[endpoint.name],
        [remote]: relationGoal(state, relation),
        ...unitGoals(unitsOf(state, remote)),
      };
    }
    return { value: { units: unitGoals(unitsOf(state, application.name)), relations } };
  },
};

/** A relation that some unit has entered is joined. Its time is that of the first unit there. */
function relationGoal(state: ModelState, relation: RelationState): Record<string, string> {
  const inside = Object.keys(relation.units)
    .filter((name) => relation.units[name]?.inScope)
    .flatMap((name) => state.units[name] ?? []);
  const since = inside[0]?.agent.status.since ?? new Date().toISOString();
  return goal(inside.length > 0 ? 'joined' : 'joining', since);
}

function unitGoals(units: readonly UnitState[]): Record<string, Record<string, string>> {
  const goals = units.map((unit) => [unit.name, unitGoal(unit, shownStatus(unit))] as const);
  return Object.fromEntries(goals);
}

function unitGoal(unit: UnitState, status: StatusRecord): Record<string, string> {
  return goal(unit.life === 'dying' ? 'dying' : status.status, status.since);
}

function goal(status: string, since: string): Record<string, string> {
  return { status, since: `${since.slice(0, 19).replace('T', ' ')}Z` };
}
