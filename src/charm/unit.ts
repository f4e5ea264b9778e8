import type { RelationBase } from '../conversations/relation-base.ts';
import type { RelationBaseSet } from '../conversations/relation-base-set.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { EndpointSet } from '../endpoints/endpoint-set.ts';
import { manageConfigFlags } from '../flags/config-flags.ts';
import type { FlagRegistry, Flags } from '../flags/flag-registry.ts';
import type { WatchedFile } from '../handlers/condition.ts';
import { matchesHook } from '../handlers/hook-pattern.ts';
import type { HookContext } from '../hook/environment.ts';
import { dispatchedName } from '../hook/hook-name.ts';
import type { CharmMetadata } from '../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../metadata/config-options.ts';
import { dataChanged, type HashOptions, isDataChanged } from '../relations/data-changes.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { HookTools, WorkloadStatus } from '../tools/hook-tools.ts';
import type { Config } from './config.ts';
import { INVOKED_PREFIX } from './gates.ts';
import type { Log } from './log.ts';
import { anyFileChanged } from './watched-files.ts';

/**
 * Says how the workload is doing; at once, and kept even when the hook fails later (Juju's rule). With layer:status in the
 * charm, what was said is collected, and the worst of it set at the end of the hook.
 */
export interface UnitStatus {
  active(message?: string): void;
  waiting(message: string): void;
  blocked(message: string): void;
  maintenance(message: string): void;
}

/** The ports the unit opens to the outside once the application is exposed. Changes land when the hook succeeds. */
export interface UnitPorts {
  /** Opens a port: a number (TCP), or a spec such as `8080/tcp`, `1000-2000/udp`, `icmp`. */
  open(port: number | string): void;
  /** Closes a port; one that is not open is fine. */
  close(port: number | string): void;
  /** What is open, this hook's own changes included: `['8080/tcp']`. */
  list(): string[];
}

/** A status that the charm's code asked for. */
export interface StatusWish {
  readonly status: WorkloadStatus;
  readonly message: string;
  /** The layer whose handler asked; absent where none runs. */
  readonly layer?: string;
}

/** What a Unit is made of. */
export interface UnitParts {
  readonly hook: HookContext;
  readonly metadata: CharmMetadata;
  readonly configOptions: ConfigOptions;
  readonly options: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** The names of the charm's layers, base layers first. */
  readonly layers: readonly string[];
  readonly flags: FlagRegistry;
  readonly store: UnitData;
  readonly config: Config;
  readonly tools: HookTools;
  readonly log: Log;
  readonly endpoints: EndpointSet;
  readonly relationBases: RelationBaseSet;
  /** What `atExit` collects. */
  readonly exitCallbacks: (() => void | Promise<void>)[];
}

/** Thrown by `endHook` to leave the handler that called it. */
export class HookEnd extends Error {
  override readonly name = 'HookEnd';

  constructor() {
    super('the hook was ended by its charm');
  }
}

/** The unit this charm runs on, in one hook: everything a handler touches hangs off it. */
export class Unit {
  readonly #parts: UnitParts;
  readonly status: UnitStatus;
  readonly ports: UnitPorts;
  #collectStatus: (wish: StatusWish) => void;

