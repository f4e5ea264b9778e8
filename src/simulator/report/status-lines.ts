import { groupPorts } from './port-groups.ts';
import type { ModelStatus } from './status-report.ts';
import { sortNaturally } from './structured-text.ts';
import { naturalUnits, nestedUnits } from './unit-tree.ts';

/** `juju status --format line` (`short` and `oneline` are the same): a line a unit, subordinates below their principal. */
export function formatStatusLines({ applications }: ModelStatus): string {
  const units = Object.values(sortNaturally(applications)).flatMap(({ units = {} }) => naturalUnits(units));
  const lines = nestedUnits(units).map(({ name, unit, level }) => {
    const states = `agent:${unit['juju-status'].current}, workload:${unit['workload-status'].current}`;
    const ports = groupPorts(unit['open-ports'] ?? []);
    const line = `- ${name}: ${unit['public-address']} (${states})`;
    return `${'  '.repeat(level)}${line}${ports === '' ? '' : ` ${ports}`}\n`;
  });
  return lines.join('');
}
