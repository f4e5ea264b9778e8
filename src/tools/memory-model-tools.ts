import type { ActionTools } from './action-tools.ts';
import type { RawBag, StatusAnswer } from './hook-tools.ts';
import { keepResult, type MemoryAction, splitResults } from './memory-action.ts';
import { NOT_THE_LEADER, own, refuse } from './memory-refusal.ts';
import { MemoryWorkloadTools } from './memory-workload-tools.ts';
import type { ApplicationStatusAnswer, CloudCredential, GoalState, ModelTools } from './model-tools.ts';
import type { StateTools } from './state-tools.ts';
import type { StorageInstance, StorageTools } from './storage-tools.ts';
import { copyBag } from './tool-answers.ts';

/** What this hook asked for that lands when it succeeds. */
interface Pending {
  readonly state?: RawBag;
  readonly storage?: readonly (readonly [name: string, count: number])[];
  readonly reboots?: readonly 'after'[];
}

/** The less usual hook tools over a model in memory, with Juju's rules; see `MemoryTools`. */
export abstract class MemoryModelTools
  extends MemoryWorkloadTools
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
  /** What was asked for, in order: `after` a hook that succeeded, or `now`. */
  reboots: readonly ('after' | 'now')[] = [];
  #pending: Pending = {};

  /** Ends a hook that succeeded. */
  protected commitModel(): void {
    this.commitWorkload();
    const { state, storage = [], reboots = [] } = this.#pending;
    this.state = state ?? this.state;
    this.requestedStorage = [...this.requestedStorage, ...storage];
    this.reboots = [...this.reboots, ...reboots];
    this.rollbackModel();
  }

  /** Ends a hook that failed. */
  protected rollbackModel(): void {
    this.rollbackWorkload();
    this.#pending = {};
  }

  storageList(name?: string): string[] {
    const ids = Object.keys(this.storage).sort();
    return name ? ids.filter((id) => id.startsWith(`${name}/`)) : ids;
  }

  storageGet(id: string): StorageInstance {
    const why = `invalid value "${id}" for option -s: storage not found`;
    return { ...(own(this.storage, id) ?? refuse(['storage-get', '-s', id], why, 2)) };
  }

  storageAdd(name: string, count = 1): void {
    const isCount = Number.isInteger(count) && count > 0;
    const why = `cannot parse directive for storage "${name}": count must be greater than zero, got "${count}"`;
    if (!isCount) refuse(['storage-add', `${name}=${count}`], why, 2);
    this.#pending = { ...this.#pending, storage: [...(this.#pending.storage ?? []), [name, count]] };
  }

  stateGet(): RawBag {
    return copyBag(this.#pending.state ?? this.state);
  }

  stateSet(values: RawBag): void {
    for (const [key, value] of Object.entries(values)) {
      if (Buffer.byteLength(key) > 256) refuse(['state-set'], 'max allowed key length (256) exceeded');
      if (Buffer.byteLength(value) > 65_536)
        refuse(['state-set'], 'max allowed value length (65536) exceeded');
    }
    this.#pending = { ...this.#pending, state: Object.assign(this.stateGet(), values) };
  }

  stateDelete(key: string): void {
    if (key === '') refuse(['state-delete', ''], 'missing required key', 2);
    const { [key]: _, ...rest } = this.stateGet();
    this.#pending = { ...this.#pending, state: rest };
  }

  actionGet(): Record<string, unknown> {
    return structuredClone({ ...this.#runningAction('action-get').parameters });
  }

  actionSet(results: Readonly<Record<string, string>>): void {
    for (const result of splitResults(results)) keepResult(this.#runningAction('action-set').results, result);
  }

  actionFail(message = 'action failed without reason given, check action for errors'): void {
    this.#runningAction('action-fail').failure = message;
  }

  actionLog(message: string): void {
    this.#runningAction('action-log').log.push(message);
  }

  goalState(): GoalState {
    return structuredClone(this.goal);
  }

  credentialGet(): CloudCredential {
    const why = 'cannot access cloud credentials: permission denied';
    return structuredClone(this.credential ?? refuse(['credential-get'], why));
  }

  resourceGet(name: string): string {
    const why = `could not download resource: resource "${name}" not found`;
    return own(this.resources, name) ?? refuse(['resource-get', '--', name], why);
  }

  relationModel(relationId: string): string {
    this.relationApplication(relationId);
    return own(this.relationModels, relationId) ?? '';
  }

  applicationStatusGet(): ApplicationStatusAnswer {
    const why = `finding application status: ${NOT_THE_LEADER}`;
    if (!this.isLeader()) refuse(['status-get', '--application'], why);
    return { ...this.applicationStatus, units: structuredClone(this.unitStatuses) };
  }

  reboot({ now = false }: { readonly now?: boolean } = {}): void {
    if (this.action) refuse(['juju-reboot'], 'juju-reboot is not supported when running an action.');
    if (now) this.reboots = [...this.reboots, 'now'];
    else this.#pending = { ...this.#pending, reboots: ['after'] };
  }

  #runningAction(tool: string): MemoryAction {
    return this.action ?? refuse([tool], 'not running an action');
  }
}
