import { formatBase } from './charm-base.ts';
import type { MachineStatus } from './machine-report.ts';
import { cutMessage } from './message-cut.ts';
import { sortNaturally } from './structured-text.ts';
import { columnsOf, formatTable } from './text-table.ts';

/** Machines as `juju machines` prints them, and `juju status` in its section about them. Titles alone if there are none. */
export function formatMachineTable(machines: Readonly<Record<string, MachineStatus>>): string {
  const columns = columnsOf('Machine', 'State', 'Address', 'Inst id', 'Base', 'AZ', 'Message');
  const rows = Object.entries(sortNaturally(machines)).map(([id, machine]) => [
    id,
    machine['juju-status'].current,
    machine['dns-name'],
    machine['instance-id'],
    formatBase(machine.base),
    '',
    cutMessage(machine['machine-status'].message ?? ''),
  ]);
  return formatTable(columns, rows);
}
