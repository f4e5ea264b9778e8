import type { ApplicationState, ModelState, StatusRecord, UnitState } from '../state/model-state.ts';
import { type HookInfo, relationIdText } from './hook-info.ts';

/** How many statuses are kept of a unit's workload, or of an application. */
const HISTORY_LENGTH = 100;

/** How many of an agent, which has two for each hook: they are written down with every hook. */
const AGENT_HISTORY_LENGTH = 40;

/** Worst first: an application whose leader set no status shows the worst of its units (Juju's rule). */
const SEVERITY = ['error', 'blocked', 'maintenance', 'waiting', 'active', 'terminated', 'unknown'];

/** A status as of now. */
export function statusNow(status: string, message = '', data?: StatusRecord['data']): StatusRecord {
  return { status, message, since: new Date().toISOString(), ...(data === undefined ? {} : { data }) };
}

/** Sets a unit's workload status, and keeps it in the unit's history. */
export function setWorkloadStatus(unit: UnitState, record: StatusRecord): void {
  unit.workload = record;
  keep(unit.workloadHistory, record);
}

/** Sets the status of a unit's agent, and keeps it in the agent's history. */
export function setAgentStatus(unit: UnitState, record: StatusRecord): void {
  unit.agent.status = record;
  keep(unit.agent.history, record, AGENT_HISTORY_LENGTH);
}

/** Sets an application's status, as its leader may, and keeps it in the application's history. */
export function setApplicationStatus(application: ApplicationState, record: StatusRecord): void {
  application.status = record;
  keep(application.statusHistory, record);
}

function keep(history: StatusRecord[], record: StatusRecord, length = HISTORY_LENGTH): void {
  history.push(record);
  if (history.length > length) history.shift();
}

/** The workload status as Juju shows it: while a hook has failed it is `error`, whatever the charm had set. */
export function shownStatus(unit: UnitState): StatusRecord {
  return unit.agent.status.status === 'error' ? unit.agent.status : unit.workload;
}

/** The application's status: what its leader set, or else the worst of its units'. */
export function applicationStatus(state: ModelState, application: ApplicationState): StatusRecord {
  if (application.status !== null) return application.status;
  const statuses = Object.values(state.units)
    .filter((unit) => unit.application === application.name)
    .map(shownStatus);
  for (const severity of SEVERITY) {
    const worst = statuses.find((record) => record.status === severity);
    if (worst !== undefined) return worst;
  }
  return statuses[0] ?? statusNow('unknown');
}

/** What Juju says about a unit when a hook of it begins. */
export function announceHook(unit: UnitState, hook: HookInfo): void {
  const about = hook.relation?.remoteUnit;
  const message = `running ${hook.name} hook${about === undefined ? '' : ` for ${about}`}`;
  // Juju keeps quiet about the hook that runs every few minutes.
  if (hook.kind !== 'update-status') setAgentStatus(unit, statusNow('executing', message));
  if (hook.kind === 'install' && !unit.agent.statusSet) {
    setWorkloadStatus(unit, statusNow('maintenance', 'installing charm software'));
  }
  if (hook.kind === 'stop') setWorkloadStatus(unit, statusNow('maintenance', 'stopping charm software'));
  if (hook.kind === 'remove') {
    setWorkloadStatus(unit, statusNow('maintenance', 'cleaning up prior to charm deletion'));
  }
}

/** What Juju says about a unit when a hook of it has succeeded. `isStatusSet`: whether the charm did, in this hook. */
export function concludeHook(unit: UnitState, hook: HookInfo, isStatusSet: boolean): void {
  // After a hook that it kept quiet about, the agent is idle still.
  if (unit.agent.status.status !== 'idle') setAgentStatus(unit, statusNow('idle'));
  unit.agent.statusSet ||= isStatusSet;
  if (hook.kind === 'start' && !unit.agent.statusSet) setWorkloadStatus(unit, statusNow('unknown'));
  if (hook.kind === 'stop' && !isStatusSet) setWorkloadStatus(unit, statusNow('maintenance'));
  if (hook.kind === 'remove') setWorkloadStatus(unit, statusNow('terminated'));
}

/** Puts a unit into hook error: nothing more runs on it until the hook is resolved. */
export function failHook(unit: UnitState, hook: HookInfo): void {
  const data: Record<string, string | number> = { hook: hook.name };
  if (hook.relation !== undefined) {
    data['relation-id'] = hook.relation.id;
    if (hook.relation.remoteUnit !== undefined) data['remote-unit'] = hook.relation.remoteUnit;
  }
  setAgentStatus(unit, statusNow('error', `hook failed: "${hook.name}"`, data));
  unit.agent.failed = { hook, retry: false };
}

/** How a hook is named in logs and reports: with its relation, and the remote unit where there is one. */
export function describeHook(hook: HookInfo): string {
  const { relation } = hook;
  if (relation === undefined) return hook.name;
  return [hook.name, relationIdText(relation), relation.remoteUnit].filter(Boolean).join(' ');
}
