import type { StatusAnswer } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';

/** How one unit or application is meant to be, and since when (`2006-01-02 15:04:05Z`). */
export interface GoalStatus {
  readonly status: string;
  readonly since: string;
}

/** What the model is meant to become, as `goal-state` answers it. */
export interface GoalState {
  /** Our application's units, this one included. */
  readonly units: Readonly<Record<string, GoalStatus>>;
  /** By our endpoint, then by remote application and remote unit. */
  readonly relations: Readonly<Record<string, Readonly<Record<string, GoalStatus>>>>;
}

/** Our application's status with its units', as `status-get --application` answers a leader. */
export interface ApplicationStatusAnswer extends StatusAnswer {
  readonly units: Readonly<Record<string, StatusAnswer>>;
}

/** The cloud credential of the model, for charms that are trusted. */
export interface CloudCredential {
  readonly type: string;
  readonly name: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credential?: { readonly 'auth-type': string; readonly attrs: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}

/** The hook tools about the model around the unit, and a few that stand alone. */
export interface ModelTools {
  /** `goal-state`. */
  goalState(): GoalState;
  /** `credential-get`. Throws unless the application is trusted. */
  credentialGet(): CloudCredential;
  /** `resource-get NAME`: the file's path, once it is downloaded. Throws when it cannot be had. */
  resourceGet(name: string): string;
  /** `relation-model-get`: the uuid of the model on the other side of a relation. */
  relationModel(relationId: string): string;
  /** `status-get --application`. Throws unless this unit is the leader. */
  applicationStatusGet(): ApplicationStatusAnswer;
  /** `juju-reboot`: after the hook; with `now` at once, and the hook runs again after it. Not in actions. */
  reboot(options?: { readonly now?: boolean }): void;
  /** `add-metric`: in collect-metrics only. */
  addMetric(
    metrics: Readonly<Record<string, string | number>>,
    labels?: Readonly<Record<string, string>>,
  ): void;
  /** `payload-register TYPE CLASS ID TAG…`: at once. */
  payloadRegister(payload: {
    readonly type: string;
    readonly class: string;
    readonly id: string;
    readonly tags?: readonly string[];
  }): void;
  /** `payload-unregister CLASS ID`: at once. */
  payloadUnregister(payloadClass: string, id: string): void;
  /** `payload-status-set CLASS ID STATUS`: at once. */
  payloadStatusSet(
    payload: { readonly class: string; readonly id: string },
    status: 'starting' | 'running' | 'stopping' | 'stopped',
  ): void;
  /** `k8s-spec-set` with the specification as YAML or JSON text: leader only. Buffered. */
  k8sSpecSet(specification: string): void;
  /** `k8s-spec-get`: the specification as text; empty when there is none. */
  k8sSpecGet(): string;
}

/** Those tools as processes. */
export function makeModelTools(run: RunTool): ModelTools {
  return {
    goalState: () => {
      const { units = {}, relations = {} } = Object(runForJson(run, ['goal-state', '--format=json']));
      return { units, relations };
    },
    credentialGet: () => Object(runForJson(run, ['credential-get', '--format=json'])) as CloudCredential,
    resourceGet: (name) => run(['resource-get', name]).trim(),
    relationModel: (relationId) => {
      const { uuid } = Object(runForJson(run, ['relation-model-get', '--format=json', '-r', relationId]));
      return String(uuid ?? '');
    },
    applicationStatusGet: () => {
      const answer = Object(
        runForJson(run, ['status-get', '--format=json', '--include-data', '--application']),
      );
      const status = Object(answer['application-status']);
      const units = Object.entries(Object(status.units)).map(([name, unit]) => [name, toStatus(unit)]);
      return { ...toStatus(status), units: Object.fromEntries(units) };
    },
    reboot: ({ now = false } = {}) => {
      run(['juju-reboot', ...(now ? ['--now'] : [])]);
    },
    addMetric: (metrics, labels = {}) => {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const pairs = Object.entries(metrics).map(([key, value]) => `${key}=${value}`);
      run(['add-metric', ...(label.length > 0 ? ['-l', label.join(',')] : []), ...pairs]);
    },
    payloadRegister: ({ type, class: payloadClass, id, tags = [] }) => {
      run(['payload-register', type, payloadClass, id, ...tags]);
    },
    payloadUnregister: (payloadClass, id) => {
      run(['payload-unregister', payloadClass, id]);
    },
    payloadStatusSet: ({ class: payloadClass, id }, status) => {
      run(['payload-status-set', payloadClass, id, status]);
    },
    k8sSpecSet: (specification) => {
      run(['k8s-spec-set', '--file', '-'], specification);
    },
    k8sSpecGet: () => run(['k8s-spec-get']),
  };
}

function toStatus(answer: unknown): StatusAnswer {
  const { status, message } = Object(answer);
  return { status: String(status ?? 'unknown'), message: String(message ?? '') };
}
