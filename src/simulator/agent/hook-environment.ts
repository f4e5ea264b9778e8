import { join } from 'node:path';
import { secretUri } from '../state/secret-uri.ts';
import type { HookContext } from './hook-context.ts';
import { type HookInfo, relationIdText } from './hook-info.ts';

/** The Juju that a model passes for. */
export const JUJU_VERSION = '3.6.28';

/**
 * The whole environment of a hook's process. Nothing else is passed on: a charm that works here does not lean on its
 * author's shell. It is Juju's list, with HOME and TMPDIR added, which lie inside the model.
 */
export function hookEnvironment(run: {
  readonly context: HookContext;
  readonly charmFolder: string;
  readonly toolsPath: string;
  readonly socket: string;
  /** PATH as the agent has it. */
  readonly path: string;
}): Record<string, string> {
  const { context, charmFolder } = run;
  const { unit, hook, state } = context;
  const environment: Record<string, string> = {
    CHARM_DIR: charmFolder,
    JUJU_CHARM_DIR: charmFolder,
    JUJU_CONTEXT_ID: context.id,
    ...dispatchEnvironment(hook),
    JUJU_AGENT_SOCKET_ADDRESS: run.socket,
    JUJU_AGENT_SOCKET_NETWORK: 'unix',
    JUJU_UNIT_NAME: unit.name,
    JUJU_MODEL_NAME: state.name,
    JUJU_MODEL_UUID: state.uuid,
    JUJU_API_ADDRESSES: '127.0.0.1:17070',
    JUJU_SLA: 'unsupported',
    JUJU_MACHINE_ID: unit.machine,
    JUJU_PRINCIPAL_UNIT: unit.principal ?? '',
    JUJU_AVAILABILITY_ZONE: '',
    JUJU_VERSION,
    CLOUD_API_VERSION: '',
    JUJU_CHARM_HTTP_PROXY: '',
    JUJU_CHARM_HTTPS_PROXY: '',
    JUJU_CHARM_FTP_PROXY: '',
    JUJU_CHARM_NO_PROXY: '',
    PATH: `${run.toolsPath}:${run.path}`,
    APT_LISTCHANGES_FRONTEND: 'none',
    DEBIAN_FRONTEND: 'noninteractive',
    LANG: 'C.UTF-8',
    TERM: 'tmux-256color',
    HOME: join(unit.folder, 'home'),
    TMPDIR: join(unit.folder, 'tmp'),
    ...relationEnvironment(context),
    ...storageEnvironment(context),
    ...secretEnvironment(context),
    ...actionEnvironment(context),
  };
  return context.isRestricted ? restrictEnvironment(environment) : environment;
}

/** What is no hook has no hook's name, and a command no path to dispatch to (Juju's rule). */
function dispatchEnvironment(hook: HookInfo): Record<string, string> {
  if (hook.kind === 'exec') return { JUJU_HOOK_NAME: '' };
  if (hook.kind === 'action') return { JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: `actions/${hook.name}` };
  return { JUJU_HOOK_NAME: hook.name, JUJU_DISPATCH_PATH: `hooks/${hook.name}` };
}

/** Only in relation hooks; a remote unit that there is not is an empty text, and not absent (Juju's rule). */
function relationEnvironment({ hook }: HookContext): Record<string, string> {
  const { relation } = hook;
  if (relation === undefined) return {};
  return {
    JUJU_RELATION: relation.endpoint,
    JUJU_RELATION_ID: relationIdText(relation),
    JUJU_REMOTE_UNIT: relation.remoteUnit ?? '',
    JUJU_REMOTE_APP: relation.remoteApplication,
    ...(relation.departingUnit === undefined ? {} : { JUJU_DEPARTING_UNIT: relation.departingUnit }),
  };
}

/** Only in storage hooks. */
function storageEnvironment({ hook, state }: HookContext): Record<string, string> {
  const storage = hook.storage === undefined ? undefined : state.storage[hook.storage];
  if (storage === undefined) return {};
  return {
    JUJU_STORAGE_ID: storage.id,
    JUJU_STORAGE_LOCATION: storage.location,
    JUJU_STORAGE_KIND: storage.kind,
  };
}

/** Only in secret hooks, and the revision only where it is one that is to go (Juju's rule). */
function secretEnvironment({ hook }: HookContext): Record<string, string> {
  const { secret, kind } = hook;
  if (secret === undefined) return {};
  const hasRevision = kind === 'secret-expired' || kind === 'secret-remove';
  return {
    JUJU_SECRET_ID: secretUri(secret.id),
    JUJU_SECRET_LABEL: secret.label,
    ...(hasRevision ? { JUJU_SECRET_REVISION: String(secret.revision ?? '') } : {}),
  };
}

/** Only in actions; what is called a uuid is the task's number (Juju's rule). */
function actionEnvironment({ task }: HookContext): Record<string, string> {
  if (task?.what.kind !== 'action') return {};
  return {
    JUJU_ACTION_NAME: task.what.name,
    JUJU_ACTION_UUID: task.id,
    JUJU_ACTION_TAG: `action-${task.id}`,
  };
}

/** What Juju leaves out in hooks about metrics. */
const UNRESTRICTED_ONLY =
  /^JUJU_(?:HOOK_NAME|MODEL_.*|API_ADDRESSES|SLA|MACHINE_ID|PRINCIPAL_UNIT|AVAILABILITY_ZONE|VERSION|CHARM_.*_PROXY)$|^CLOUD_API_VERSION$/;

function restrictEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !UNRESTRICTED_ONLY.test(name));
  return { ...Object.fromEntries(kept), JUJU_METER_STATUS: 'AMBER', JUJU_METER_INFO: 'not set' };
}
