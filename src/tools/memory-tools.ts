import { HookToolError } from './errors.ts';
import type { BagOwner, HookTools, LogLevel, NetworkAnswer, RawBag, StatusAnswer } from './hook-tools.ts';
import { MemoryModelTools } from './memory-model-tools.ts';

/** One relation as this unit sees it. */
export interface MemoryRelation {
  /** The remote application (our own in a peer relation). */
  readonly application: string;
  /** Units that joined, to their databags. */
  readonly units: Readonly<Record<string, RawBag>>;
  /** Units that left but can still be read, to their databags. */
  readonly departed?: Readonly<Record<string, RawBag>>;
  /** The remote application's databag. */
  readonly applicationBag?: RawBag;
}

/** What Juju would answer; change it between hooks. */
export interface MemoryModel {
  readonly unit: string;
  isLeader: boolean;
  relations: Readonly<Record<string, MemoryRelation>>;
  config: Readonly<Record<string, unknown>>;
  leaderSettings: RawBag;
  /** The address that network-get and unit-get answer. */
  address: string;
}

interface OwnBags {
  unit: RawBag;
  app: RawBag;
}

/**
 * The hook tools over a model in memory, with Juju's rules: what Juju holds back until a hook succeeds is held back
 * here until `commit`, and dropped by `rollback`; a status, a version and the leader's settings are kept at once.
 */
export class MemoryTools extends MemoryModelTools implements HookTools {
  readonly model: MemoryModel;
  /** What this unit and, where it leads, its application published, by relation. */
  published: Record<string, OwnBags> = {};
  ports: readonly string[] = [];
  status: StatusAnswer = { status: 'unknown', message: '' };
  applicationVersion = '';
  readonly logged: { readonly level: LogLevel; readonly message: string }[] = [];
  #pendingBags: Record<string, OwnBags> = {};
  #pendingPorts: readonly string[] | undefined;

  constructor(model: Partial<MemoryModel> & { readonly unit: string }) {
    super();
    this.model = {
      isLeader: false,
      relations: {},
      config: {},
      leaderSettings: {},
      address: '127.0.0.1',
      ...model,
    };
  }

