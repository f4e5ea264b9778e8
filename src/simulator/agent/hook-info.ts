/** The hooks of a unit's own life, which no relation is part of. */
export type UnitHookKind =
  | 'install'
  | 'start'
  | 'stop'
  | 'remove'
  | 'config-changed'
  | 'leader-elected'
  | 'leader-settings-changed'
  | 'update-status'
  | 'upgrade-charm'
  | 'collect-metrics'
  | 'meter-status-changed';

/** The hooks of a storage; their names begin with the storage's. */
export type StorageHookKind = 'storage-attached' | 'storage-detaching';

/** The hooks of a secret. */
export type SecretHookKind = 'secret-changed' | 'secret-rotate' | 'secret-expired' | 'secret-remove';

/** What is no hook, and runs as one: an action, or a command of `juju exec`. */
export type TaskKind = 'action' | 'exec';

/** The hooks of a relation; their names begin with the endpoint's. */
export type RelationHookKind =
  | 'relation-created'
  | 'relation-joined'
  | 'relation-changed'
  | 'relation-departed'
  | 'relation-broken';

/** A hook that is due for a unit, with what its agent must remember once it has run. */
export interface HookInfo {
  readonly kind: UnitHookKind | RelationHookKind | StorageHookKind | SecretHookKind | TaskKind;
  /** The hook's name, which is also its file's: `install`, `db-relation-joined`; an action's name; `juju-exec`. */
  readonly name: string;
  /** For config-changed: what the agent will have seen. */
  readonly configHash?: string;
  /** For leader-settings-changed: what the agent will have seen. */
  readonly leaderVersion?: number;
  /** For upgrade-charm: what the agent will have upgraded to. */
  readonly charmModified?: number;
  /** In relation hooks, and for a command that runs in a relation's context. */
  readonly relation?: RelationHookInfo;
  /** In storage hooks: which, as `data/0`. */
  readonly storage?: string;
  readonly secret?: SecretHookInfo;
  /** For an action or a command: the task's id. */
  readonly task?: string;
}

/** The part of a hook that is about a secret. */
export interface SecretHookInfo {
  /** Without `secret:`. */
  readonly id: string;
  /** The label by which this unit knows it; empty where there is none. */
  readonly label: string;
  /** In -expired and -remove: which revision; in -changed, what the agent will have seen; in -rotate, the latest so far. */
  readonly revision?: number;
}

/** The part of a hook that is about a relation. */
export interface RelationHookInfo {
  readonly id: number;
  readonly endpoint: string;
  /** Our own application in a peer relation. */
  readonly remoteApplication: string;
  /** Absent in created and broken hooks, and in a changed hook that is about the application's databag. */
  readonly remoteUnit?: string;
  /** Only in departed hooks: who goes. */
  readonly departingUnit?: string;
  /** The version of the remote bag that a joined or changed hook announces. */
  readonly version?: number;
}

/** A relation id as charms see it: `db:3`. */
export function relationIdText(relation: { readonly endpoint: string; readonly id: number }): string {
  return `${relation.endpoint}:${relation.id}`;
}
