import type { ModelState } from './model-state.ts';
import { unusedRevisions } from './secret-access.ts';
import type { RotatePolicy, SecretContent, SecretOwner, SecretState } from './secret-state.ts';

/** Puts a new secret into the model, with its first revision. */
export function createSecret(
  state: ModelState,
  made: { readonly id: string; readonly owner: SecretOwner; readonly content: SecretContent },
): SecretState {
  const now = secondsOf(new Date());
  const secret: SecretState = {
    id: made.id,
    owner: made.owner,
    label: '',
    description: '',
    created: now,
    updated: now,
    rotate: 'never',
    nextRotate: null,
    expire: null,
    nextExpired: null,
    autoPrune: false,
    revisions: { 1: { content: made.content, created: now } },
    latest: 1,
    grants: [],
    consumers: {},
  };
  state.secrets[secret.id] = secret;
  return secret;
}

/** Adds a revision. It expires only where that is said of it anew. */
export function addRevision(secret: SecretState, content: SecretContent): void {
  secret.latest += 1;
  secret.revisions[secret.latest] = { content, created: secondsOf(new Date()) };
  secret.expire = null;
  secret.nextExpired = null;
}

/** Removes a revision, and the secret with its last one. A revision that is not there changes nothing. */
export function removeRevision(state: ModelState, secret: SecretState, revision: number): void {
  delete secret.revisions[revision];
  if (revision === secret.latest) {
    secret.expire = null;
    secret.nextExpired = null;
  }
  if (Object.keys(secret.revisions).length === 0) delete state.secrets[secret.id];
}

/** Where an operator asked for it, removes the revisions that nobody sees any more. */
export function pruneRevisions(state: ModelState, secret: SecretState): void {
  if (!secret.autoPrune || secret.owner.kind !== 'model') return;
  for (const revision of unusedRevisions(state, secret)) removeRevision(state, secret, revision);
}

/** Sets how often a secret is rotated. The time of the next rotation stays where there was one (Juju's rule). */
export function setRotation(secret: SecretState, policy: RotatePolicy): void {
  secret.rotate = policy;
  if (policy === 'never') secret.nextRotate = null;
  else secret.nextRotate ??= nextRotation(policy);
}

/** When a secret that is rotated now is due next; null where it never is. */
export function nextRotation(policy: RotatePolicy): string | null {
  const time = new Date();
  switch (policy) {
    case 'never':
      return null;
    case 'hourly':
      time.setUTCHours(time.getUTCHours() + 1);
      break;
    case 'daily':
      time.setUTCDate(time.getUTCDate() + 1);
      break;
    case 'weekly':
      time.setUTCDate(time.getUTCDate() + 7);
      break;
    case 'monthly':
      time.setUTCMonth(time.getUTCMonth() + 1);
      break;
    case 'quarterly':
      time.setUTCMonth(time.getUTCMonth() + 3);
      break;
    case 'yearly':
      time.setUTCFullYear(time.getUTCFullYear() + 1);
  }
  return secondsOf(time);
}

/** So many milliseconds from now, and not sooner. */
export function timeFromNow(milliseconds: number): string {
  return secondsOf(new Date(1000 * Math.ceil((Date.now() + milliseconds) / 1000)));
}

/** A time as Juju keeps it for secrets: whole seconds, `2026-01-02T03:04:05Z`. */
export function secondsOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
