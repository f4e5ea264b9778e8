import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RawBag } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { bagOf, stringsOf } from './tool-answers.ts';

/** How often Juju asks a secret's owner for a new revision. */
export type SecretRotation = 'never' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly';

/** What a secret is told of besides its content. */
export interface SecretSettings {
  readonly label?: string;
  readonly description?: string;
  /** RFC 3339, or a duration such as `24h`. */
  readonly expire?: string;
  readonly rotate?: SecretRotation;
}

/** A secret by id (`secret:…`), or by the label this unit gave it. */
export type SecretReference = { readonly id: string; readonly label?: string } | { readonly label: string };

/** What a secret's owner may know of it. */
export interface SecretInfo {
  readonly id: string;
  readonly revision: number;
  readonly label?: string;
  readonly owner: 'application' | 'unit';
  readonly description?: string;
  readonly rotation?: string;
  /** RFC 3339. */
  readonly expiry?: string;
}

/** Whom a secret is granted to or taken from: a relation's other side, or one of its units. */
export interface SecretGrant {
  readonly relationId: string;
  readonly unit?: string;
}

/** The hook tools about secrets (Juju 3 and newer). "not found" in an error's text says there is no such secret. */
export interface SecretTools {
  /** `secret-add`: the new secret's id, though it is made only when the hook succeeds. */
  secretAdd(content: RawBag, settings?: SecretSettings & { readonly owner?: 'application' | 'unit' }): string;
  /** `secret-set`: a new revision where the content differs; settings alone change no content. Buffered. */
  secretSet(id: string, change: SecretSettings & { readonly content?: RawBag }): void;
  /** `secret-get`: the revision this unit tracks; `refresh` moves on to the newest, `peek` only looks at it. */
  secretGet(secret: SecretReference, revision?: 'tracked' | 'peek' | 'refresh'): RawBag;
  /** `secret-info-get`: for secrets this unit owns or may manage. */
  secretInfo(secret: SecretReference): SecretInfo;
  /** `secret-ids`: those this unit's application owns, each with `secret:` before it. */
  secretIds(): string[];
  /** `secret-grant`. Buffered. */
  secretGrant(id: string, grant: SecretGrant): void;
  /** `secret-revoke`: from a relation, a unit, or an application. Buffered. */
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
    secretAdd: (content, { owner, ...settings } = {}) =>
      withContentFiles(content, (pairs) =>
        run([
          'secret-add',
          ...(owner ? ['--owner', owner] : []),
          ...settingsFlags(settings),
          ...pairs,
        ]).trim(),
      ),
    secretSet: (id, { content = {}, ...settings }) => {
      withContentFiles(content, (pairs) => run(['secret-set', id, ...settingsFlags(settings), ...pairs]));
    },
    secretGet: (secret, revision = 'tracked') => {
      const which = revision === 'tracked' ? [] : [`--${revision}`];
      return bagOf(runForJson(run, ['secret-get', '--format=json', ...reference(secret), ...which])) ?? {};
    },
    secretInfo: (secret) => {
      const answer = runForJson(run, ['secret-info-get', '--format=json', ...onlyOne(secret)]);
      const [id = '', info] = Object.entries(Object(answer))[0] ?? [];
      return { ...Object(info), id: withScheme(id) } as SecretInfo;
    },
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

/** secret-info-get takes an id or a label, not both. */
function onlyOne(secret: SecretReference): string[] {
  return 'id' in secret ? [secret.id] : ['--label', secret.label];
}

function withScheme(id: string): string {
  return id.startsWith('secret:') ? id : `secret:${id}`;
}

function withContentFiles<T>(content: RawBag, use: (pairs: readonly string[]) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'secret-'));
  try {
    const pairs = Object.entries(content).map(([key, value], index) => {
      const file = path.join(folder, String(index));
      writeFileSync(file, value, { mode: 0o600 });
      return `${key}#file=${file}`;
    });
    return use(pairs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
