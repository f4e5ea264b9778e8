import type { ActionTools } from './action-tools.ts';
import type { ModelTools } from './model-tools.ts';
import type { SecretTools } from './secret-tools.ts';
import type { StateTools } from './state-tools.ts';
import type { StorageTools } from './storage-tools.ts';

/** What Juju lets a charm say about its workload (`status-set`). */
export type WorkloadStatus = 'maintenance' | 'blocked' | 'waiting' | 'active';

/** Levels of `juju-log`, lowest first. */
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** One relation databag as Juju keeps it: strings only, and no empty values. */
export type RawBag = Readonly<Record<string, string>>;

/** Whose databag in a relation: a unit (`redis/0`), or with `app` the application itself (`redis`). */
export interface BagOwner {
  readonly relationId: string;
  /** A unit's name, or the application's name when `app` is true. */
  readonly member: string;
  readonly app?: boolean;
}

/** A workload status as `status-get --include-data` answers it. */
export interface StatusAnswer {
  readonly status: string;
  readonly message: string;
}

/** The addresses of a binding, as `network-get --format=json` answers them. */
export interface NetworkAnswer {
  readonly 'bind-addresses'?: readonly {
    readonly 'interface-name'?: string;
    readonly 'mac-address'?: string;
    readonly addresses?: readonly {
      readonly hostname?: string;
      readonly value: string;
      readonly cidr?: string;
    }[];
  }[];
  readonly 'ingress-addresses'?: readonly string[];
  readonly 'egress-subnets'?: readonly string[];
}

/**
 * The hook tools Juju puts on a charm's PATH, one method each, synchronous.
 *
 * Two implementations stand beside this file as equals: `ProcessTools` (one process a call, as on a unit) and
 * `MemoryTools` (a model in memory, for tests). Neither caches. Every method throws `HookToolError` when the tool
 * fails; what is buffered until the hook succeeds and what lands at once is Juju's rule, named where it matters.
 */
export interface HookTools extends StorageTools, StateTools, ActionTools, SecretTools, ModelTools {
  /**
   * Begins to ask what is about to be asked, all at once, where that is faster: `ask` calls the questions' methods and ignores
   * what they answer. Call it again with others when more is known.
   */
  askAhead(ask: (tools: HookTools) => void): void;
  /** Has the next hook begin to ask this before anything else, where that can be: the same as `askAhead`, even earlier. */
  askNextTime(ask: (tools: HookTools) => void): void;
  /**
   * Waits for what the tools were told and did not wait for (`statusSet`, `log`).
   * @throws HookToolError for the first of it that failed.
   */
  settle(): void;

  /** `relation-ids ENDPOINT`: ids such as `db:3`, in Juju's (textual) order; empty for an unknown endpoint. */
  relationIds(endpoint: string): string[];
  /** `relation-list -r ID`: remote units seen as joined; without the unit of a departed hook. */
  relationList(relationId: string): string[];
  /** `relation-list --app -r ID`: the remote application (our own for a peer relation); undefined if unknown. */
  relationApplication(relationId: string): string | undefined;
  /** `relation-get - MEMBER`: a whole bag; undefined where Juju answers null or refuses the call as malformed. */
  relationGet(owner: BagOwner): RawBag | undefined;
  /** `relation-set`: merges `settings` into our own bag, `''` removes a key. Buffered until the hook succeeds. */
  relationSet(target: { readonly relationId: string; readonly app?: boolean }, settings: RawBag): void;

  /** `config-get --all`: every option; those never set and without default are null. Values keep their JSON types. */
  configGet(): Record<string, unknown>;

  /** `status-set`: at once, and kept even when the hook fails later. */
  statusSet(status: WorkloadStatus, message: string, options?: { readonly application?: boolean }): void;
  /** `status-get --include-data`. */
  statusGet(): StatusAnswer;
  /** `application-version-set`: at once. */
  applicationVersionSet(version: string): void;

  /** `is-leader`: true promises leadership for 30 seconds. */
  isLeader(): boolean;
  /** `leader-get -`: the leader's settings. */
  leaderGet(): RawBag;
  /** `leader-set`: at once; `''` removes a key. Throws when this unit is not the leader. */
  leaderSet(settings: RawBag): void;

  /**
   * `open-port SPEC`, SPEC such as `80`, `80/tcp`, `1000-2000/udp`, `icmp`; for some endpoints only where they are named.
   * Buffered until the hook succeeds.
   */
  openPort(spec: string, options?: { readonly endpoints?: readonly string[] }): void;
  /** `close-port SPEC`; closing what is not open does nothing. Buffered until the hook succeeds. */
  closePort(spec: string, options?: { readonly endpoints?: readonly string[] }): void;
  /** `opened-ports`: specs such as `80/tcp`, with this hook's own pending changes. */
  openedPorts(): string[];

  /** `network-get BINDING`: the binding's addresses, of one relation where `relationId` is given. */
  networkGet(binding: string, options?: { readonly relationId?: string }): NetworkAnswer;
  /** `unit-get`: throws when the address is not known. */
  unitGet(which: 'private-address' | 'public-address'): string;

  /** `juju-log`: at once. Long messages are split by the implementation, never cut. */
  log(message: string, level: LogLevel): void;
}
