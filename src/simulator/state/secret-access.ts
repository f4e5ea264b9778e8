import type { ModelState, UnitState } from './model-state.ts';
import type { SecretGrant, SecretState, SecretSubject } from './secret-state.ts';

/** The grants that hold: one made within a relation ends with it. */
export function activeGrants(state: ModelState, secret: SecretState): SecretGrant[] {
  return secret.grants.filter(({ relation }) => relation === null || state.relations[relation] !== undefined);
}

/** Whether a unit may change a secret: its own, or its application's while it leads. */
export function managesSecret(state: ModelState, unit: UnitState, { owner }: SecretState): boolean {
  if (owner.kind === 'unit') return owner.name === unit.name;
  const isOurs = owner.kind === 'application' && owner.name === unit.application;
  return isOurs && state.applications[unit.application]?.leader === unit.name;
}

/** Whether a secret is the unit's own, or its application's. */
export function isSecretOfOurs(unit: UnitState, { owner }: SecretState): boolean {
  return owner.kind === 'unit' ? owner.name === unit.name : isOwnedByApplication(unit, owner);
}

/** Whether a unit may read a secret: one of its own or of its application, or one that either was granted. */
export function mayReadSecret(state: ModelState, unit: UnitState, secret: SecretState): boolean {
  if (isSecretOfOurs(unit, secret)) return true;
  return activeGrants(state, secret).some(({ subject }) => isMeantBy(subject, unit));
}

/**
 * The revisions, but for the latest, that nobody sees any more: no unit that may read the secret tracks them. Lowest first.
 */
export function unusedRevisions(state: ModelState, secret: SecretState): number[] {
  const tracked = new Set<number>();
  for (const [name, consumer] of Object.entries(secret.consumers)) {
    const unit = state.units[name];
    if (unit !== undefined && mayReadSecret(state, unit, secret)) tracked.add(consumer.tracked);
  }
  const revisions = Object.keys(secret.revisions).map(Number);
  return revisions.filter((revision) => revision < secret.latest && !tracked.has(revision));
}

/** Whether two subjects are the same. */
export function isSameSubject(one: SecretSubject, other: SecretSubject): boolean {
  return one.kind === other.kind && one.name === other.name;
}

function isOwnedByApplication(unit: UnitState, owner: SecretState['owner']): boolean {
  return owner.kind === 'application' && owner.name === unit.application;
}

function isMeantBy(subject: SecretSubject, unit: UnitState): boolean {
  return subject.name === (subject.kind === 'unit' ? unit.name : unit.application);
}
