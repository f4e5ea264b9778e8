import type { ModelState, StatusRecord, UnitState } from '../state/model-state.ts';
import { formatStatusTime } from './juju-time.ts';
import { columnsOf, formatTable } from './text-table.ts';

/** Whose statuses `juju show-status-log` tells: `unit` is the agent's and the workload's together. */
export type StatusLogType = 'unit' | 'juju-unit' | 'workload' | 'application' | 'machine' | 'juju-machine';

/** The types of `juju show-status-log --type` that there are. */
export const STATUS_LOG_TYPES: readonly StatusLogType[] = [
  'unit',
  'juju-unit',
  'workload',
  'application',
  'machine',
  'juju-machine',
];

/** A past status. */
export interface StatusLogEntry {
  readonly status: string;
  readonly message?: string;
  readonly data?: Readonly<Record<string, string | number>>;
  /** ISO 8601. */
  readonly since: string;
  readonly type: Exclude<StatusLogType, 'unit'>;
}

/** How many statuses are told where nothing is said. */
const DEFAULT_SIZE = 20;

/**
 * The last statuses of a unit, an application or a machine, oldest first: 20, or `size`, or all since `from`. Throws, in
 * Juju's words, for a name that is none of the type, for what there is not, and where no status was ever set.
 */
export function reportStatusLog(
  state: ModelState,
  asked: {
    readonly name: string;
    readonly type?: StatusLogType;
    readonly size?: number;
    readonly from?: Date;
  },
): StatusLogEntry[] {
  const { from } = asked;
  const size = asked.size ?? (from === undefined ? DEFAULT_SIZE : Number.POSITIVE_INFINITY);
  const entries = historiesOf(state, asked.name, asked.type ?? 'unit')
    .flatMap(({ type, records }) => records.slice(-size).map((record) => toEntry(record, type)))
    .filter(({ since }) => from === undefined || new Date(since) >= from)
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  if (entries.length === 0) throw new Error('no status history available');
  return entries.slice(-size);
}

/** The table that `juju show-status-log` prints. */
export function formatStatusLog(
  entries: readonly StatusLogEntry[],
  options: { readonly utc?: boolean } = {},
): string {
  const rows = entries.map(({ since, type, status, message }) => [
    formatStatusTime(since, options.utc),
    type,
    status,
    message ?? '',
  ]);
  return formatTable(columnsOf('Time', 'Type', 'Status', 'Message'), rows);
}

interface History {
  readonly type: StatusLogEntry['type'];
  readonly records: readonly StatusRecord[];
}

function historiesOf(state: ModelState, name: string, type: StatusLogType): History[] {
  switch (type) {
    case 'unit':
      return [agentHistory(findUnit(state, name, type)), workloadHistory(findUnit(state, name, type))];
    case 'juju-unit':
      return [agentHistory(findUnit(state, name, type))];
    case 'workload':
      return [workloadHistory(findUnit(state, name, type))];
    case 'application': {
      const application = state.applications[name];
      if (application !== undefined) return [{ type, records: application.statusHistory }];
      if (name.includes('/')) throw new Error(`"${name}" is not a valid name for an application`);
      throw new Error(`application "${name}" not found`);
    }
    default: {
      const machine = state.machines[name];
      if (machine === undefined) throw new Error(`machine ${name} not found`);
      const [status, message] = type === 'machine' ? ['running', 'Running'] : ['started', ''];
      return [{ type, records: [{ status, message, since: machine.since }] }];
    }
  }
}

function findUnit(state: ModelState, name: string, type: StatusLogType): UnitState {
  if (!/^[a-z0-9-]+\/\d+$/.test(name)) throw new Error(`"${name}" is not a valid name for a ${type}`);
  const unit = state.units[name];
  if (unit === undefined) throw new Error(`unit "${name}" not found`);
  return unit;
}

function agentHistory(unit: UnitState): History {
  return { type: 'juju-unit', records: unit.agent.history };
}

function workloadHistory(unit: UnitState): History {
  return { type: 'workload', records: unit.workloadHistory };
}

function toEntry(record: StatusRecord, type: StatusLogEntry['type']): StatusLogEntry {
  const { status, message, data, since } = record;
  return {
    status,
    ...(message === '' ? {} : { message }),
    ...(data === undefined ? {} : { data }),
    since,
    type,
  };
}
