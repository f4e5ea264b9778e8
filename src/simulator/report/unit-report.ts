import { JUJU_VERSION } from '../agent/hook-environment.ts';
import { shownStatus } from '../agent/statuses.ts';
import { comparePorts, formatPort } from '../hook-tools/port-range.ts';
import type { ModelState, RelationState, UnitState } from '../state/model-state.ts';
import { subordinatesOf } from '../state/relation-scope.ts';
import { reportStatusRecord, type StatusInfo } from './status-info.ts';
import { sortNaturally, unlessEmpty } from './structured-text.ts';

/** A unit as `juju status --format json` has it. */
export interface UnitStatus {
  readonly 'workload-status': StatusInfo;
  readonly 'juju-status': StatusInfo;
  readonly leader?: true;
  /** Not for a subordinate, which is where its principal is. */
  readonly machine?: string;
  readonly 'open-ports'?: readonly string[];
  readonly 'public-address': string;
  readonly subordinates?: Readonly<Record<string, UnitStatus>>;
}

/**
 * A unit, with its subordinates. One in hook error shows it as its workload's status, with an agent that is idle (as in
 * Juju); `relations` are those that a failed hook is explained by.
 */
export function reportUnit(shown: {
  readonly state: ModelState;
  readonly unit: UnitState;
  /** The application under which the unit is shown: for a subordinate that of its principal. */
  readonly under: string;
  readonly relations: readonly RelationState[];
  readonly utc?: boolean;
}): UnitStatus {
  const { state, unit, utc = false } = shown;
  const subordinates = subordinatesOf(state, unit).map(
    (subordinate) => [subordinate.name, reportUnit({ ...shown, unit: subordinate })] as const,
  );
  const isLeader = state.applications[unit.application]?.leader === unit.name;
  return {
    'workload-status': reportWorkload(shown),
    'juju-status': { ...reportAgent(unit, utc), version: JUJU_VERSION },
    ...(isLeader ? { leader: true as const } : {}),
    ...(unit.principal === null ? { machine: unit.machine } : {}),
    ...unlessEmpty('open-ports', openPorts(unit)),
    'public-address': unit.address,
    ...unlessEmpty('subordinates', sortNaturally(Object.fromEntries(subordinates))),
  };
}

/** A unit's open ports in Juju's order, each once, whichever endpoints it is open for. */
export function openPorts(unit: UnitState): string[] {
  return [...new Set([...unit.ports].sort(comparePorts).map(formatPort))];
}

function reportAgent(unit: UnitState, utc: boolean): StatusInfo {
  const info = reportStatusRecord(unit.agent.status, utc);
  if (info.current !== 'error') return info;
  return { current: 'idle', ...(info.since === undefined ? {} : { since: info.since }) };
}

/** The workload's status; where a relation's hook failed, with the other end of the relation. */
function reportWorkload(shown: Parameters<typeof reportUnit>[0]): StatusInfo {
  const record = shownStatus(shown.unit);
  const info = reportStatusRecord(record, shown.utc);
  const relation = shown.relations.find(({ id }) => id === record.data?.['relation-id']);
  const other = relation?.endpoints.find(({ application }) => application !== shown.under);
  if (record.status !== 'error' || other === undefined) return info;
  return { ...info, message: `${record.message} for ${other.application}:${other.name}` };
}
