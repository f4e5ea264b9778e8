import type { ModelState } from '../state/model-state.ts';
import { activeGrants } from '../state/secret-access.ts';
import { contentChecksum, decodeContent } from '../state/secret-content.ts';
import type { SecretState } from '../state/secret-state.ts';
import { describeAccess, type SecretAccess } from './secret-grants.ts';

/** A secret as `juju secrets` and `juju show-secret` print it in JSON, keys in Juju's order. Times are ISO 8601. */
export interface SecretDetails {
  readonly revision: number;
  readonly checksum: string;
  readonly expires?: string;
  readonly rotation?: string;
  readonly rotates?: string;
  /** `redis`, `redis/0`, or `<model>`. */
  readonly owner: string;
  readonly description?: string;
  /** Of an operator's secret; those of charms have a label. */
  readonly name?: string;
  readonly label?: string;
  readonly created: string;
  readonly updated: string;
  /** Where it was asked for; in YAML Juju prints what is in `Data` without that key. */
  readonly content?: { readonly Data: Readonly<Record<string, string>> };
  readonly revisions?: readonly SecretRevisionDetails[];
  readonly access?: readonly SecretAccess[];
}

/** One revision of a secret, as `juju show-secret --revisions` prints it. */
export interface SecretRevisionDetails {
  readonly revision: number;
  readonly backend: 'internal';
  readonly created: string;
  readonly updated: string;
  readonly expires?: string;
}

/** What is known of a secret but for its content and for who may read it. */
export function describeSecret(secret: SecretState): SecretDetails {
  const { owner, label, description, rotate, nextRotate, expire } = secret;
  const isOperators = owner.kind === 'model';
  return {
    revision: secret.latest,
    checksum: contentChecksum(secret.revisions[secret.latest]?.content ?? {}),
    ...(expire === null ? {} : { expires: expire }),
    ...(rotate === 'never' ? {} : { rotation: rotate }),
    ...(nextRotate === null ? {} : { rotates: nextRotate }),
    owner: isOperators ? '<model>' : owner.name,
    ...(description === '' ? {} : { description }),
    ...(label === '' ? {} : isOperators ? { name: label } : { label }),
    created: secret.created,
    updated: secret.updated,
  };
}

/** The same with who may read it, and with its content and its revisions where they are asked for. */
export function describeWholeSecret(
  state: ModelState,
  secret: SecretState,
  shown: {
    /** The revision whose content is shown; undefined where none is. */
    readonly content?: number;
    readonly isWithRevisions: boolean;
  },
): SecretDetails {
  const access = describeAccess(state, activeGrants(state, secret));
  const content = shown.content === undefined ? undefined : secret.revisions[shown.content]?.content;
  return {
    ...describeSecret(secret),
    ...(content === undefined ? {} : { content: { Data: decodeContent(content) } }),
    ...(shown.isWithRevisions ? { revisions: describeRevisions(secret) } : {}),
    ...(access.length === 0 ? {} : { access }),
  };
}

function describeRevisions(secret: SecretState): SecretRevisionDetails[] {
  return Object.entries(secret.revisions).map(([number, { created }]) => ({
    revision: Number(number),
    backend: 'internal',
    created,
    updated: created,
    ...(Number(number) === secret.latest && secret.expire !== null ? { expires: secret.expire } : {}),
  }));
}
