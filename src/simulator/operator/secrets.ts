import { describeSecret, describeWholeSecret, type SecretDetails } from '../report/secret-details.ts';
import type { ModelState } from '../state/model-state.ts';
import { isSameSubject } from '../state/secret-access.ts';
import { contentChecksum, encodeContent, isEmptyContent } from '../state/secret-content.ts';
import {
  addRevision,
  createSecret,
  pruneRevisions,
  removeRevision,
  secondsOf,
} from '../state/secret-revisions.ts';
import type { SecretState, SecretSubject } from '../state/secret-state.ts';
import { newSecretId, parseSecretUri, secretUri } from '../state/secret-uri.ts';

/** Keys and values as they are written; a key that ends in `#base64` has its value in base64. */
export type SecretValues = Readonly<Record<string, string | Uint8Array>>;

/** `juju add-secret`: answers `secret:<id>`. Nobody may read it before it is granted. */
export function addSecret(
  state: ModelState,
  name: string,
  values: SecretValues,
  options: { readonly description?: string } = {},
): string {
  const content = encodeContent(values);
  if (isEmptyContent(content)) throw new Error('missing secret value or filename');
  refuseTakenName(state, name);
  const owner = { kind: 'model', name: state.name } as const;
  const secret = createSecret(state, { id: newSecretId(), owner, content });
  secret.label = name;
  secret.description = options.description ?? '';
  return secretUri(secret.id);
}

/** `juju update-secret`: content as it was makes no revision. With `autoPrune`, revisions go that nobody sees any more. */
export function updateSecret(
  state: ModelState,
  reference: string,
  change: {
    readonly content?: SecretValues;
    readonly name?: string;
    readonly description?: string;
    readonly autoPrune?: boolean;
  },
): void {
  const secret = requireUserSecret(state, reference);
  const content = encodeContent(change.content ?? {});
  if (isEmptyContent(content) && !change.name && !change.description && change.autoPrune === undefined) {
    throw new Error('at least one attribute to update must be specified');
  }
  if (change.name && change.name !== secret.label) refuseTakenName(state, change.name);
  const present = contentChecksum(secret.revisions[secret.latest]?.content ?? {});
  if (!isEmptyContent(content) && contentChecksum(content) !== present) addRevision(secret, content);
  secret.label = change.name || secret.label;
  secret.description = change.description || secret.description;
  secret.autoPrune = change.autoPrune ?? secret.autoPrune;
  secret.updated = secondsOf(new Date());
  pruneRevisions(state, secret);
}

/** `juju remove-secret`: the whole secret, or one revision. */
export function removeSecret(state: ModelState, reference: string, revision?: number): void {
  const secret = requireUserSecret(state, reference);
  if (revision === undefined) delete state.secrets[secret.id];
  else removeRevision(state, secret, revision);
}

/** `juju grant-secret`: to all units that the applications have, and will have. Grants those it can before it throws. */
export function grantSecret(state: ModelState, reference: string, applications: readonly string[]): void {
  changeAccess(state, { reference, applications }, (secret, subject) => {
    if (secret.grants.some((grant) => isSameSubject(grant.subject, subject))) return;
    secret.grants.push({ subject, relation: null });
  });
}

/** `juju revoke-secret`. Revokes from those it can before it throws. */
export function revokeSecret(state: ModelState, reference: string, applications: readonly string[]): void {
  changeAccess(state, { reference, applications }, (secret, subject) => {
    secret.grants = secret.grants.filter((grant) => !isSameSubject(grant.subject, subject));
  });
}

/** `juju secrets --format json`: every secret of the model by id, those of charms too. */
export function listSecrets(state: ModelState): Record<string, SecretDetails> {
  const secrets = Object.values(state.secrets).map((secret) => [secret.id, describeSecret(secret)] as const);
  return Object.fromEntries(secrets);
}

/** `juju show-secret --format json`: one secret, by id or by an operator's name for it. */
export function showSecret(
  state: ModelState,
  reference: string,
  options: { readonly reveal?: boolean; readonly revision?: number; readonly revisions?: boolean } = {},
): Record<string, SecretDetails> {
  const { reveal = false, revisions = false, revision } = options;
  if (revisions && reveal) throw new Error('specify either --revisions or --reveal but not both');
  if (revisions && revision !== undefined) {
    throw new Error('specify either --revisions or --revision but not both');
  }
  if (revision !== undefined && revision < 0) throw new Error('revision must be a positive integer');
  const secret = requireSecret(state, reference);
  const wanted = revision || secret.latest;
  if (secret.revisions[wanted] === undefined) throw new Error(`secret revision ${wanted} not found`);
  const shown = { ...(reveal ? { content: wanted } : {}), isWithRevisions: revisions };
  return { [secret.id]: describeWholeSecret(state, secret, shown) };
}

/** Removes what an application or a unit that is gone owned, and what it was granted, tracked and called its own. */
export function removeSecretsOf(
  state: ModelState,
  gone: { readonly application: string } | { readonly unit: string },
): void {
  const subject: SecretSubject =
    'unit' in gone ? { kind: 'unit', name: gone.unit } : { kind: 'application', name: gone.application };
  for (const secret of Object.values(state.secrets)) {
    const { owner } = secret;
    if (owner.kind === subject.kind && owner.name === subject.name) {
      delete state.secrets[secret.id];
      continue;
    }
    secret.grants = secret.grants.filter((grant) => !isSameSubject(grant.subject, subject));
    if (subject.kind === 'unit') delete secret.consumers[subject.name];
  }
}

function changeAccess(
  state: ModelState,
  asked: { readonly reference: string; readonly applications: readonly string[] },
  change: (secret: SecretState, subject: SecretSubject) => void,
): void {
  const secret = requireUserSecret(state, asked.reference);
  const failures: string[] = [];
  for (const name of asked.applications) {
    if (state.applications[name] === undefined) {
      failures.push(
        `cannot change access to "${secretUri(secret.id)}" for "${name}": application "${name}" not found`,
      );
    } else {
      change(secret, { kind: 'application', name });
    }
  }
  if (failures.length > 0) throw new Error(`failed to grant/revoke secret: ${failures.join(', ')}`);
}

/** What charms own is for them to change. */
function requireUserSecret(state: ModelState, reference: string): SecretState {
  const secret = requireSecret(state, reference);
  if (secret.owner.kind !== 'model') throw new Error('permission denied');
  return secret;
}

function requireSecret(state: ModelState, reference: string): SecretState {
  const id = parseSecretUri(reference);
  const secret = id === undefined ? findByName(state, reference) : state.secrets[id];
  if (secret === undefined) throw new Error(`secret ${JSON.stringify(id ?? reference)} not found`);
  return secret;
}

function findByName(state: ModelState, name: string): SecretState | undefined {
  return Object.values(state.secrets).find(({ owner, label }) => owner.kind === 'model' && label === name);
}

function refuseTakenName(state: ModelState, name: string): void {
  if (findByName(state, name) === undefined) return;
  throw new Error(`secret with name ${JSON.stringify(name)} already exists`);
}
