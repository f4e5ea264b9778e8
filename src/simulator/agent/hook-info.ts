/** The hooks of a unit's own life, which no relation is part of. */
export type UnitHookKind =
  | 'install'
  | 'start'
  | 'stop'
  | 'remove'
  | 'config-changed'
  | 'leader-elected'
  | 'leader-settings-changed'
  | 'update-status';

/** The hooks of a relation; their names begin with the endpoint's. */
export type RelationHookKind =
  | 'relation-created'
  | 'relation-joined'
  | 'relation-changed'
  | 'relation-departed'
  | 'relation-broken';

/** A hook that is due for a unit, with what its agent must remember once it has run. */
export interface HookInfo {
  readonly kind: UnitHookKind | RelationHookKind;
  /** The hook's name, which is also its file's: `install`, `db-relation-joined`. */
  readonly name: string;
  /** For config-changed: what the agent will have seen. */
  readonly configHash?: string;
  /** For leader-settings-changed: what the agent will have seen. */
  readonly leaderVersion?: number;
  readonly relation?: RelationHookInfo;
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
