import type { BagOwner, HookTools, LogLevel, NetworkAnswer, RawBag, StatusAnswer } from './hook-tools.ts';
import { keyValueArguments } from './key-values.ts';
import { MemoryModelTools } from './memory-model-tools.ts';
import { closePort, listPorts, type MemoryPorts, openPort } from './memory-ports.ts';
import { NOT_THE_LEADER, own, refuse } from './memory-refusal.ts';
import { copyBag } from './tool-answers.ts';

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
  ports: MemoryPorts = [];
  status: StatusAnswer = { status: 'unknown', message: '' };
  applicationVersion = '';
  readonly logged: { readonly level: LogLevel; readonly message: string }[] = [];
  #pendingBags: Record<string, OwnBags> = {};
  #pendingPorts: MemoryPorts | undefined;

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

  /** Everything is at hand. */
  askAhead(_ask: (tools: HookTools) => void): void {}

  askNextTime(_ask: (tools: HookTools) => void): void {}

  /** Each call is done when it returns. */
  settle(): void {}

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
    if (!bag) refuse(['relation-get', '-r', owner.relationId, '-', owner.member], 'permission denied');
    return copyBag(bag);
  }

  relationSet(target: { readonly relationId: string; readonly app?: boolean }, settings: RawBag): void {
    const { relationId, app } = target;
    this.#relation('relation-set', relationId);
    if (app && !this.model.isLeader) refuse(['relation-set', '--app'], 'cannot write relation settings');
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
    else refuse(['status-set', '--application'], NOT_THE_LEADER);
  }

  statusGet(): StatusAnswer {
    return { ...this.status };
  }

  applicationVersionSet(version: string): void {
    this.applicationVersion = version;
  }

  isLeader(): boolean {
    return this.model.isLeader;
  }

  leaderGet(): RawBag {
    return copyBag(this.model.leaderSettings);
  }

  leaderSet(settings: RawBag): void {
    keyValueArguments('leader-set', settings);
    if (!this.model.isLeader) {
      refuse(['leader-set'], 'cannot write leadership settings: cannot write settings: not the leader');
    }
    const trimmed = Object.entries(settings).map(([key, value]) => [key.trim(), value.trim()]);
    this.model.leaderSettings = merge(this.model.leaderSettings, Object.fromEntries(trimmed));
  }

  openPort(spec: string, { endpoints }: { readonly endpoints?: readonly string[] } = {}): void {
    this.#pendingPorts = openPort(this.#openPorts, spec, endpoints);
  }

  closePort(spec: string, { endpoints }: { readonly endpoints?: readonly string[] } = {}): void {
    this.#pendingPorts = closePort(this.#openPorts, spec, endpoints);
  }

  openedPorts(): string[] {
    return listPorts(this.#openPorts);
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
    return this.model.address || refuse(['unit-get', which], `${which.replace('-', ' ')} not found`);
  }

  log(message: string, level: LogLevel): void {
    this.logged.push({ level, message });
  }

  get #openPorts(): MemoryPorts {
    return this.#pendingPorts ?? this.ports;
  }

  #relation(tool: string, relationId: string): MemoryRelation {
    const { relations } = this.model;
    const why = `invalid value "${relationId}" for option -r: relation not found`;
    return own(relations, relationId) ?? refuse([tool, '-r', relationId], why, 2);
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

/** An empty value removes its key. */
function merge(bag: RawBag, settings: RawBag): RawBag {
  const merged: Record<string, string> = Object.assign(Object.create(null), bag);
  for (const [key, value] of Object.entries(settings)) {
    if (value === '') delete merged[key];
    else merged[key] = value;
  }
  return merged;
}
