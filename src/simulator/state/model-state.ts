import type { CharmMetadata } from '../../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../../metadata/config-options.ts';
import type { HookInfo } from '../agent/hook-info.ts';

/**
 * What a model knows, as plain data: nothing here is a process, a socket or an object with methods, so that it can be
 * written down and read back. Units' files are the only other part of a model.
 */
export interface ModelState {
  readonly name: string;
  readonly uuid: string;
  /** Decides the order in which relations, and units, take their turns. */
  readonly seed: number;
  readonly addresses: AddressPlan;
  nextRelation: number;
  nextMachine: number;
  readonly applications: Record<string, ApplicationState>;
  readonly units: Record<string, UnitState>;
  /** By relation id. */
  readonly relations: Record<string, RelationState>;
}

/** Whether every unit is at 127.0.0.1, or each has a loopback address of its own. */
export type AddressPlan = 'loopback' | 'per-unit';

/** As Juju has it: what is dying finishes its hooks, and is then gone. */
export type Life = 'alive' | 'dying';

/** A relation databag, or leader settings: strings only, and no empty values. */
export type Bag = Record<string, string>;

/** A bag with the revision that Juju compares to tell whether others must hear of it. */
export interface VersionedBag {
  settings: Bag;
  version: number;
}

/** A value of a config option, in the type of the option. */
export type ConfigValue = string | number | boolean;

/** A status with the time it was set (ISO 8601) and, for a hook error, which hook it was. */
export interface StatusRecord {
  readonly status: string;
  readonly message: string;
  readonly since: string;
  readonly data?: Readonly<Record<string, string | number>>;
}

/** A charm as it was when it was deployed. */
export interface CharmState {
  readonly metadata: CharmMetadata;
  readonly options: ConfigOptions;
  /** A copy of the charm, inside the model's folder. */
  readonly folder: string;
}

/** An application: what its units share. */
export interface ApplicationState {
  readonly name: string;
  readonly charm: CharmState;
  life: Life;
  /** What was set, without defaults. */
  config: Record<string, ConfigValue>;
  leader: string | null;
  readonly leaderSettings: VersionedBag;
  /** What `application-version-set` said. */
  workloadVersion: string;
  /** Set by the leader; null while it is derived from the units. */
  status: StatusRecord | null;
  nextUnit: number;
}

/** An open port or range; 0 to 0 for icmp. */
export interface PortRange {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** An endpoint, or `''` for all. */
  readonly endpoint: string;
}

/** A unit: what the model knows of it, and what its agent remembers. */
export interface UnitState {
  readonly name: string;
  readonly application: string;
  readonly machine: string;
  readonly address: string;
  /** The agent's folder, with the charm in `charm`. */
  readonly folder: string;
  life: Life;
  workload: StatusRecord;
  /** Oldest first, the present one last. */
  readonly workloadHistory: StatusRecord[];
  ports: PortRange[];
  /** What `state-set` keeps; null while nothing ever was. */
  charmState: Bag | null;
  readonly agent: AgentState;
}

/** What a unit's agent has done and seen, which is not always how the model is by now. */
export interface AgentState {
  status: StatusRecord;
  installed: boolean;
  startQueued: boolean;
  started: boolean;
  stopped: boolean;
  removed: boolean;
  /** Of the config and addresses that the last config-changed saw; null before the first. */
  configHash: string | null;
  /** Whether leader-elected has run in this tenure. */
  leader: boolean;
  /** Of the leader settings last announced to this unit as a follower; null before the first. */
  leaderVersion: number | null;
  /** Whether the charm ever set its status. */
  statusSet: boolean;
  /** By relation id: the relations whose scope this unit has entered and not left. */
  readonly relations: Record<string, RelationKnowledge>;
  /** The hook that failed, which blocks the unit until it is resolved. */
  failed: { readonly hook: HookInfo; retry: boolean } | null;
  /** Hooks asked for by hand, next first. */
  readonly fired: HookInfo[];
  /** Counts hooks, so that a seeded order differs from one to the next. */
  hooksRun: number;
}

/** What a unit has been told about a relation by hooks. */
export interface RelationKnowledge {
  created: boolean;
  /** Units that joined and did not depart, with the settings version last announced. */
  readonly members: Record<string, number>;
  /** The unit whose joined hook ran last, until its changed hook has run too. */
  changedPending: string | null;
  /** The version of the remote application's bag last announced. */
  applicationVersion: number;
  /** Settings of members as first read, kept from hook to hook until their next joined or changed hook. */
  readonly cache: Record<string, Bag>;
}

/** One side of a relation. */
export interface RelationEndpoint {
  readonly application: string;
  readonly name: string;
  readonly role: 'provides' | 'requires' | 'peers';
  readonly interface: string;
  /** The `juju-info` that Juju adds to every charm: it fires no hooks. */
  readonly implicit: boolean;
}

/** A relation between two applications, or among the units of one. */
export interface RelationState {
  readonly id: number;
  /** The requirer first; a single one for a peer relation. */
  readonly endpoints: readonly RelationEndpoint[];
  life: Life;
  /** Every unit that ever entered: its bag outlives its part in the relation. */
  readonly units: Record<string, RelationUnitState>;
  readonly applications: Record<string, VersionedBag>;
}

/** A unit's bag in a relation, and whether the unit is in it still. */
export interface RelationUnitState extends VersionedBag {
  inScope: boolean;
}
