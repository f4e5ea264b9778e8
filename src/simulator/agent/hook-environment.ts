import { join } from 'node:path';
import type { HookContext } from './hook-context.ts';
import { relationIdText } from './hook-info.ts';

/** The Juju that a model passes for. */
export const JUJU_VERSION = '3.6.28';

/**
 * The whole environment of a hook's process. Nothing else is passed on: a charm that works here does not lean on its
 * author's shell. It is Juju's list, with HOME and TMPDIR added, which lie inside the model.
 */
export function hookEnvironment(run: {
  readonly context: HookContext;
  readonly charmFolder: string;
  readonly toolsFolder: string;
  readonly socket: string;
  /** PATH as the agent has it. */
  readonly path: string;
}): Record<string, string> {
  const { context, charmFolder } = run;
  const { unit, hook, state } = context;
  return {
    CHARM_DIR: charmFolder,
    JUJU_CHARM_DIR: charmFolder,
    JUJU_CONTEXT_ID: context.id,
    JUJU_HOOK_NAME: hook.name,
    JUJU_DISPATCH_PATH: `hooks/${hook.name}`,
    JUJU_AGENT_SOCKET_ADDRESS: run.socket,
    JUJU_AGENT_SOCKET_NETWORK: 'unix',
    JUJU_UNIT_NAME: unit.name,
    JUJU_MODEL_NAME: state.name,
    JUJU_MODEL_UUID: state.uuid,
    JUJU_API_ADDRESSES: '127.0.0.1:17070',
    JUJU_SLA: 'unsupported',
    JUJU_MACHINE_ID: unit.machine,
    JUJU_PRINCIPAL_UNIT: '',
    JUJU_AVAILABILITY_ZONE: '',
    JUJU_VERSION,
    CLOUD_API_VERSION: '',
    JUJU_CHARM_HTTP_PROXY: '',
    JUJU_CHARM_HTTPS_PROXY: '',
    JUJU_CHARM_FTP_PROXY: '',
    JUJU_CHARM_NO_PROXY: '',
    PATH: `${run.toolsFolder}:${run.path}`,
    APT_LISTCHANGES_FRONTEND: 'none',
    DEBIAN_FRONTEND: 'noninteractive',
    LANG: 'C.UTF-8',
    TERM: 'tmux-256color',
    HOME: join(unit.folder, 'home'),
    TMPDIR: join(unit.folder, 'tmp'),
    ...relationEnvironment(context),
  };
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
