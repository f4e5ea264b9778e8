import { registerExit, registerHandler, runningUnit } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import { pythonText } from '../conversations/python-text.ts';
import type { JsonValue } from '../store/python-json.ts';
import { HookToolError } from '../tools/errors.ts';
import type { LogLevel, RawBag, WorkloadStatus } from '../tools/hook-tools.ts';
import type { GoalState } from '../tools/model-tools.ts';
import { type HookConfig, hookConfig } from './hook-config.ts';

/*
 * The functions of charm-helpers' `hookenv` that reactive charms call, over the running unit. What is said of each is what
 * differs, or what it comes down to; the rest of hookenv is `unit().tools`.
 */

/** A level of the log. */
export const TRACE = 'TRACE';
/** A level of the log. */
export const DEBUG = 'DEBUG';
/** A level of the log: what `log` writes unless told. */
export const INFO = 'INFO';
/** A level of the log. */
export const WARNING = 'WARNING';
/** A level of the log. */
export const ERROR = 'ERROR';
/** A level of the log. */
export const CRITICAL = 'CRITICAL';

/** Writes to Juju's log. */
export function log(message: string, level: LogLevel = INFO): void {
  const { log: lines, tools } = runningUnit('log');
  if (level === DEBUG) lines.debug(message);
  else if (level === INFO) lines.info(message);
  else if (level === WARNING) lines.warning(message);
  else if (level === ERROR) lines.error(message);
  else tools.log(message, level);
}

/** The charm's configuration with `changed` and `previous`; or the value of one option, null where there is none. */
export function config(): HookConfig;
export function config(scope: string): HookConfig[string];
export function config(scope?: string): HookConfig | HookConfig[string] {
  const { config: options } = runningUnit('config');
  if (scope === undefined) return hookConfig(options);
  return (options.current[scope] ?? null) as HookConfig[string];
}

/** Says how the workload is doing; at once, and kept even when the hook fails later, unless layer:status collects it. */
export function status_set(workload_state: WorkloadStatus, message: string, application = false): void {
  const { status, tools } = runningUnit('status_set');
  if (!application && Object.hasOwn(status, workload_state)) status[workload_state](message);
  else tools.statusSet(workload_state, message, { application });
}

/** The state and the message that were set last. */
export function status_get(): [state: string, message: string] {
  const { status, message } = runningUnit('status_get').tools.statusGet();
  return [status, message];
}

/** Tells Juju the version of the workload, at once. */
export function application_version_set(version: string): void {
  runningUnit('application_version_set').setApplicationVersion(version);
}

/** This unit: `web/0`. */
export function local_unit(): string {
  return runningUnit('local_unit').name;
}

/** This unit's application: `web`. */
export function application_name(): string {
  return runningUnit('application_name').application;
}

/** The charm's name in metadata.yaml. */
export function charm_name(): string {
  return runningUnit('charm_name').metadata.name;
}

/** The charm's folder, absolute. */
export function charm_dir(): string {
  return runningUnit('charm_dir').hook.charmDir;
}

/** The hook that runs: `config-changed`; in an action, its name. */
export function hook_name(): string {
  return runningUnit('hook_name').hook.name;
}

/** The model's name. */
export function model_name(): string {
  return runningUnit('model_name').hook.model;
}

/** The model's uuid. */
export function model_uuid(): string {
  return runningUnit('model_uuid').hook.modelUuid;
}

/** Juju's version: `3.6.14`. */
export function juju_version(): string {
  return runningUnit('juju_version').hook.jujuVersion;
}

/** The unit that this one sits beside, where the charm is a subordinate; else this unit. */
export function principal_unit(): string {
  const { hook, name } = runningUnit('principal_unit');
  return hook.principalUnit ?? name;
}

/** Whether this unit leads its application. */
export function is_leader(): boolean {
  return runningUnit('is_leader').isLeader;
}

/** The leader's settings, or one of them, null where there is none. */
export function leader_get(): RawBag;
export function leader_get(attribute: string): string | null;
export function leader_get(attribute?: string): RawBag | string | null {
  const settings = runningUnit('leader_get').tools.leaderGet();
  return attribute === undefined ? settings : (settings[attribute] ?? null);
}