  constructor(parts: UnitParts) {
    this.#parts = parts;
    this.#collectStatus = ({ status, message }) => parts.tools.statusSet(status, message);
    this.status = makeStatus((status, message) => this.#sayStatus(status, message));
    this.ports = makePorts(parts.tools);
  }

  /** `guestbook/0`. */
  get name(): string {
    return this.#parts.hook.unit;
  }

  /** `guestbook`. */
  get application(): string {
    return this.#parts.hook.application;
  }

  /** What Juju said about this hook. */
  get hook(): HookContext {
    return this.#parts.hook;
  }

  /** The charm's metadata.yaml. */
  get metadata(): CharmMetadata {
    return this.#parts.metadata;
  }

  get flags(): Flags {
    return this.#parts.flags;
  }

  /** The unit's own data, which lasts from hook to hook. */
  get kv(): UnitData {
    return this.#parts.store;
  }

  get config(): Config {
    return this.#parts.config;
  }

  /** The hook tools, for what has no better way. */
  get tools(): HookTools {
    return this.#parts.tools;
  }

  get log(): Log {
    return this.#parts.log;
  }

  /** Whether this unit leads its application; a true answer holds for 30 seconds. */
  get isLeader(): boolean {
    return this.#parts.tools.isLeader();
  }

  /** The names of the charm's layers that have handlers, base layers first; the charm's own is the last. */
  get layers(): readonly string[] {
    return this.#parts.layers;
  }

  /** The options layer.yaml gives a layer; empty when it gives none. */
  layerOptions(layer: string): Readonly<Record<string, JsonValue>> {
    return Object.hasOwn(this.#parts.options, layer) ? (this.#parts.options[layer] ?? {}) : {};
  }

  /**
   * An endpoint of the charm, as the interface class that implements it. A RelationBase speaks for all of its
   * conversations.
   *
   * @throws Error when metadata.yaml has no endpoint of that name, or another class implements it.
   */
  endpoint<E extends Endpoint>(name: string, type: abstract new (...parts: never[]) => E): E;
  endpoint<R extends RelationBase>(name: string, type: abstract new (...parts: never[]) => R): R;
  endpoint(
    name: string,
    type: abstract new (...parts: never[]) => Endpoint | RelationBase,
  ): Endpoint | RelationBase {
    const endpoint = this.findEndpoint(name);
    if (!endpoint) {
      const names =
        this.metadata.endpoints.map((declaration) => `"${declaration.name}"`).join(', ') || 'none';
      throw new Error(`cannot find the endpoint "${name}": metadata.yaml has ${names}`);
    }
    if (endpoint instanceof type) return endpoint;
    const { role, interface: interfaceName } = endpoint.declaration;
    throw new Error(
      `cannot use the endpoint "${name}" as ${type.name}: it ${role} "${interfaceName}", ` +
        `which is implemented by ${endpoint.constructor.name}; does layer.yaml include interface:${interfaceName}?`,
    );
  }

  /** The endpoint of that name, whatever implements it; undefined when metadata.yaml has none. */
  findEndpoint(name: string): Endpoint | RelationBase | undefined {
    return this.#parts.relationBases.fromName(name) ?? this.#parts.endpoints.get(name);
  }

  /**
   * The endpoint a set flag belongs to: for a flag that conversations set, their RelationBase, which speaks for those
   * conversations; else `endpoint.db.available` and `db.available` both give the Endpoint `db`. Undefined when the flag is
   * not set, or names no endpoint.
   */
  endpointFromFlag(flag: string): Endpoint | RelationBase | undefined {
    const relation = this.#parts.relationBases.fromFlag(flag);
    if (relation) return relation;
    if (!this.flags.isSet(flag) || !flag.includes('.')) return undefined;
    const [first = '', second = ''] = flag.split('.');
    return this.#parts.endpoints.get(first === 'endpoint' ? second : first);
  }

  /** Has whatever `status` is told from now on go to a function, and not to Juju; layer:status calls it. */
  collectStatus(collect: (wish: StatusWish) => void): void {
    this.#collectStatus = collect;
  }

  /** Whether a value differs from the one given under this id the last time, and remembers it. */
  dataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return dataChanged(this.kv, id, value, options);
  }

  /** Like `dataChanged`, but remembers nothing. */
  isDataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return isDataChanged(this.kv, id, value, options);
  }

  /**
   * Whether one of the files is not as it was the last time this was asked, by anyone, and remembers how they are. A
   * handler that should run when a file changes waits for `whenFileChanged` instead.
   * @throws Error when a file is there but cannot be read.
   */
  anyFileChanged(files: readonly WatchedFile[], { hash = 'md5' }: HashOptions = {}): boolean {
    return anyFileChanged({ files, hash, charmDir: this.hook.charmDir, store: this.kv });
  }

