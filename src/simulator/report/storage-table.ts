import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { StorageDetails, StorageReport } from './storage-report.ts';
import { columnsOf, formatTable } from './text-table.ts';

/** What `juju storage` says of a model without any, on its standard error. */
export const NO_STORAGE = 'No storage to display.';

/** Storage as `juju storage` prints it, by unit. Empty where there is none. */
export function formatStorageTable(report: StorageReport): string {
  const titles = ['Unit', 'Storage ID', 'Type', 'Pool', 'Size', 'Status', 'Message'];
  const rows = listStorage(report, compareNaturally).map(({ unit, id, details }) => [
    unit,
    id,
    details.kind,
    poolOf(report, id),
    sizeOf(report, id),
    details.status.current,
    details.status.message ?? '',
  ]);
  return rows.length === 0 ? '' : formatTable(columnsOf(...titles), rows);
}

/** The section of `juju status --storage`. Empty where there is no storage. */
export function formatStorageSection(report: StorageReport): string {
  const titles = ['Storage Unit', 'Storage ID', 'Type', 'Pool', 'Mountpoint', 'Size', 'Status', 'Message'];
  const rows = listStorage(report, compareText).map(({ unit, id, details }) => [
    unit,
    id,
    details.kind,
    poolOf(report, id),
    details.kind === 'filesystem' ? (details.attachments?.units[unit]?.location ?? '') : '',
    sizeOf(report, id),
    details.status.current,
    details.status.message ?? '',
  ]);
  return rows.length === 0 ? '' : formatTable(columnsOf(...titles), rows);
}

interface StorageRow {
  readonly unit: string;
  readonly id: string;
  readonly details: StorageDetails;
}

/** Units by their text, what has none first (Juju's rule). */
function listStorage(report: StorageReport, compareIds: (a: string, b: string) => number): StorageRow[] {
  const rows = Object.entries(report.storage ?? {}).flatMap(([id, details]) => {
    const units = Object.keys(details.attachments?.units ?? { '': null });
    return units.map((unit) => ({ unit, id, details }));
  });
  return rows.sort((a, b) => compareText(a.unit, b.unit) || compareIds(a.id, b.id));
}

function poolOf(report: StorageReport, id: string): string {
  return backingOf(report, id)?.pool ?? '';
}

/** `64 MiB`, `1.0 GiB`. */
function sizeOf(report: StorageReport, id: string): string {
  const mebibytes = backingOf(report, id)?.size ?? 0;
  if (mebibytes === 0) return '';
  const exponent = Math.min(3, Math.floor(Math.log2(mebibytes) / 10));
  const size = mebibytes / 1024 ** exponent;
  return `${size < 10 ? size.toFixed(1) : size.toFixed(0)} ${['MiB', 'GiB', 'TiB', 'PiB'][exponent]}`;
}

function backingOf(report: StorageReport, id: string) {
  const backings = [...Object.values(report.filesystems ?? {}), ...Object.values(report.volumes ?? {})];
  return backings.find(({ storage }) => storage === id);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
