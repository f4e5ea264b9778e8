import path from 'node:path';

/** The relation a relation hook is about. */
export interface HookRelation {
  /** JUJU_RELATION, our endpoint's name: `db`. */
  readonly endpoint: string;
  /** JUJU_RELATION_ID: `db:3`. */
  readonly id: string;
  /** JUJU_REMOTE_UNIT: `redis/0`; absent in -created, -broken and in a changed hook of the application's databag. */
  readonly remoteUnit?: string;
  /** JUJU_REMOTE_APP: `redis`; our own application in a peer relation. */
  readonly remoteApplication?: string;
  /** JUJU_DEPARTING_UNIT, in -departed only: the unit that goes, which may be this one. */
  readonly departingUnit?: string;
}

/** What Juju said about this run of the charm, read once and never changed. */
export interface HookContext {
  /** JUJU_HOOK_NAME: `db-relation-changed`. Where it is empty or missing, the last part of JUJU_DISPATCH_PATH; empty in actions. */
  readonly name: string;
  /** JUJU_ACTION_NAME, else what JUJU_DISPATCH_PATH says: the action that runs; absent in hooks. */
  readonly action?: string;
  /** JUJU_CHARM_DIR, else CHARM_DIR, else the folder the process was started in; always absolute. */
  readonly charmDir: string;
  /** JUJU_UNIT_NAME: `redis/0`. */
  readonly unit: string;
  /** The unit's application: `redis`. */
  readonly application: string;
  /** JUJU_MODEL_NAME. */
  readonly model: string;
  /** JUJU_MODEL_UUID. */
  readonly modelUuid: string;
  /** JUJU_VERSION: `3.6.14`; empty in a restricted context. */
  readonly jujuVersion: string;
  /** JUJU_PRINCIPAL_UNIT: the unit a subordinate sits beside; absent for a principal. */
  readonly principalUnit?: string;
  /** Present in relation hooks only. */
  readonly relation?: HookRelation;
  /** Whether Juju runs this hook without its relation and model tools (collect-metrics, meter-status-changed). */
  readonly restricted: boolean;
}

/** Environment variables as node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const RESTRICTED_HOOKS: readonly string[] = ['collect-metrics', 'meter-status-changed'];

/**
 * Reads JUJU_* into a frozen context. The one place where the environment is read.
 *
 * @throws Error when JUJU_UNIT_NAME is missing, that is, when Juju did not start this process.
 */
export function readHookContext(environment: Environment, workingDir: string = process.cwd()): HookContext {
  const unit = environment.JUJU_UNIT_NAME ?? '';
  if (!/^[^/]+\/\d+$/.test(unit)) {
    throw new Error(
      `cannot run a hook: JUJU_UNIT_NAME is ${unit ? `"${unit}"` : 'not set'}; start the charm from Juju or "reactive demo"`,
    );
  }
  const name = hookName(environment);
  const action = actionName(environment);
  const relation = readRelation(environment);
  const principalUnit = environment.JUJU_PRINCIPAL_UNIT;
  return Object.freeze({
    name,
    ...(action ? { action } : {}),
    charmDir: path.resolve(workingDir, environment.JUJU_CHARM_DIR || environment.CHARM_DIR || '.'),
    unit,
    application: unit.slice(0, unit.indexOf('/')),
    model: environment.JUJU_MODEL_NAME ?? '',
    modelUuid: environment.JUJU_MODEL_UUID ?? '',
    jujuVersion: environment.JUJU_VERSION ?? '',
    ...(principalUnit ? { principalUnit } : {}),
    ...(relation ? { relation } : {}),
    restricted: RESTRICTED_HOOKS.includes(name),
  });
}

/** An action has no hook's name, whatever it is called. */
function hookName(environment: Environment): string {
  if (environment.JUJU_DISPATCH_PATH?.startsWith('actions/')) return '';
  return environment.JUJU_HOOK_NAME || path.basename(environment.JUJU_DISPATCH_PATH ?? '');
}

function actionName(environment: Environment): string | undefined {
  return environment.JUJU_ACTION_NAME || /^actions\/(.+)$/.exec(environment.JUJU_DISPATCH_PATH ?? '')?.[1];
}

/** Juju sets the remote variables to the empty string where there is no remote unit; that reads as absent here. */
function readRelation(environment: Environment): HookRelation | undefined {
  const endpoint = environment.JUJU_RELATION;
  const id = environment.JUJU_RELATION_ID;
  if (!endpoint || !id) return undefined;
  const remoteUnit = environment.JUJU_REMOTE_UNIT;
  const remoteApplication = environment.JUJU_REMOTE_APP || remoteUnit?.split('/')[0];
  const departingUnit = environment.JUJU_DEPARTING_UNIT;
  return Object.freeze({
    endpoint,
    id: id.includes(':') ? id : `${endpoint}:${id}`,
    ...(remoteUnit ? { remoteUnit } : {}),
    ...(remoteApplication ? { remoteApplication } : {}),
    ...(departingUnit ? { departingUnit } : {}),
  });
}
