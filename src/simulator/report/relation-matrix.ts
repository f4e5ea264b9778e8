import type { ModelState, RelationState } from '../state/model-state.ts';
import { isPeerRelation } from '../state/relation-scope.ts';
import { selectShown } from './status-filter.ts';
import { type Column, formatTable } from './text-table.ts';

/** A relation as `juju status --relations` lists it. */
export interface RelationRow {
  /** `redis:db`; in a peer relation the same as the requirer. */
  readonly provider: string;
  readonly requirer: string;
  readonly interface: string;
  readonly type: 'regular' | 'peer' | 'subordinate';
  /** Empty once a unit is in it; before that `joining`, and `broken` while the last hooks of one that dies run. */
  readonly message: string;
}

/** The relations that `juju status` shows for some patterns (see `selectShown`), by provider and then by requirer. */
export function reportRelations(state: ModelState, patterns: readonly string[] = []): RelationRow[] {
  const shown = selectShown(state, patterns).relations;
  const rows = Object.values(state.relations)
    .filter(({ id }) => shown.has(id))
    .map(reportRelation);
  return rows.sort((a, b) => compare(a.provider, b.provider) || compare(a.requirer, b.requirer));
}

/** The section of `juju status` about relations; empty where there are none. */
export function formatRelationTable(rows: readonly RelationRow[]): string {
  const titles = ['Integration provider', 'Requirer', 'Interface', 'Type', 'Message'];
  const columns: Column[] = titles.map((title) => ({ title, isNumber: false }));
  if (rows.length === 0) return '';
  return formatTable(
    columns,
    rows.map((row) => [
      row.provider,
      row.requirer,
      row.interface,
      row.type,
      // A status has a column of its own behind it, which is for what an operator said when suspending the relation.
      row.message === '' ? '' : `${row.message}  `,
    ]),
  );
}

function reportRelation(relation: RelationState): RelationRow {
  const [requirer = '', provider = requirer] = relation.endpoints.map(
    ({ application, name }) => `${application}:${name}`,
  );
  return {
    provider,
    requirer,
    interface: relation.endpoints[0]?.interface ?? '',
    type: typeOf(relation),
    message: messageOf(relation),
  };
}

function typeOf(relation: RelationState): RelationRow['type'] {
  if (relation.scope === 'container') return 'subordinate';
  return isPeerRelation(relation) ? 'peer' : 'regular';
}

function messageOf(relation: RelationState): string {
  const isJoined = Object.values(relation.units).some(({ inScope }) => inScope);
  if (isJoined) return '';
  return relation.life === 'alive' ? 'joining' : 'broken';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