/** Sets the leader's settings, as Python's `str` writes them; null removes one. Throws when this unit does not lead. */
export function leader_set(settings: Readonly<Record<string, JsonValue>>): void {
  runningUnit('leader_set').tools.leaderSet(asTexts(settings));
}

/** Opens a port. Changes land when the hook succeeds. */
export function open_port(port: number | string, protocol = 'TCP'): void {
  runningUnit('open_port').ports.open(portSpec(port, protocol));
}

/** Closes a port; one that is not open is fine. */
export function close_port(port: number | string, protocol = 'TCP'): void {
  runningUnit('close_port').ports.close(portSpec(port, protocol));
}

/** What is open, this hook's own changes included: `['8080/tcp']`. */
export function opened_ports(): string[] {
  return runningUnit('opened_ports').ports.list();
}

/** An action's parameters, or one of them, null where there is none. Throws outside of actions. */
export function action_get(): Record<string, unknown>;
export function action_get(key: string): unknown;
export function action_get(key?: string): unknown {
  const parameters = runningUnit('action_get').tools.actionGet();
  return key === undefined ? parameters : (parameters[key] ?? null);
}

/** Gives an action results, as Python's `str` writes them. Throws outside of actions. */
export function action_set(values: Readonly<Record<string, JsonValue>>): void {
  runningUnit('action_set').tools.actionSet(asTexts(values));
}

/** Has the action that runs count as failed; the code goes on, and what it did is kept. Throws outside of actions. */
export function action_fail(message: string): void {
  runningUnit('action_fail').tools.actionFail(message);
}

/** The file of a resource; false when it cannot be had. */
export function resource_get(name: string): string | false {
  try {
    return runningUnit('resource_get').tools.resourceGet(name);
  } catch (error) {
    if (error instanceof HookToolError) return false;
    throw error;
  }
}

/** The ids of the storage that is attached: `data/0`. */
export function storage_list(storage_name?: string): string[] {
  return runningUnit('storage_list').tools.storageList(storage_name);
}

/** What one storage is, or where it is mounted. Unlike the reference's, it must be told which. */
export function storage_get(attribute: 'kind' | 'location', storage_id: string): string {
  return runningUnit('storage_get').tools.storageGet(storage_id)[attribute];
}

/** What the model is meant to become. */
export function goal_state(): GoalState {
  return runningUnit('goal_state').tools.goalState();
}

/**
 * Has something done when a hook starts, with the flags as the hook finds them and before any handler: as a module is
 * loaded in every hook, while a hook starts in that one. Not in restricted hooks.
 */
export function atstart<P extends unknown[]>(
  callback: (...parameters: P) => unknown,
  ...parameters: P
): void {
  const run = (_unit: Unit): unknown => callback(...parameters);
  registerHandler(run, () => ({ id: callback.name || 'atstart', conditions: [], run }));
}

/**
 * Has something done at the end of a hook that goes well, before relation data is published and anything is stored; what
 * was asked for last is done first. As a module is loaded it is for every hook, while a hook runs for that one.
 */
export function atexit<P extends unknown[]>(
  callback: (...parameters: P) => void | Promise<void>,
  ...parameters: P
): void {
  registerExit(() => callback(...parameters));
}

export {
  departing_unit,
  in_relation_hook,
  ingress_address,
  network_get,
  network_get_primary_address,
  related_units,
  relation_get,
  relation_id,
  relation_ids,
  relation_set,
  relation_type,
  remote_service_name,
  remote_unit,
  unit_get,
  unit_private_ip,
  unit_public_ip,
} from './hookenv-relations.ts';
export { application_name as service_name };

function portSpec(port: number | string, protocol: string): string {
  return protocol.toUpperCase() === 'ICMP' ? 'icmp' : `${port}/${protocol.toLowerCase()}`;
}

function asTexts(values: Readonly<Record<string, JsonValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pythonText(value ?? '')]));
}
