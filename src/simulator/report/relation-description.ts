import type { Bag, Life, RelationState } from '../state/model-state.ts';
import { isPeerRelation } from '../state/relation-scope.ts';

/** A relation with all its databags, for showing. */
export interface RelationDescription {
  readonly id: number;
  /** `application:endpoint`, the requirer first; a single one for a peer relation. */
  readonly endpoints: readonly string[];
  readonly interface: string;
  readonly type: 'regular' | 'peer';
  readonly life: Life;
  /** The applications' own bags. */
  readonly applications: Readonly<Record<string, Readonly<Bag>>>;
  /** The bags of all units that ever were in the relation; those that left are not in `inScope`. */
  readonly units: Readonly<Record<string, Readonly<Bag>>>;
  readonly inScope: readonly string[];
}

/** A copy of what a relation is like now. */
export function describeRelation(relation: RelationState): RelationDescription {
  const bags = (members: RelationState['applications']) =>
    Object.fromEntries(Object.entries(members).map(([name, bag]) => [name, { ...bag.settings }]));
  return {
    id: relation.id,
    endpoints: relation.endpoints.map(({ application, name }) => `${application}:${name}`),
    interface: relation.endpoints[0]?.interface ?? '',
    type: isPeerRelation(relation) ? 'peer' : 'regular',
    life: relation.life,
    applications: bags(relation.applications),
    units: bags(relation.units),
    inScope: Object.keys(relation.units).filter((name) => relation.units[name]?.inScope),
  };
}
