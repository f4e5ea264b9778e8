import type { RawBag } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { toSecretInfo, withScheme } from './secret-answers.ts';
import { refuseBadKeys, refuseBadRevision, type SecretContent, withContentFiles } from './secret-content.ts';
import { bagOf, stringsOf } from './tool-answers.ts';

/** How often Juju asks a secret's owner for a new revision. */
export type SecretRotation = 'never' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly';

/** What a secret is told of besides its content. Empty texts change nothing (Juju's rule). */
export interface SecretSettings {
  readonly label?: string;
  readonly description?: string;
  /** RFC 3339, or a duration such as `24h`. */
  readonly expire?: string;
  readonly rotate?: SecretRotation;
}

/** A secret by id (`secret:…`), or by label. Given both, this unit from now on also knows the secret by that label. */
export type SecretReference = { readonly id: string; readonly label?: string } | { readonly label: string };

/** Which revision is read: the one this unit tracks, or the newest, which `refresh` tracks from now on. */
export type SecretRevision = 'tracked' | 'peek' | 'refresh';

/** What a secret's owner may know of it. What was never set is not there. */
export interface SecretInfo {
  /** `secret:…`. */
  readonly id: string;
  /** The newest revision that is stored; not one that this hook is about to make. */
  readonly revision: number;
  readonly label?: string;
  readonly owner: 'application' | 'unit';
  readonly description?: string;
  readonly rotation?: string;
  /** RFC 3339. */
  readonly expiry?: string;
  /** When the next rotation is due, RFC 3339. */
  readonly rotates?: string;
  /** Who may read it; Juju names them as `application-redis`, `unit-redis-0`, `relation-web.db#redis.server`. */
  readonly access?: readonly { readonly target: string; readonly scope: string; readonly role: string }[];
}

/** Whom a secret is granted to or taken from: a relation's other side, or one of its units. */
export interface SecretGrant {
  readonly relationId: string;
  readonly unit?: string;
}

/**
 * The hook tools about secrets (Juju 3 and newer). An id may be written with or without `secret:` before it. Of what an
 * application owns only its leader may change anything; `isNotFound` of an error says that there is no such secret.
 */
export interface SecretTools {
  /**
   * `secret-add`: the new secret's id, though it is made only when the hook succeeds. Keys are three or more small
   * letters, digits and hyphens; values are text or bytes, all of them together at most 1 MB in base64. The owner is
   * the application where nothing is said.
   */
  secretAdd(
    content: SecretContent,
    settings?: SecretSettings & { readonly owner?: 'application' | 'unit' },
  ): string;
  /**
   * `secret-set`: replaces the content, as one new revision a hook where it differs; settings alone change no content.
   * Buffered until the hook succeeds.
   */
  secretSet(id: string, change: SecretSettings & { readonly content?: SecretContent }): void;
  /** `secret-get`: the whole content as text; what is no UTF-8 in it is lost. What `refresh` tracks is kept at once. */
  secretGet(secret: SecretReference, revision?: SecretRevision): RawBag;
  /** `secret-get ID KEY#base64`: one value as the bytes it is. Juju takes no label here. */
  secretGetBytes(id: string, key: string, revision?: SecretRevision): Uint8Array;
  /** `secret-info-get`: for secrets this unit owns or may manage; "not found" for others. By id where both are given. */
  secretInfo(secret: SecretReference): SecretInfo;
  /** `secret-ids`: those this unit owns or may manage, in no order, each with `secret:` before it. */
  secretIds(): string[];
  /** `secret-grant`: until the relation goes. Buffered. */
  secretGrant(id: string, grant: SecretGrant): void;
  /** `secret-revoke`: from a relation's other side, a unit, or (not in relation hooks) an application. Buffered. */
  secretRevoke(
    id: string,
    from: SecretGrant | { readonly unit: string } | { readonly application: string },
  ): void;
  /** `secret-remove`: one revision, or the whole secret. Buffered. */
  secretRemove(id: string, revision?: number): void;
}

/** The secret tools as processes. Content travels in private files, never in arguments that any user can list. */
export function makeSecretTools(run: RunTool): SecretTools {
  return {
    secretAdd: (content, { owner, ...settings } = {}) => {
      refuseBadKeys('secret-add', content);
      const flags = [...(owner ? ['--owner', owner] : []), ...settingsFlags(settings)];
      return withContentFiles(content, (pairs) => run(['secret-add', ...flags, ...pairs]).trim());
    },
    secretSet: (id, { content = {}, ...settings }) => {
      refuseBadKeys('secret-set', content);
      withContentFiles(content, (pairs) => run(['secret-set', id, ...settingsFlags(settings), ...pairs]));
    },
    secretGet: (secret, revision = 'tracked') => {
      const command = ['secret-get', '--format=json', ...reference(secret), ...revisionFlag(revision)];
      return bagOf(runForJson(run, command)) ?? {};
    },
    secretGetBytes: (id, key, revision = 'tracked') => {
      const command = ['secret-get', '--format=json', id, `${key}#base64`, ...revisionFlag(revision)];
      return new Uint8Array(Buffer.from(String(runForJson(run, command)), 'base64'));
    },
    secretInfo: (secret) =>
      toSecretInfo(runForJson(run, ['secret-info-get', '--format=json', ...onlyOne(secret)])),
    secretIds: () => stringsOf(runForJson(run, ['secret-ids', '--format=json'])).map(withScheme),
    secretGrant: (id, { relationId, unit }) => {
      run(['secret-grant', id, '-r', relationId, ...(unit ? ['--unit', unit] : [])]);
    },
    secretRevoke: (id, from) => {
      const relation = 'relationId' in from ? ['-r', from.relationId] : [];
      const unit = 'unit' in from && from.unit ? ['--unit', from.unit] : [];
      const application = 'application' in from ? ['--app', from.application] : [];
      run(['secret-revoke', id, ...relation, ...unit, ...application]);
    },
    secretRemove: (id, revision) => {
      refuseBadRevision(revision);
      run(['secret-remove', id, ...(revision === undefined ? [] : ['--revision', String(revision)])]);
    },
  };
}

function settingsFlags({ label, description, expire, rotate }: SecretSettings): string[] {
  const flags = { label, description, expire, rotate };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

function reference(secret: SecretReference): string[] {
  return [...('id' in secret ? [secret.id] : []), ...(secret.label ? ['--label', secret.label] : [])];
}

function revisionFlag(revision: SecretRevision): string[] {
  return revision === 'tracked' ? [] : [`--${revision}`];
}

/** secret-info-get takes an id or a label, not both. */
function onlyOne(secret: SecretReference): string[] {
  return 'id' in secret ? [secret.id] : ['--label', secret.label];
}
