import { compareNaturally } from '../hook-tools/natural-order.ts';
import { groupPorts } from './port-groups.ts';
import type { ModelStatus } from './status-report.ts';
import { naturalUnits, nestedUnits } from './unit-tree.ts';

/** `juju status --format summary`: networks, ports, and how many machines, units and applications are in which state. */
export function formatStatusSummary({ machines, applications }: ModelStatus): string {
  const named = Object.values(applications).flatMap(({ units = {} }) => naturalUnits(units));
  const units = nestedUnits(named).map(({ unit }) => unit);
  const addresses = [
    ...Object.values(machines).map((machine) => machine['dns-name']),
    ...units.map((unit) => unit['public-address']),
  ];
  const ports = [...new Set(units.flatMap((unit) => unit['open-ports'] ?? []))];
  const applicationNames = Object.keys(applications).sort(compareNaturally);
  return [
    alignLeft([
      ['Running on subnets:', subnetsOf(addresses).join(', ')],
      [' Utilizing ports:', groupPorts(ports)],
    ]),
    alignRight([
      ['# Machines:', `(${Object.keys(machines).length})`],
      ...countStates(Object.values(machines).map((machine) => machine['juju-status'].current)),
      [' '],
      ['# Units:', `(${units.length})`],
      ...countStates(units.map((unit) => unit['workload-status'].current)),
      [' '],
      ['# Applications:', `(${applicationNames.length})`],
      ...applicationNames.map((name) => [name, applications[name]?.exposed ? '1/1' : '0/1', 'exposed']),
      [' '],
      ['# Remote:', '(0)'],
    ]),
  ].join('');
}

/** Each network once, as Juju writes it: the first address that was found in it, and the mask of its class. */
function subnetsOf(addresses: readonly string[]): string[] {
  const subnets = new Map<string, string>();
  for (const address of addresses) {
    const parts = address.split('.');
    const first = Number(parts[0]);
    const bytes = first < 128 ? 1 : first < 192 ? 2 : 3;
    const network = parts.slice(0, bytes).join('.');
    if (!subnets.has(network)) subnets.set(network, `${address}/${bytes * 8}`);
  }
  return [...subnets.values()];
}

function countStates(states: readonly string[]): string[][] {
  const names = [...new Set(states)].sort(compareNaturally);
  return names.map((name) => [`${name}:`, ` ${states.filter((state) => state === name).length} `]);
}

function alignLeft(rows: readonly (readonly string[])[]): string {
  return align(rows, (cell, width) => cell.padEnd(width));
}

function alignRight(rows: readonly (readonly string[])[]): string {
  return align(rows, (cell, width) => cell.padStart(width));
}

/**
 * Every cell has the two spaces that part columns, the outermost ones too. A column is as wide as the rows around a cell
 * that reach it, up to the next that does not.
 */
function align(rows: readonly (readonly string[])[], pad: (cell: string, width: number) => string): string {
  const lines = rows.map((cells, row) =>
    cells.map((cell, column) => pad(cell, widthAround(rows, row, column) + 2)).join(''),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function widthAround(rows: readonly (readonly string[])[], row: number, column: number): number {
  const lacks = rows.map((cells) => cells[column] === undefined);
  const next = lacks.indexOf(true, row);
  const block = rows.slice(lacks.lastIndexOf(true, row) + 1, next === -1 ? rows.length : next);
  return Math.max(...block.map((cells) => cells[column]?.length ?? 0));
}
