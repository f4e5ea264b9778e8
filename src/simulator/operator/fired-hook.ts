import type { HookInfo, RelationHookKind, UnitHookKind } from '../agent/hook-info.ts';
import type { ModelState, UnitState } from '../state/model-state.ts';
import { ownEndpoint, remoteApplication } from '../state/relation-scope.ts';

const UNIT_HOOKS: readonly UnitHookKind[] = [
  'update-status',
  'config-changed',
  'leader-settings-changed',
  'start',
];
const RELATION_HOOKS: readonly RelationHookKind[] = ['relation-changed'];

/**
 * Puts a hook on a unit's list of hooks asked for by hand. Only such as can run twice without the unit's life being told
 * wrongly: update-status, config-changed, leader-settings-changed, start, and a relation's changed. Throws for any other,
 * for a relation that the unit is not in, and for a remote unit that has not joined.
 */
export function fireHook(
  state: ModelState,
  asked: {
    readonly unit: UnitState;
    readonly hook: string;
    readonly relationId?: number;
    readonly remoteUnit?: string;
  },
): void {
  const kind = UNIT_HOOKS.find((name) => name === asked.hook);
  const hook = kind === undefined ? findRelationHook(state, asked) : { kind, name: kind };
  asked.unit.agent.fired.push(hook);
}

function findRelationHook(state: ModelState, asked: Parameters<typeof fireHook>[1]): HookInfo {
  const { unit, hook, relationId, remoteUnit } = asked;
  const failure = `cannot fire "${hook}" on "${unit.name}"`;
  const kind = RELATION_HOOKS.find((name) => hook.endsWith(`-${name}`));
  if (kind === undefined) {
    const known = [...UNIT_HOOKS, ...RELATION_HOOKS.map((name) => `<endpoint>-${name}`)];
    throw new Error(`${failure}: only ${known.join(', ')} can be fired`);
  }
  const endpoint = hook.slice(0, -kind.length - 1);
  const candidates = Object.keys(unit.agent.relations)
    .flatMap((id) => state.relations[id] ?? [])
    .filter((relation) => ownEndpoint(relation, unit.application)?.name === endpoint);
  const relation = candidates.find(({ id }) => id === (relationId ?? id));
  const knowledge = relation === undefined ? undefined : unit.agent.relations[relation.id];
  if (relation === undefined || knowledge === undefined) {
    throw new Error(`${failure}: the unit is in no such relation`);
  }
  if (remoteUnit !== undefined && knowledge.members[remoteUnit] === undefined) {
    throw new Error(`${failure}: "${remoteUnit}" has not joined`);
  }
  const version =
    remoteUnit === undefined ? knowledge.applicationVersion : (knowledge.members[remoteUnit] ?? 0);
  return {
    kind,
    name: hook,
    relation: {
      id: relation.id,
      endpoint,
      remoteApplication: remoteApplication(relation, unit.application),
      version,
      ...(remoteUnit === undefined ? {} : { remoteUnit }),
    },
  };
}
