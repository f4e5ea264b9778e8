import type { StorageReport } from './storage-report.ts';

/** Storage as Juju's YAML has it: one key is written small there that is written big in its JSON. */
export function storageForYaml(report: StorageReport): Readonly<Record<string, unknown>> {
  const { filesystems, ...rest } = report;
  if (filesystems === undefined) return rest;
  const entries = Object.entries(filesystems).map(([id, filesystem]) => {
    const renamed = Object.entries(filesystem).map(([key, value]) => [
      key === 'Attachments' ? 'attachments' : key,
      value,
    ]);
    return [id, Object.fromEntries(renamed)];
  });
  const { storage, volumes } = rest;
  return {
    ...(storage === undefined ? {} : { storage }),
    filesystems: Object.fromEntries(entries),
    ...(volumes === undefined ? {} : { volumes }),
  };
}
