import { HookToolError } from './errors.ts';
import type { StatusAnswer } from './hook-tools.ts';
import { type KubernetesTools, makeKubernetesTools } from './kubernetes-tools.ts';
import { type MetricTools, makeMetricTools } from './metric-tools.ts';
import { makePayloadTools, type PayloadTools } from './payload-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { mapOf, toStatus } from './tool-answers.ts';

/** How one unit or application is meant to be. */
export interface GoalStatus {
  /** A unit's workload status, or `dying`; a relation's `joining`, `joined`, `suspended`, `broken` or `error`. */
  readonly status: string;
  /** `2006-01-02 15:04:05Z`; not there where Juju does not know. */
  readonly since?: string;
}

/** What the model is meant to become, as `goal-state` answers it. */
export interface GoalState {
  /** Our application's units, this one included. */
  readonly units: Readonly<Record<string, GoalStatus>>;
  /** By our endpoint, then by remote application and remote unit. Peers are not there. */
  readonly relations: Readonly<Record<string, Readonly<Record<string, GoalStatus>>>>;
}

/** Our application's status with its units', as `status-get --application` answers a leader. */
export interface ApplicationStatusAnswer extends StatusAnswer {
  readonly units: Readonly<Record<string, StatusAnswer>>;
}

/** The cloud that the model runs on, with its credential, for charms that are trusted. */
export interface CloudCredential {
  readonly type: string;
  readonly name: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credential?: {
    readonly 'auth-type': string;
    readonly attrs?: Readonly<Record<string, string>>;
    readonly redacted?: readonly string[];
  };
  readonly [key: string]: unknown;
}

/** The hook tools about the model around the unit, and a few that stand alone. */
export interface ModelTools extends PayloadTools, KubernetesTools, MetricTools {
  /** `goal-state`. */
  goalState(): GoalState;
  /** `credential-get`. Throws unless the application is trusted (`isRefused`). */
  credentialGet(): CloudCredential;
  /** `resource-get NAME`: the file's path, once it is downloaded. Throws when it cannot be had. */
  resourceGet(name: string): string;
  /** `relation-model-get`: the uuid of the model on the other side of a relation. From Juju 3.6.2. */
  relationModel(relationId: string): string;
  /** `status-get --application`. Throws unless this unit is the leader. */
  applicationStatusGet(): ApplicationStatusAnswer;
  /**
   * `juju-reboot`: the machine reboots when the hook has succeeded. With `now` it reboots at once: the hook is killed,
   * nothing it did is kept, and it runs again. Throws in actions.
   */
  reboot(options?: { readonly now?: boolean }): void;
}

/** Those tools as processes. */
export function makeModelTools(run: RunTool): ModelTools {
  return {
    ...makePayloadTools(run),
    ...makeKubernetesTools(run),
    ...makeMetricTools(run),
    goalState: () => {
      const { units, relations } = mapOf(runForJson(run, ['goal-state', '--format=json']));
      return { units: goalsOf(units), relations: mapValues(relations, goalsOf) };
    },
    credentialGet: () => credentialGet(run),
    resourceGet: (name) => resourceGet(run, name),
    relationModel: (relationId) => {
      const { uuid } = mapOf(runForJson(run, ['relation-model-get', '--format=json', '-r', relationId]));
      return String(uuid ?? '');
    },
    applicationStatusGet: () => {
      const command = ['status-get', '--format=json', '--include-data', '--application'];
      const status = mapOf(mapOf(runForJson(run, command))['application-status']);
      return { ...toStatus(status), units: mapValues(status.units, toStatus) };
    },
    reboot: ({ now = false } = {}) => {
      run(['juju-reboot', ...(now ? ['--now'] : [])]);
    },
  };
}

function goalsOf(answer: unknown): Record<string, GoalStatus> {
  return mapValues(answer, (goal) => {
    const { status, since } = mapOf(goal);
    return { status: String(status ?? ''), ...(typeof since === 'string' ? { since } : {}) };
  });
}

function mapValues<T>(answer: unknown, convert: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(mapOf(answer)).map(([key, value]) => [key, convert(value)]));
}

function credentialGet(run: RunTool): CloudCredential {
  const command = ['credential-get', '--format=json'];
  const { type, name, ...rest } = mapOf(runForJson(run, command));
  if (typeof type === 'string' && typeof name === 'string') return { ...rest, type, name };
  throw new HookToolError({ command, exitCode: 0, stderr: 'its answer names no cloud' });
}

/** resource-get ends its answer without a newline, so that a path may end in spaces. */
function resourceGet(run: RunTool, name: string): string {
  const command = ['resource-get', '--', name];
  const file = run(command).replace(/\r?\n$/, '');
  if (file !== '') return file;
  throw new HookToolError({ command, exitCode: 0, stderr: 'its answer is no path' });
}
