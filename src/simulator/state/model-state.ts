import type { ActionDefinition } from '../../metadata/actions.ts';
import type { CharmMetadata } from '../../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../../metadata/config-options.ts';
import type { HookInfo } from '../agent/hook-info.ts';
import type { SecretState } from './secret-state.ts';
import type { StorageState } from './storage-state.ts';
import type { TaskState } from './task-state.ts';

/**
 * What a model knows, as plain data: nothing here is a process, a socket or an object with methods, so that it can be
 * written down and read back. Units' files are the only other part of a model.
 */
export interface ModelState {
  readonly name: string;
  readonly uuid: string;
  /** Decides the order in which relations, and units, take their turns. */
  seed: number;
  readonly addresses: AddressPlan;
  /** Where units' own addresses begin; 127.0.0.0 if not given. */
  readonly addressBase?: string;
  /** Where sources about Juju disagree, which one is followed. */
  readonly rules: ModelRules;
  /** Whether hooks may change the machine that the model runs on. */
  readonly host: boolean;
  nextRelation: number;
  nextMachine: number;
  nextStorage: number;
  /** Operations and tasks share it (Juju's rule). */
  nextTask: number;
  readonly machines: Record<string, MachineState>;
  readonly applications: Record<string, ApplicationState>;
  readonly units: Record<string, UnitState>;
  /** By relation id. */
  readonly relations: Record<string, RelationState>;
  /** By id, without `secret:`. */
  readonly secrets: Record<string, SecretState>;
  /** By id, `data/0`. */
  readonly storage: Record<string, StorageState>;
  /** Actions and commands that were asked for, by id. */
  readonly tasks: Record<string, TaskState>;
}

/** Rules on which Juju's documents and its source disagree. The source is followed where nothing else is said. */
export interface ModelRules {
  /** Whether an endpoint's `limit` is enforced (Juju's source: yes; some of its documents: no). */
  readonly enforceLimits: boolean;
  /** Whether units are kept from reading what the documents say they may not: a sibling's bag in an ordinary relation. */
  readonly strictReads: boolean;
}

/** A machine: its units share its lock, so that only one of their hooks runs at a time. */
export interface MachineState {
  readonly id: string;
  readonly address: string;
  /** ISO 8601. */
  readonly since: string;
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
  /** Of actions.yaml, by name. */
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  /** A copy of the charm, inside the model's folder. */
  readonly folder: string;
  /** 0 for what was deployed first, one more for each refresh. */
  readonly revision: number;
  /** What manifest.yaml says it runs on; undefined where it says nothing. */
  readonly base?: { readonly name: string; readonly channel: string };
  /** Whether it has a metrics.yaml, and so collect-metrics hooks. */
  readonly hasMetrics: boolean;
}

/** A file that was given to an application for one of its charm's resources. */
export interface ResourceState {
  /** A copy inside the model's folder. */
  readonly file: string;
  /** 0 for what came with the deployment, one more for each attach-resource. */
  readonly revision: number;
  readonly size: number;
  /** SHA-384 of the file, in hex. */
  readonly fingerprint: string;
}

/** An application: what its units share. */
export interface ApplicationState {
  readonly name: string;
  charm: CharmState;
  /** Counts what makes upgrade-charm due: each refresh and each attached resource. */
  charmModified: number;
  life: Life;
  exposed: boolean;
  /** Whether the charm may ask for the cloud's credentials. */
  trust: boolean;
  readonly resources: Record<string, ResourceState>;
  /** How many instances of each storage a new unit gets. */
  readonly storageCounts: Record<string, number>;
  /** What was set, without defaults. */
  config: Record<string, ConfigValue>;
  leader: string | null;
  readonly leaderSettings: VersionedBag;
  /** What `application-version-set` said. */
  workloadVersion: string;
  /** Set by the leader; null while it is derived from the units. */
  status: StatusRecord | null;
  /** What the leader set, oldest first. */
  readonly statusHistory: StatusRecord[];
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
  /** For a unit of a subordinate application: the unit it lives beside. */
  readonly principal: string | null;
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
  /** What payload-register keeps, by `class/id`. */
  readonly payloads: Record<string, PayloadState>;
  /** What add-metric said, oldest first. */
  readonly metrics: MetricState[];
  readonly agent: AgentState;
}

/** A payload that a charm told of. */
export interface PayloadState {
  readonly type: string;
  status: 'starting' | 'running' | 'stopping' | 'stopped';
  readonly tags: readonly string[];
}

/** What was measured in one call of add-metric. */
export interface MetricState {
  readonly time: string;
  readonly values: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a unit's agent has done and seen, which is not always how the model is by now. */
export interface AgentState {
  status: StatusRecord;
  /** The agent's statuses, oldest first, the present one last. */
  readonly history: StatusRecord[];
  installed: boolean;
  /** What must run directly after the hook before it: start after the first config-changed, config-changed after upgrade-charm. */
  queued: 'start' | 'config-changed' | null;
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
  /** The hook or task that runs now, with its process group: one found here when the model is opened was cut off. */
  running: { readonly hook: HookInfo; readonly processGroup: number | null } | null;
  /** A hook that was cut off by the agent's own end: it runs again before anything else, and is no error. */
  interrupted: HookInfo | null;
  /** Whether the machine was rebooted since the last start hook. */
  rebooted: boolean;
  /** `charmModified` of the application as this unit last upgraded to it. */
  charmModified: number;
  /** The application's charm folder that this unit's charm was copied from. */
  charmFolder: string;
  /** The storage whose attached hook has run, and its detaching hook has not. */
  readonly storage: string[];
  /** By secret id: the revision last announced with secret-changed. */
  readonly secretsAnnounced: Record<string, number>;
  /** By `id/revision`: the revisions that nobody reads any more and that secret-remove was run for. */
  readonly secretsObsolete: Record<string, true>;
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
  /** `container`: a principal unit and its own subordinate see each other, and nobody else. */
  readonly scope: 'global' | 'container';
  life: Life;
  /** Every unit that ever entered: its bag outlives its part in the relation. */
  readonly units: Record<string, RelationUnitState>;
  readonly applications: Record<string, VersionedBag>;
}

/** A unit's bag in a relation, and whether the unit is in it still. */
export interface RelationUnitState extends VersionedBag {
  inScope: boolean;
}
