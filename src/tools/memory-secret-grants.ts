import { refuse } from './memory-refusal.ts';
import type { MemorySecret } from './memory-secret-records.ts';
import type { SecretGrant } from './secret-tools.ts';

/** Who was granted a secret, within which relation: an application, or one of its units. */
export interface Grantee {
  readonly relationId: string;
  readonly application: string;
  readonly unit?: string;
}

/** Throws as secret-grant does for a unit of an application that is not in the relation. */
export function checkGrant({ unit }: SecretGrant, { application }: Grantee): void {
  if (unit === undefined || unit.replace(/\/\d+$/, '') === application) return;
  refuse(['secret-grant'], `cannot specify unit "${unit}" in relation to application "${application}"`, 2);
}

/**
 * A secret granted to one more. What an application was granted its units have already. Throws as secret-grant does
 * where units have it that their application would have from now on.
 */
export function withGrant(secret: MemorySecret, grantee: Grantee): MemorySecret {
  const { grants = [] } = secret;
  const related = grants.filter(({ relationId }) => relationId === grantee.relationId);
  if (related.some(({ unit }) => unit === undefined || unit === grantee.unit)) return secret;
  if (related.length > 0 && grantee.unit === undefined) {
    const why =
      'any unit level grants need to be revoked before granting access to the corresponding application';
    refuse(['secret-grant'], why);
  }
  return { ...secret, grants: [...grants, grantee] };
}

/** A secret no longer granted to a unit, or to an application as a whole. */
export function withoutGrants(
  secret: MemorySecret,
  subject: { readonly unit?: string; readonly application?: string },
): MemorySecret {
  const isMeant = ({ unit, application }: Grantee): boolean =>
    subject.unit === undefined
      ? unit === undefined && application === subject.application
      : unit === subject.unit;
  return { ...secret, grants: (secret.grants ?? []).filter((grantee) => !isMeant(grantee)) };
}