  /** Whether `markInvoked` was called with this id, in this hook or an earlier one that succeeded. */
  wasInvoked(id: string): boolean {
    return this.kv.get(INVOKED_PREFIX + id) === true;
  }

  /** Remembers that something was done, for `wasInvoked`. */
  markInvoked(id: string): void {
    this.kv.set(INVOKED_PREFIX + id, true);
  }

  /** Whether this hook, or action, fits one of the patterns, which are those of the condition `hook`. */
  isHook(...patterns: string[]): boolean {
    return matchesHook(dispatchedName(this.hook), patterns, this.metadata.endpoints);
  }

  /**
   * Has something done at the end of this hook if it goes well, before relation data is published and anything is stored.
   * What was asked for last is done first, and all of it before the layers' own `atExit`.
   */
  atExit(callback: () => void | Promise<void>): void {
    this.#parts.exitCallbacks.push(callback);
  }

  /**
   * Ends the hook here, well: no further handler runs, and what was done so far is published and stored, as when
   * `sys.exit(0)` is called in the reference.
   * @throws HookEnd always; do not catch it.
   */
  endHook(): never {
    throw new HookEnd();
  }

  /** Tells Juju the version of the workload, at once. */
  setApplicationVersion(version: string): void {
    this.tools.applicationVersionSet(version);
  }

  /** The unit's own address, `unit-get private-address`. @throws HookToolError when Juju knows none. */
  get address(): string {
    return this.tools.unitGet('private-address');
  }

  /**
   * The address on which a server for an endpoint listens.
   * @throws Error when Juju knows none.
   */
  bindAddress(endpoint: string): string {
    const { 'bind-addresses': devices = [] } = this.tools.networkGet(endpoint);
    const [address] = devices.flatMap(({ addresses = [] }) => addresses);
    return address?.value || this.ingressAddress(endpoint);
  }

  /**
   * The address under which the other side of an endpoint reaches this unit.
   * @throws Error when Juju knows none.
   */
  ingressAddress(endpoint: string): string {
    const address = this.tools.networkGet(endpoint)['ingress-addresses']?.[0];
    if (!address)
      throw new Error(`cannot find an address for the endpoint "${endpoint}": network-get gives none`);
    return address;
  }

  /** Sets the flags `config.changed…`, `config.set…` and `config.default…` for this hook; layer:basic calls it. */
  manageConfigFlags(): void {
    const { flags, config, configOptions } = this.#parts;
    const defaults = Object.fromEntries(
      Object.entries(configOptions).map(([name, option]) => [name, option.default]),
    );
    manageConfigFlags(flags, { defaults, current: config.current, previous: config.previous });
  }

  #sayStatus(status: WorkloadStatus, message: string): void {
    const layer = this.#runningLayer();
    this.#collectStatus({ status, message, ...(layer === undefined ? {} : { layer }) });
  }

  /** A handler's id begins with its layer's name. */
  #runningLayer(): string | undefined {
    const { cause } = this.#parts.flags;
    if (cause.kind !== 'handler') return undefined;
    const name = cause.handler.slice(0, cause.handler.lastIndexOf('.'));
    return this.layers.includes(name) ? name : undefined;
  }
}

function makeStatus(say: (status: WorkloadStatus, message: string) => void): UnitStatus {
  return {
    active: (message = '') => say('active', message),
    waiting: (message) => say('waiting', message),
    blocked: (message) => say('blocked', message),
    maintenance: (message) => say('maintenance', message),
  };
}

function makePorts(tools: HookTools): UnitPorts {
  return {
    open: (port) => tools.openPort(String(port)),
    close: (port) => tools.closePort(String(port)),
    list: () => tools.openedPorts(),
  };
}