  /** Ends a hook that succeeded. */
  commit(): void {
    this.published = { ...this.published, ...this.#pendingBags };
    this.ports = this.#pendingPorts ?? this.ports;
    this.commitModel();
    this.rollback();
  }

  /** Ends a hook that failed. */
  rollback(): void {
    this.rollbackModel();
    this.#pendingBags = {};
    this.#pendingPorts = undefined;
  }

  relationIds(endpoint: string): string[] {
    return Object.keys(this.model.relations)
      .filter((id) => id.startsWith(`${endpoint}:`))
      .sort();
  }

  relationList(relationId: string): string[] {
    return Object.keys(this.#relation('relation-list', relationId).units).sort();
  }

  relationApplication(relationId: string): string | undefined {
    return this.#relation('relation-list', relationId).application;
  }

  relationGet(owner: BagOwner): RawBag | undefined {
    const relation = this.#relation('relation-get', owner.relationId);
    if (!owner.app && !owner.member.includes('/')) return undefined;
    const bag = owner.app ? this.#applicationBag(relation, owner) : this.#unitBag(relation, owner);
    if (!bag) throw refusal(['relation-get', '-r', owner.relationId, '-', owner.member], 'permission denied');
    return copy(bag);
  }

  relationSet(target: { readonly relationId: string; readonly app?: boolean }, settings: RawBag): void {
    const { relationId, app } = target;
    this.#relation('relation-set', relationId);
    if (app && !this.model.isLeader)
      throw refusal(['relation-set', '--app'], 'cannot write relation settings');
    const now = this.#ownBags(relationId);
    const side = app ? 'app' : 'unit';
    this.#pendingBags[relationId] = { ...now, [side]: merge(now[side], settings) };
  }

  configGet(): Record<string, unknown> {
    return structuredClone({ ...this.model.config });
  }

  statusSet(status: string, message: string, options: { readonly application?: boolean } = {}): void {
    if (!options.application) this.status = { status, message };
    else if (this.model.isLeader) this.applicationStatus = { status, message };
    else throw refusal(['status-set', '--application'], 'this unit is not the leader');
  }

  statusGet(): StatusAnswer {
    return this.status;
  }

  applicationVersionSet(version: string): void {
    this.applicationVersion = version;
  }

  isLeader(): boolean {
    return this.model.isLeader;
  }

  leaderGet(): RawBag {
    return copy(this.model.leaderSettings);
  }

  leaderSet(settings: RawBag): void {
    if (!this.model.isLeader) {
      throw refusal(
        ['leader-set'],
        'cannot write leadership settings: cannot write settings: not the leader',
      );
    }
    const trimmed = Object.entries(settings).map(([key, value]) => [key.trim(), value.trim()]);
    this.model.leaderSettings = merge(this.model.leaderSettings, Object.fromEntries(trimmed));
  }

  openPort(spec: string): void {
    const port = portName(spec);
    if (!this.openedPorts().includes(port)) this.#pendingPorts = [...this.openedPorts(), port];
  }

  closePort(spec: string): void {
    const port = portName(spec);
    this.#pendingPorts = this.openedPorts().filter((open) => open !== port);
  }

  openedPorts(): string[] {
    return [...(this.#pendingPorts ?? this.ports)].sort(comparePorts);
  }

  networkGet(_binding: string, _options?: { readonly relationId?: string }): NetworkAnswer {
    const { address } = this.model;
    return {
      'bind-addresses': [{ 'interface-name': 'lo', addresses: [{ value: address, cidr: `${address}/32` }] }],
      'ingress-addresses': [address],
      'egress-subnets': [`${address}/32`],
    };
  }

  unitGet(which: 'private-address' | 'public-address'): string {
    return this.model.address || refuseAddress(which);
  }

  log(message: string, level: LogLevel): void {
    this.logged.push({ level, message });
  }

  #relation(tool: string, relationId: string): MemoryRelation {
    const { relations } = this.model;
    const relation = Object.hasOwn(relations, relationId) ? relations[relationId] : undefined;
    if (relation) return relation;
    throw refusal(
      [tool, '-r', relationId],
      `invalid value "${relationId}" for option -r: relation not found`,
      2,
    );
  }

  #unitBag(relation: MemoryRelation, { relationId, member }: BagOwner): RawBag | undefined {
    if (member === this.model.unit) return this.#ownBags(relationId).unit;
    return own(relation.units, member) ?? own(relation.departed ?? {}, member);
  }

  /** Our own application's bag is for the leader to read, except in a peer relation. */
  #applicationBag(relation: MemoryRelation, { relationId, member }: BagOwner): RawBag | undefined {
    const isOurs = member === this.model.unit.split('/')[0];
    if (isOurs && (this.model.isLeader || relation.application === member)) {
      return this.#ownBags(relationId).app;
    }
    return !isOurs && member === relation.application ? (relation.applicationBag ?? {}) : undefined;
  }

  #ownBags(relationId: string): OwnBags {
    const { unit, app } = this.#pendingBags[relationId] ??
      this.published[relationId] ?? { unit: {}, app: undefined };
    return { unit, app: app ?? this.#peerBag(relationId) };
  }

  /** Among peers the application's bag, as whoever leads wrote it, is our own application's. */
  #peerBag(relationId: string): RawBag {
    const relation = this.model.relations[relationId];
    const isPeer = relation?.application === this.model.unit.split('/')[0];
    return isPeer ? (relation?.applicationBag ?? {}) : {};
  }
}

function refusal(command: readonly string[], why: string, exitCode = 1): HookToolError {
  return new HookToolError({ command, exitCode, stderr: `ERROR ${why}\n` });
}

function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function copy(bag: RawBag): RawBag {
  return Object.assign(Object.create(null), bag);
}

/** An empty value removes its key. */
function merge(bag: RawBag, settings: RawBag): RawBag {
  const merged: Record<string, string> = Object.assign(Object.create(null), bag);
  for (const [key, value] of Object.entries(settings)) {
    if (value === '') delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

function refuseAddress(which: string): never {
  throw refusal(['unit-get', which], `${which.replace('-', ' ')} not found`);
}

const PORT = /^(?:(\d+)(?:-(\d+))?(?:\/(tcp|udp))?|(icmp))$/;

function portName(spec: string): string {
  const port = spec.toLowerCase();
  const [, first, last, protocol = 'tcp', icmp] = PORT.exec(port) ?? [];
  const numbers = [first, last ?? first].map(Number) as [number, number];
  const isPort = first !== undefined && numbers[0] <= numbers[1] && numbers[1] <= 65535;
  if (!icmp && !isPort) throw refusal(['open-port', spec], `invalid port "${spec}"`, 2);
  return icmp ?? `${last === undefined ? first : `${first}-${last}`}/${protocol}`;
}

/** By protocol, then by number, as opened-ports lists them; icmp has no number. */
function comparePorts(a: string, b: string): number {
  const [left, right] = [a, b].map((port) => port.split('/'));
  const [leftProtocol, rightProtocol] = [left?.[1] ?? 'icmp', right?.[1] ?? 'icmp'];
  if (leftProtocol !== rightProtocol) return leftProtocol < rightProtocol ? -1 : 1;
  return Number.parseInt(left?.[0] ?? '0', 10) - Number.parseInt(right?.[0] ?? '0', 10);
}
