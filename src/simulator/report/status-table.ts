import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { ApplicationStatus } from './application-report.ts';
import { formatMachineTable } from './machine-table.ts';
import { cutMessage, cutText } from './message-cut.ts';
import { groupPorts } from './port-groups.ts';
import { formatRelationTable, type RelationRow } from './relation-matrix.ts';
import type { ModelStatus } from './status-report.ts';
import { formatStorageSection } from './storage-table.ts';
import { columnsOf, formatTable } from './text-table.ts';
import type { UnitStatus } from './unit-report.ts';
import { naturalUnits, nestedUnits } from './unit-tree.ts';

const LONGEST_VERSION = 15;

/**
 * A model as `juju status` prints it: sections for the model, its applications, units and machines, with `relations` for
 * those, and with `storage` for that. A section without rows is left out, so that of an empty model only the first remains.
 */
export function formatStatusTable(
  status: ModelStatus,
  options: { readonly relations?: readonly RelationRow[]; readonly storage?: boolean } = {},
): string {
  const sections = [
    modelSection(status),
    applicationSection(status),
    unitSection(status, options.relations !== undefined),
    Object.keys(status.machines).length === 0 ? '' : formatMachineTable(status.machines),
    formatRelationTable(options.relations ?? []),
    options.storage ? formatStorageSection(status.storage) : '',
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function modelSection({ model, controller }: ModelStatus): string {
  const columns = columnsOf('Model', 'Controller', 'Cloud/Region', 'Version', 'SLA', 'Timestamp');
  const place = `${model.cloud}/${model.region}`;
  return formatTable(columns, [
    [model.name, model.controller, place, model.version, model.sla, controller.timestamp],
  ]);
}

function applicationSection({ applications }: ModelStatus): string {
  const titles = ['App', 'Version', 'Status', '>Scale', 'Charm', 'Channel', '>Rev', 'Exposed', 'Message'];
  const entries = Object.entries(applications).sort(([a], [b]) => compareNaturally(a, b));
  const rows = entries.map(([name, application]) => [
    name,
    cutText(application.version?.split('\n')[0] ?? '', LONGEST_VERSION),
    application['application-status'].current,
    describeScale(unitsToCount(applications, name)),
    application['charm-name'],
    application['charm-channel'] ?? '',
    String(application['charm-rev']),
    application.exposed ? 'yes' : 'no',
    cutMessage(application['application-status'].message ?? ''),
  ]);
  return rows.length === 0 ? '' : formatTable(columnsOf(...titles), rows);
}

/** An application's own units; those of a subordinate stand below the units of others. */
function unitsToCount(applications: Readonly<Record<string, ApplicationStatus>>, name: string): UnitStatus[] {
  const application = applications[name];
  if (application?.['subordinate-to'] === undefined) return Object.values(application?.units ?? {});
  const others = Object.values(applications).flatMap(({ units = {} }) => Object.values(units));
  return others.flatMap(({ subordinates = {} }) =>
    Object.entries(subordinates).flatMap(([unit, status]) => (unit.startsWith(`${name}/`) ? [status] : [])),
  );
}

/** `2`, or `1/2` where not every agent is up. */
function describeScale(units: readonly UnitStatus[]): string {
  const up = units.filter(
    (unit) =>
      unit['workload-status'].current !== 'terminated' &&
      ['executing', 'idle', 'running'].includes(unit['juju-status'].current),
  );
  return up.length === units.length ? String(units.length) : `${up.length}/${units.length}`;
}

function unitSection({ applications }: ModelStatus, hasRelations: boolean): string {
  const titles = ['Unit', 'Workload', 'Agent', 'Machine', 'Public address', 'Ports', 'Message'];
  const units = Object.values(applications).flatMap((application) => Object.entries(application.units ?? {}));
  const rows = nestedUnits(naturalUnits(Object.fromEntries(units))).map(({ name, unit, level }) => [
    `${'  '.repeat(level)}${name}${unit.leader ? '*' : ''}`,
    unit['workload-status'].current,
    unit['juju-status'].current,
    unit.machine ?? '',
    unit['public-address'],
    groupPorts(unit['open-ports'] ?? []),
    cutMessage(describeUnit(unit, hasRelations)),
  ]);
  return rows.length === 0 ? '' : formatTable(columnsOf(...titles), rows);
}

/** The hooks that Juju tells of by name beside the message, and not those of relations and storage. */
const TOLD_HOOKS =
  'install|start|config-changed|upgrade-charm|stop|remove|collect-metrics|meter-status-changed|update-status|leader-elected|leader-deposed|leader-settings-changed|secret-changed|secret-expired|secret-remove|secret-rotate';
const RUNNING = new RegExp(`^running (?:(${TOLD_HOOKS}) hook|action (.*))`);

/** The message, after the hook or action that runs if one does. */
function describeUnit(unit: UnitStatus, hasRelations: boolean): string {
  const agent = unit['juju-status'];
  const told = unit['workload-status'].message ?? '';
  // Which relation a hook failed in is told together with the relations only.
  const message = hasRelations ? told : told.replace(/^(hook failed: "[^"]*") for \S+$/, '$1');
  const [, hook, action] = (agent.current === 'executing' && RUNNING.exec(agent.message ?? '')) || [];
  const running = hook ?? action;
  if (running !== undefined) return `(${running}) ${message}`;
  return agent.current === 'allocating' && message === '' ? (agent.message ?? '') : message;
}
