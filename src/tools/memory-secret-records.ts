import { refuse } from './memory-refusal.ts';
import type { Grantee } from './memory-secret-grants.ts';
import type { SecretContent } from './secret-content.ts';
import type { SecretInfo, SecretSettings } from './secret-tools.ts';

/** A secret of the model in memory. */
export interface MemorySecret {
  /** This unit, its application, or somebody else who granted it to this unit. */
  readonly owner: 'application' | 'unit' | 'other';
  /** The content of each revision, the first first; removed ones are undefined. */
  readonly revisions: readonly (SecretContent | undefined)[];
  /** `expire` as the time it stands for. */
  readonly settings?: SecretSettings;
  readonly grants?: readonly Grantee[];
}

const ROTATIONS = ['never', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'];

/** A secret with further settings. Throws as the tool does for a rotation or an expiry that is none. */
export function applySettings(tool: string, secret: MemorySecret, settings: SecretSettings): MemorySecret {
  const { label, description, rotate, expire } = settings;
  if (rotate && !ROTATIONS.includes(rotate)) refuse([tool], `rotate policy "${rotate}" not valid`, 2);
  return {
    ...secret,
    settings: {
      ...secret.settings,
      ...(label ? { label } : {}),
      ...(description ? { description } : {}),
      ...(rotate ? { rotate } : {}),
      ...(expire ? { expire: expiryOf(tool, expire) } : {}),
    },
  };
}

/** What secret-info-get answers of a secret. */
export function describeSecret(id: string, secret: MemorySecret, revision: number): SecretInfo {
  const { owner, settings = {}, grants = [] } = secret;
  const { label, description, rotate, expire } = settings;
  const access = grants.map(({ relationId, application, unit }) => ({
    target: unit === undefined ? `application-${application}` : `unit-${unit.replace('/', '-')}`,
    scope: `relation-${relationId}`,
    role: 'view',
  }));
  return {
    id,
    revision,
    owner: owner === 'unit' ? 'unit' : 'application',
    ...(label === undefined ? {} : { label }),
    ...(description === undefined ? {} : { description }),
    ...(rotate === undefined ? {} : { rotation: rotate }),
    ...(expire === undefined ? {} : { expiry: expire }),
    ...(access.length === 0 ? {} : { access }),
  };
}

const SECONDS = { h: 3600, m: 60, s: 1, ms: 0.001 } as const;

/** The time that an expiry stands for: RFC 3339, with UTC where no zone is said, or so long from now. */
function expiryOf(tool: string, expire: string): string {
  const parts = [...expire.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === expire) {
    const seconds = parts.map(([, count, unit]) => Number(count) * SECONDS[unit as keyof typeof SECONDS]);
    return new Date(Date.now() + 1000 * seconds.reduce((sum, part) => sum + part, 0)).toISOString();
  }
  const time = new Date(/[zZ]|[+-]\d\d:\d\d$/.test(expire) ? expire : `${expire}Z`);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(expire) && !Number.isNaN(time.getTime());
  return isTime ? time.toISOString() : refuse([tool], `expire time or duration "${expire}" not valid`, 2);
}
