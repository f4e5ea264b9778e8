import type { ActionTools } from './action-tools.ts';
import { HookToolError } from './errors.ts';
import type { RawBag, StatusAnswer } from './hook-tools.ts';
import { MemorySecrets } from './memory-secrets.ts';
import type { ApplicationStatusAnswer, CloudCredential, GoalState, ModelTools } from './model-tools.ts';
import type { StateTools } from './state-tools.ts';
import type { StorageInstance, StorageTools } from './storage-tools.ts';

/** An action that runs: what it was called with, and what it answered so far. */
export interface MemoryAction {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly results: Record<string, string>;
  readonly log: string[];
  failure?: string;
}

/** The less usual hook tools over a model in memory, with Juju's rules; see `MemoryTools`. */
export class MemoryModelTools
  extends MemorySecrets
  implements StorageTools, StateTools, ActionTools, ModelTools
{
  /** Storage by id. */
  storage: Readonly<Record<string, StorageInstance>> = {};
  /** What `storage-add` asked for: name and count. */
  requestedStorage: readonly (readonly [name: string, count: number])[] = [];
  /** The controller's state for this unit. */
  state: RawBag = {};
  /** The running action; undefined in a hook. */
  action: MemoryAction | undefined;
  goal: GoalState = { units: {}, relations: {} };
  /** Undefined where the application is not trusted. */
  credential: CloudCredential | undefined;
  /** Files of resources, by name. */
  resources: Readonly<Record<string, string>> = {};
  /** The uuid of the model at the other end of each relation, by relation id. */
  relationModels: Readonly<Record<string, string>> = {};
  unitStatuses: Readonly<Record<string, StatusAnswer>> = {};
  applicationStatus: StatusAnswer = { status: 'unknown', message: '' };
  /** What was asked for, in order: `after` the hook, or `now`. */
  readonly reboots: ('after' | 'now')[] = [];
  readonly metrics: Readonly<Record<string, string>>[] = [];
  /** Payload statuses, by `class/id`. */
  payloads: Readonly<Record<string, string>> = {};
  kubernetesSpec = '';
  #pendingState: RawBag | undefined;
  #pendingStorage: (readonly [name: string, count: number])[] = [];
  #pendingSpec: string | undefined;

  protected commitModel(): void {
    this.commitSecrets();
    this.state = this.stateGet();
    this.requestedStorage = [...this.requestedStorage, ...this.#pendingStorage];
    this.kubernetesSpec = this.#pendingSpec ?? this.kubernetesSpec;
    this.rollbackModel();
  }

  protected rollbackModel(): void {
    this.rollbackSecrets();
    this.#pendingState = undefined;
    this.#pendingStorage = [];
    this.#pendingSpec = undefined;
  }

  storageList(name?: string): string[] {
    const ids = Object.keys(this.storage).sort();
    return name === undefined ? ids : ids.filter((id) => id.startsWith(`${name}/`));
  }

  storageGet(id: string): StorageInstance {
    return this.storage[id] ?? refuse(['storage-get', '-s', id], `storage "${id}" not found`);
  }

  storageAdd(name: string, count = 1): void {
    this.#pendingStorage.push([name, count]);
  }

  stateGet(): RawBag {
    return { ...(this.#pendingState ?? this.state) };
  }

  stateSet(values: RawBag): void {
    this.#pendingState = { ...this.stateGet(), ...values };
  }

  stateDelete(key: string): void {
    const { [key]: _, ...rest } = this.stateGet();
    this.#pendingState = rest;
  }

  actionGet(): Record<string, unknown> {
    return structuredClone({ ...this.#runningAction('action-get').parameters });
  }

  actionSet(results: Readonly<Record<string, string>>): void {
    Object.assign(this.#runningAction('action-set').results, results);
  }

  actionFail(message = 'action failed without reason given, check action for errors'): void {
    this.#runningAction('action-fail').failure = message;
  }

  actionLog(message: string): void {
    this.#runningAction('action-log').log.push(message);
  }

  goalState(): GoalState {
    return this.goal;
  }

  credentialGet(): CloudCredential {
    return (
      this.credential ?? refuse(['credential-get'], 'cannot access cloud credentials: permission denied')
    );
  }

  resourceGet(name: string): string {
    return (
      this.resources[name] ??
      refuse(['resource-get', name], `could not download resource: resource "${name}" not found`)
    );
  }

  relationModel(relationId: string): string {
    return this.relationModels[relationId] ?? '';
  }

  applicationStatusGet(): ApplicationStatusAnswer {
    return { ...this.applicationStatus, units: this.unitStatuses };
  }

  reboot({ now = false }: { readonly now?: boolean } = {}): void {
    this.reboots.push(now ? 'now' : 'after');
  }

  addMetric(metrics: Readonly<Record<string, string | number>>): void {
    this.metrics.push(
      Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, String(value)])),
    );
  }

  payloadRegister(payload: { readonly type: string; readonly class: string; readonly id: string }): void {
    this.payloads = { ...this.payloads, [`${payload.class}/${payload.id}`]: 'running' };
  }

  payloadUnregister(payloadClass: string, id: string): void {
    const { [`${payloadClass}/${id}`]: _, ...rest } = this.payloads;
    this.payloads = rest;
  }

  payloadStatusSet(payload: { readonly class: string; readonly id: string }, status: string): void {
    this.payloads = { ...this.payloads, [`${payload.class}/${payload.id}`]: status };
  }

  k8sSpecSet(specification: string): void {
    this.#pendingSpec = specification;
  }

  k8sSpecGet(): string {
    return this.#pendingSpec ?? this.kubernetesSpec;
  }

  #runningAction(tool: string): MemoryAction {
    return this.action ?? refuse([tool], 'not running an action');
  }
}

function refuse(command: readonly string[], why: string): never {
  throw new HookToolError({ command, exitCode: 1, stderr: `ERROR ${why}\n` });
}
