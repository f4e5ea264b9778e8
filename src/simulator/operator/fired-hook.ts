import type { HookInfo, RelationHookKind, UnitHookKind } from '../agent/hook-info.ts';
import type { ModelState, UnitState } from '../state/model-state.ts';
import { ownEndpoint, remoteApplication } from '../state/relation-scope.ts';
import { managesSecret } from '../state/secret-access.ts';
import { parseSecretUri } from '../state/secret-uri.ts';

const UNIT_HOOKS: readonly UnitHookKind[] = [
  'update-status',
  'config-changed',
  'leader-settings-changed',
  'start',
  'collect-metrics',
  'meter-status-changed',
];
const RELATION_HOOKS: readonly RelationHookKind[] = ['relation-changed'];
const SECRET_HOOKS = ['secret-rotate', 'secret-expired'] as const;

/** A hook that is asked for by hand. */
export interface FiredHook {
  readonly unit: UnitState;
  readonly hook: string;
  /** In a relation hook: which relation, where the endpoint has several. */
  readonly relationId?: number;
  /** In a relation hook: whom it is about; the application's databag if nobody. */
  readonly remoteUnit?: string;
  /** For secret-rotate and secret-expired: which secret, as an id or a URI. */
  readonly secret?: string;
}

/**
 * Has a hook run that is asked for by hand, once nothing else is due. Only such as can run twice without the unit's life
 * being told wrongly: update-status, config-changed, leader-settings-changed, start, the metrics hooks, a relation's changed.
 * A secret's rotate and expired are made due by letting its time have come. Throws for any other, for a relation that the
 * unit is not in, for a remote unit that has not joined, and for a secret that the unit does not manage.
 */
export function fireHook(state: ModelState, asked: FiredHook): void {
  const secretKind = SECRET_HOOKS.find((name) => name === asked.hook);
  if (secretKind !== undefined) {
    bringForward(state, asked, secretKind);
    return;
  }
  const kind = UNIT_HOOKS.find((name) => name === asked.hook);
  if (kind === 'collect-metrics') refuseWithoutMetrics(state, asked);
  asked.unit.agent.fired.push(kind === undefined ? findRelationHook(state, asked) : { kind, name: kind });
}

function bringForward(state: ModelState, asked: FiredHook, kind: (typeof SECRET_HOOKS)[number]): void {
  const failure = `cannot fire "${kind}" on "${asked.unit.name}"`;
  if (asked.secret === undefined) throw new Error(`${failure}: say which secret`);
  const secret = state.secrets[parseSecretUri(asked.secret) ?? asked.secret];
  if (secret === undefined) throw new Error(`${failure}: secret "${asked.secret}" not found`);
  if (!managesSecret(state, asked.unit, secret)) {
    throw new Error(`${failure}: secret "${asked.secret}" is managed by another`);
  }
  const now = new Date().toISOString();
  if (kind === 'secret-rotate') {
    secret.nextRotate = now;
    return;
  }
  secret.expire = now;
  secret.nextExpired = null;
}

function refuseWithoutMetrics(state: ModelState, { unit, hook }: FiredHook): void {
  if (state.applications[unit.application]?.charm.hasMetrics) return;
  throw new Error(`cannot fire "${hook}" on "${unit.name}": the charm has no metrics.yaml`);
}

function findRelationHook(state: ModelState, asked: FiredHook): HookInfo {
  const { unit, hook, relationId, remoteUnit } = asked;
  const failure = `cannot fire "${hook}" on "${unit.name}"`;
  const kind = RELATION_HOOKS.find((name) => hook.endsWith(`-${name}`));
  if (kind === undefined) {
    const known = [...UNIT_HOOKS, ...SECRET_HOOKS, ...RELATION_HOOKS.map((name) => `<endpoint>-${name}`)];
    throw new Error(`${failure}: only ${known.join(', ')} can be fired`);
  }
  const endpoint = hook.slice(0, -kind.length - 1);
  const candidates = Object.keys(unit.agent.relations)
    .flatMap((id) => state.relations[id] ?? [])
    .filter((relation) => ownEndpoint(relation, unit.application)?.name === endpoint);
  const relation = candidates.find(({ id }) => id === (relationId ?? id));
  const knowledge = relation === undefined ? undefined : unit.agent.relations[relation.id];
  if (relation === undefined || knowledge === undefined) {
    throw new Error(`${failure}: the unit is in no such relation`);
  }
  if (remoteUnit !== undefined && knowledge.members[remoteUnit] === undefined) {
    throw new Error(`${failure}: "${remoteUnit}" has not joined`);
  }
  const version =
    remoteUnit === undefined ? knowledge.applicationVersion : (knowledge.members[remoteUnit] ?? 0);
  return {
    kind,
    name: hook,
    relation: {
      id: relation.id,
      endpoint,
      remoteApplication: remoteApplication(relation, unit.application),
      version,
      ...(remoteUnit === undefined ? {} : { remoteUnit }),
    },
  };
}
