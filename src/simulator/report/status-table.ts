import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { Model } from '../model.ts';
import type { ModelStatus, UnitStatus } from './status-report.ts';
import { type Column, formatTable } from './text-table.ts';

const LONGEST_VERSION = 15;
const LONGEST_MESSAGE = 120;

/**
 * A model as `juju status` prints it: sections for the model, its applications, units and machines, and with `relations`
 * the relations too. `now` is the time shown; the present time if not given.
 */
export function formatStatus(
  model: Model,
  options: { readonly relations?: boolean; readonly now?: Date } = {},
): string {
  const status = model.status(options.now);
  if (Object.keys(status.applications).length === 0) return `Model "admin/${status.model.name}" is empty.\n`;
  const sections = [
    modelSection(status),
    applicationSection(status),
    unitSection(status),
    machineSection(status),
    ...(options.relations ? [relationSection(model)] : []),
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
  const columns = columnsOf(
    'App',
    'Version',
    'Status',
    '>Scale',
    'Charm',
    'Channel',
    '>Rev',
    'Exposed',
    'Message',
  );
  const rows = naturalEntries(applications).map(([name, application]) => [
    name,
    cut(application.version ?? '', LONGEST_VERSION),
    application['application-status'].current,
    describeScale(Object.values(application.units ?? {})),
    application['charm-name'],
    '',
    String(application['charm-rev']),
    application.exposed ? 'yes' : 'no',
    cut(application['application-status'].message ?? '', LONGEST_MESSAGE),
  ]);
  return formatTable(columns, rows);
}

/** `2`, or `1/2` where not every agent is up. */
function describeScale(units: readonly UnitStatus[]): string {
  const up = units.filter((unit) => unit['juju-status'].current !== 'allocating');
  return up.length === units.length ? String(units.length) : `${up.length}/${units.length}`;
}

function unitSection({ applications }: ModelStatus): string {
  const columns = columnsOf('Unit', 'Workload', 'Agent', 'Machine', 'Public address', 'Ports', 'Message');
  const units = Object.values(applications).flatMap((application) => Object.entries(application.units ?? {}));
  if (units.length === 0) return '';
  const rows = naturalEntries(Object.fromEntries(units)).map(([name, unit]) => [
    `${name}${unit.leader ? '*' : ''}`,
    unit['workload-status'].current,
    unit['juju-status'].current,
    unit.machine,
    unit['public-address'],
    groupPorts(unit['open-ports'] ?? []),
    cut(describeUnit(unit), LONGEST_MESSAGE),
  ]);
  return formatTable(columns, rows);
}

/** The message, after the hook that runs if one does. */
function describeUnit(unit: UnitStatus): string {
  const message = unit['workload-status'].message ?? '';
  const juju = unit['juju-status'];
  const hook = /^running (\S+) hook/.exec(juju.message ?? '')?.[1];
  return juju.current === 'executing' && hook !== undefined ? `(${hook}) ${message}` : message;
}

/** Single ports of one protocol share it (`80,443/tcp`); ranges, and icmp, come after them. */
function groupPorts(ports: readonly string[]): string {
  const singles = ports.filter((port) => /^\d+\//.test(port)).map((port) => port.split('/'));
  const protocols = [...new Set(singles.map(([, protocol]) => protocol))];
  const groups = protocols.map((protocol) => {
    const numbers = singles.filter(([, other]) => other === protocol).map(([number]) => number);
    return `${numbers.join()}/${protocol}`;
  });
  return [...groups, ...ports.filter((port) => !/^\d+\//.test(port))].join(' ');
}

function machineSection({ machines }: ModelStatus): string {
  const columns = columnsOf('Machine', 'State', 'Address', 'Inst id', 'Base', 'AZ', 'Message');
  const rows = naturalEntries(machines).map(([id, machine]) => [
    id,
    machine['juju-status'].current,
    machine['dns-name'],
    machine['instance-id'],
    machine.base.name,
    '',
    machine['machine-status'].message ?? '',
  ]);
  return rows.length === 0 ? '' : formatTable(columns, rows);
}

function relationSection(model: Model): string {
  const columns = columnsOf('Integration provider', 'Requirer', 'Interface', 'Type', 'Message');
  const rows = model.relations().map((relation) => {
    const [requirer = '', provider = requirer] = relation.endpoints;
    return [provider, requirer, relation.interface, relation.type, relation.life === 'dying' ? 'dying' : ''];
  });
  rows.sort(([a = ''], [b = '']) => compareNaturally(a, b));
  return rows.length === 0 ? '' : formatTable(columns, rows);
}

function columnsOf(...titles: readonly string[]): Column[] {
  return titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), isNumber: true } : { title, isNumber: false },
  );
}

function naturalEntries<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([a], [b]) => compareNaturally(a, b));
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
