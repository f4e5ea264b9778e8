import { JUJU_VERSION } from '../agent/hook-environment.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { ModelState } from '../state/model-state.ts';
import { type ApplicationStatus, reportApplication } from './application-report.ts';
import { formatClock, formatStatusTime } from './juju-time.ts';
import { type MachineStatus, reportMachines } from './machine-report.ts';
import { selectShown } from './status-filter.ts';
import type { StatusInfo } from './status-info.ts';
import { reportStorage, type StorageReport } from './storage-report.ts';
import { sortNaturally } from './structured-text.ts';

export type { ApplicationStatus, RelatedApplication } from './application-report.ts';
export type { MachineStatus } from './machine-report.ts';
export type { StatusInfo } from './status-info.ts';
export type { UnitStatus } from './unit-report.ts';

/** A model as `juju status --format json` has it, in plain data. */
export interface ModelStatus {
  readonly model: {
    readonly name: string;
    readonly type: string;
    readonly controller: string;
    readonly cloud: string;
    readonly region: string;
    readonly version: string;
    readonly 'model-status': StatusInfo;
    readonly sla: string;
  };
  readonly machines: Readonly<Record<string, MachineStatus>>;
  readonly applications: Readonly<Record<string, ApplicationStatus>>;
  /** Empty where there is none, but there all the same. */
  readonly storage: StorageReport;
  readonly controller: { readonly timestamp: string };
}

/** How a status is told. */
export interface StatusOptions {
  /** The present time if not given. */
  readonly now?: Date;
  /** Whether times are in UTC, and not in the zone of this machine. */
  readonly utc?: boolean;
  /** Names, or patterns, of what to show: see `selectShown`. All there is if none is given. */
  readonly patterns?: readonly string[];
}

/** What a model is like, as juju tells it. */
export function reportStatus(state: ModelState, options: StatusOptions = {}): ModelStatus {
  const { now = new Date(), utc = false } = options;
  const shown = selectShown(state, options.patterns ?? []);
  const relations = Object.values(state.relations).filter(({ id }) => shown.relations.has(id));
  const applications = Object.values(state.applications)
    .filter(({ name }) => shown.applications.has(name))
    .map((application) => {
      const units = unitsOf(state, application.name).filter(({ name }) => shown.units.has(name));
      const report = reportApplication({ state, application, units, relations, utc });
      return [application.name, report] as const;
    });
  return {
    model: {
      name: state.name,
      type: 'iaas',
      controller: 'simulator',
      cloud: 'local',
      region: 'localhost',
      version: JUJU_VERSION,
      'model-status': { current: 'available', since: formatStatusTime(now, utc) },
      sla: 'unsupported',
    },
    machines: reportMachines(state, { machines: [...shown.machines], utc }).machines,
    applications: sortNaturally(Object.fromEntries(applications)),
    storage: reportStorage(state, utc),
    controller: { timestamp: formatClock(now, utc) },
  };
}
