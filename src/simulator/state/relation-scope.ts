import type { ModelState, RelationEndpoint, RelationState, UnitState } from './model-state.ts';

/** Whether a relation is one of an application's units with each other. */
export function isPeerRelation(relation: RelationState): boolean {
  return relation.endpoints.length === 1;
}

/** Our end of a relation; undefined where the application has no part in it. */
export function ownEndpoint(relation: RelationState, application: string): RelationEndpoint | undefined {
  return relation.endpoints.find((endpoint) => endpoint.application === application);
}

/** The other application; our own in a peer relation. */
export function remoteApplication(relation: RelationState, application: string): string {
  const other = relation.endpoints.find((endpoint) => endpoint.application !== application);
  return other?.application ?? application;
}

/** The name Juju has for a relation in its messages, the requirer first: `wp:db mysql:server`. */
export function relationKey(relation: RelationState): string {
  return relation.endpoints.map((endpoint) => `${endpoint.application}:${endpoint.name}`).join(' ');
}

/** The relations that an application takes part in, oldest first. */
export function relationsOf(state: ModelState, application: string): RelationState[] {
  return Object.values(state.relations).filter((relation) => ownEndpoint(relation, application));
}

/**
 * The remote units that a unit can see, with the versions of their bags. A unit that dies is gone for the others at
 * once, and sees nobody itself any more; a relation that dies shows nobody to anyone.
 */
export function visibleMembers(
  state: ModelState,
  relation: RelationState,
  unit: UnitState,
): Record<string, number> {
  const members: Record<string, number> = {};
  if (relation.life === 'dying' || unit.life === 'dying') return members;
  const remote = remoteApplication(relation, unit.application);
  for (const [name, bag] of Object.entries(relation.units)) {
    const other = state.units[name];
    const isRemote = name !== unit.name && other?.application === remote && other.life === 'alive';
    if (isRemote && bag.inScope && isInReach(relation, unit, other)) members[name] = bag.version;
  }
  return members;
}

/**
 * Lets a unit's agent enter every relation it is not in yet, with its addresses in its bag: from then on the other side
 * can see it. Juju's agents do so once the charm is installed and before any hook of the relation.
 */
export function enterScopes(state: ModelState, unit: UnitState): void {
  if (!unit.agent.installed || unit.life !== 'alive') return;
  for (const relation of relationsOf(state, unit.application)) {
    if (relation.life !== 'alive' || unit.agent.relations[relation.id] !== undefined) continue;
    if (!isTiedBy(state, relation, unit)) continue;
    relation.units[unit.name] = { settings: addressSettings(unit), version: 0, inScope: true };
    unit.agent.relations[relation.id] = {
      created: false,
      members: {},
      changedPending: null,
      applicationVersion: 0,
      cache: {},
    };
  }
}

/** In a container-scoped relation a principal and its own subordinate see each other, and nobody else. */
function isInReach(relation: RelationState, unit: UnitState, other: UnitState): boolean {
  return relation.scope === 'global' || other.principal === unit.name || unit.principal === other.name;
}

/** A subordinate enters container-scoped relations with its own principal's application only. */
function isTiedBy(state: ModelState, relation: RelationState, unit: UnitState): boolean {
  if (relation.scope === 'global' || unit.principal === null) return true;
  return state.units[unit.principal]?.application === remoteApplication(relation, unit.application);
}

/** The units that live beside a principal unit. */
export function subordinatesOf(state: ModelState, principal: UnitState): UnitState[] {
  return Object.values(state.units).filter((unit) => unit.principal === principal.name);
}

/** Takes a unit out of a relation for good. Its bag stays readable until the last one leaves a dying relation. */
export function leaveScope(state: ModelState, unit: UnitState, relationId: number): void {
  delete unit.agent.relations[relationId];
  const relation = state.relations[relationId];
  const member = relation?.units[unit.name];
  if (relation === undefined || member === undefined) return;
  member.inScope = false;
  removeEmptyRelation(state, relation);
}

/** Removes a dying relation that nobody is in any more, with its bags. */
export function removeEmptyRelation(state: ModelState, relation: RelationState): void {
  const isEmpty = Object.values(relation.units).every((member) => !member.inScope);
  if (relation.life === 'dying' && isEmpty) delete state.relations[relation.id];
}

/** What Juju itself puts into a unit's bag. */
export function addressSettings(unit: UnitState): Record<string, string> {
  return {
    'egress-subnets': `${unit.address}/32`,
    'ingress-address': unit.address,
    'private-address': unit.address,
  };
}
