import type { ModelState, UnitState } from '../state/model-state.ts';
import { managesSecret, mayReadSecret, unusedRevisions } from '../state/secret-access.ts';
import { nextRotation, timeFromNow } from '../state/secret-revisions.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { HookInfo, SecretHookInfo, SecretHookKind } from './hook-info.ts';

/** How long Juju waits until it asks an owner again who made neither a new revision nor removed the old one. */
const RETRY = 5 * 60_000;

/**
 * Which hook about a secret is due on a unit; undefined where none is. In Juju's order: expired and rotate, by time and for
 * the owner; changed, once for each new revision, for whoever reads the secret but for the unit that made it; remove, once
 * for each revision that nobody tracks any more, for the owner. An operator's secret has no owner that could be asked.
 */
export function nextSecretHook(state: ModelState, unit: UnitState): HookInfo | undefined {
  const secrets = Object.values(state.secrets);
  const managed = secrets.filter((secret) => managesSecret(state, unit, secret));
  return (
    firstOf(managed, dueExpired) ??
    firstOf(managed, dueRotate) ??
    firstOf(secrets, (secret) => dueChanged(state, unit, secret)) ??
    firstOf(managed, (secret) => dueRemove(state, unit, secret))
  );
}

/**
 * Lets a unit's agent remember that a hook about a secret has run. An owner who was asked in vain is asked again in five
 * minutes, so that a model in which nothing else happens comes to rest.
 */
export function rememberSecretHook(state: ModelState, unit: UnitState, hook: HookInfo): void {
  const { agent } = unit;
  forgetRemoved(state, unit);
  if (hook.secret === undefined) return;
  const { id, revision = 0 } = hook.secret;
  const secret = state.secrets[id];
  if (secret === undefined) return;
  const isDone = secret.latest > revision || secret.revisions[revision] === undefined;
  if (hook.kind === 'secret-expired' && !isDone) secret.nextExpired = timeFromNow(RETRY);
  if (hook.kind === 'secret-rotate' && secret.rotate !== 'never') {
    secret.nextRotate = isDone ? nextRotation(secret.rotate) : timeFromNow(RETRY);
  }
  if (hook.kind === 'secret-changed') agent.secretsAnnounced[id] = revision;
  if (hook.kind === 'secret-remove') agent.secretsObsolete[`${id}/${revision}`] = true;
}

function firstOf(
  secrets: readonly SecretState[],
  findDue: (secret: SecretState) => HookInfo | undefined,
): HookInfo | undefined {
  for (const secret of secrets) {
    const due = findDue(secret);
    if (due !== undefined) return due;
  }
  return undefined;
}

function dueExpired(secret: SecretState): HookInfo | undefined {
  if (secret.expire === null || !isPast(secret.expire)) return undefined;
  if (secret.nextExpired !== null && !isPast(secret.nextExpired)) return undefined;
  return secretHook('secret-expired', { id: secret.id, label: secret.label, revision: secret.latest });
}

function dueRotate(secret: SecretState): HookInfo | undefined {
  if (secret.nextRotate === null || !isPast(secret.nextRotate)) return undefined;
  return secretHook('secret-rotate', { id: secret.id, label: secret.label, revision: secret.latest });
}

function dueChanged(state: ModelState, unit: UnitState, secret: SecretState): HookInfo | undefined {
  const consumer = secret.consumers[unit.name];
  if (consumer === undefined || !mayReadSecret(state, unit, secret)) return undefined;
  const known = Math.max(consumer.tracked, unit.agent.secretsAnnounced[secret.id] ?? 0);
  if (known >= secret.latest) return undefined;
  const isOurs = secret.owner.kind === 'application' && secret.owner.name === unit.application;
  const label = consumer.label === '' && isOurs ? secret.label : consumer.label;
  return secretHook('secret-changed', { id: secret.id, label, revision: secret.latest });
}

function dueRemove(state: ModelState, unit: UnitState, secret: SecretState): HookInfo | undefined {
  const { id, label } = secret;
  const revision = unusedRevisions(state, secret).find(
    (unused) => unit.agent.secretsObsolete[`${id}/${unused}`] === undefined,
  );
  return revision === undefined ? undefined : secretHook('secret-remove', { id, label, revision });
}

function secretHook(kind: SecretHookKind, secret: SecretHookInfo): HookInfo {
  return { kind, name: kind, secret };
}

function isPast(time: string): boolean {
  return Date.parse(time) <= Date.now();
}

/** Nothing has to be remembered of what is no more. */
function forgetRemoved(state: ModelState, { agent }: UnitState): void {
  for (const id of Object.keys(agent.secretsAnnounced)) {
    if (state.secrets[id] === undefined) delete agent.secretsAnnounced[id];
  }
  for (const key of Object.keys(agent.secretsObsolete)) {
    const [id = '', revision = ''] = key.split('/');
    if (state.secrets[id]?.revisions[revision] === undefined) delete agent.secretsObsolete[key];
  }
}
