import { JUJU_VERSION } from '../agent/hook-environment.ts';
import { applicationStatus, shownStatus } from '../agent/statuses.ts';
import { comparePorts, formatPort } from '../hook-tools/port-range.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { ApplicationState, ModelState, StatusRecord, UnitState } from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, relationsOf, remoteApplication } from '../state/relation-scope.ts';

/** A status as `juju status --format json` has it. */
export interface StatusInfo {
  readonly current: string;
  readonly message?: string;
  readonly since: string;
}

/** A unit as `juju status --format json` has it. */
export interface UnitStatus {
  readonly 'workload-status': StatusInfo;
  readonly 'juju-status': StatusInfo & { readonly version?: string };
  readonly leader?: true;
  readonly machine: string;
  readonly 'open-ports'?: readonly string[];
  readonly 'public-address': string;
}

/** An application as `juju status --format json` has it. */
export interface ApplicationStatus {
  readonly charm: string;
  readonly 'charm-origin': string;
  readonly 'charm-name': string;
  readonly 'charm-rev': number;
  readonly scale: number;
  readonly exposed: boolean;
  readonly version?: string;
  readonly 'application-status': StatusInfo;
  readonly relations?: Readonly<Record<string, readonly RelatedApplication[]>>;
  readonly units?: Readonly<Record<string, UnitStatus>>;
}

/** What an application is related to at one of its endpoints. */
export interface RelatedApplication {
  readonly 'related-application': string;
  readonly interface: string;
  readonly scope: string;
}

/** A machine as `juju status --format json` has it. */
export interface MachineStatus {
  readonly 'juju-status': StatusInfo;
  readonly 'dns-name': string;
  readonly 'ip-addresses': readonly string[];
  readonly 'instance-id': string;
  readonly 'machine-status': StatusInfo;
  readonly base: { readonly name: string; readonly channel: string };
}

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
  readonly controller: { readonly timestamp: string };
}

/** What a model is like at `now`, as juju tells it. */
export function reportStatus(state: ModelState, now: Date): ModelStatus {
  const applications = Object.values(state.applications);
  const units = Object.values(state.units);
  return {
    model: {
      name: state.name,
      type: 'iaas',
      controller: 'simulator',
      cloud: 'local',
      region: 'localhost',
      version: JUJU_VERSION,
      'model-status': { current: 'available', since: now.toISOString() },
      sla: 'unsupported',
    },
    machines: Object.fromEntries(units.map((unit) => [unit.machine, reportMachine(unit)])),
    applications: Object.fromEntries(applications.map((one) => [one.name, reportApplication(state, one)])),
    controller: { timestamp: now.toTimeString().slice(0, 8) },
  };
}

function reportMachine(unit: UnitState): MachineStatus {
  const since = unit.workloadHistory[0]?.since ?? unit.workload.since;
  return {
    'juju-status': { current: 'started', since },
    'dns-name': unit.address,
    'ip-addresses': [unit.address],
    'instance-id': `local-${unit.machine}`,
    'machine-status': { current: 'running', message: 'Running', since },
    base: { name: 'local', channel: '' },
  };
}

function reportApplication(state: ModelState, application: ApplicationState): ApplicationStatus {
  const { metadata } = application.charm;
  const units = unitsOf(state, application.name);
  const relations = reportRelations(state, application);
  return {
    charm: `local:${metadata.name}-0`,
    'charm-origin': 'local',
    'charm-name': metadata.name,
    'charm-rev': 0,
    scale: units.length,
    exposed: false,
    ...(application.workloadVersion === '' ? {} : { version: application.workloadVersion }),
    'application-status': reportOne(applicationStatus(state, application)),
    ...(Object.keys(relations).length === 0 ? {} : { relations }),
    ...(units.length === 0
      ? {}
      : { units: Object.fromEntries(units.map((unit) => [unit.name, reportUnit(application, unit)])) }),
  };
}

function reportRelations(
  state: ModelState,
  application: ApplicationState,
): Record<string, RelatedApplication[]> {
  const relations: Record<string, RelatedApplication[]> = {};
  for (const relation of relationsOf(state, application.name)) {
    const endpoint = ownEndpoint(relation, application.name);
    if (endpoint === undefined) continue;
    const related = {
      'related-application': remoteApplication(relation, application.name),
      interface: endpoint.interface,
      scope: isPeerRelation(relation) ? 'peer' : 'global',
    };
    relations[endpoint.name] = [...(relations[endpoint.name] ?? []), related];
  }
  return relations;
}

/** A unit in hook error shows it as its workload's status, with an agent that is idle (as in Juju). */
function reportUnit(application: ApplicationState, unit: UnitState): UnitStatus {
  const agent = unit.agent.status;
  const juju = agent.status === 'error' ? { current: 'idle', since: agent.since } : reportOne(agent);
  const ports = [...new Set([...unit.ports].sort(comparePorts).map(formatPort))];
  return {
    'workload-status': reportOne(shownStatus(unit)),
    'juju-status': { ...juju, version: JUJU_VERSION },
    ...(application.leader === unit.name ? { leader: true as const } : {}),
    machine: unit.machine,
    ...(ports.length === 0 ? {} : { 'open-ports': ports }),
    'public-address': unit.address,
  };
}

function reportOne(record: StatusRecord): StatusInfo {
  const { status, message, since } = record;
  return { current: status, ...(message === '' ? {} : { message }), since };
}
