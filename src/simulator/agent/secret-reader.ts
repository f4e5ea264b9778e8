import { ToolFailure } from '../hook-tools/tool-errors.ts';
import { mayReadSecret } from '../state/secret-access.ts';
import { pruneRevisions } from '../state/secret-revisions.ts';
import type { SecretContent, SecretState } from '../state/secret-state.ts';
import type { HookContext } from './hook-context.ts';
import { managedSecrets, secretNotFound } from './managed-secrets.ts';

/** What a call of secret-get asks for. */
export interface SecretQuestion {
  /** Absent where the label says which. */
  readonly id?: string;
  /** With an id: the label by which this unit knows the secret from now on. Empty where there is none. */
  readonly label: string;
  /** The revision this unit tracks, or the newest, which `refresh` tracks from now on. */
  readonly revision: 'tracked' | 'peek' | 'refresh';
}

/**
 * The content of a secret as a unit sees it. What it tracks, and its labels, are kept at once, whatever becomes of the hook.
 * Of what the hook itself does it sees a secret it makes; a new revision only where the newest is asked for (Juju's rules).
 * Throws `ToolFailure` where there is no such secret, or the unit was not granted it.
 */
export function readSecret(context: HookContext, asked: SecretQuestion): SecretContent {
  const id = asked.id ?? findByLabel(context, asked.label);
  const { secrets } = context.changes;
  const pending = secrets.pendingContent(id);
  const facts = secrets.find(id);
  if (pending?.isNew && facts !== undefined) {
    if (asked.label !== '') secrets.set(facts, {}, { label: asked.label });
    return pending.content;
  }
  const secret = context.state.secrets[id];
  if (secret === undefined) throw secretNotFound(id);
  if (!mayReadSecret(context.state, context.unit, secret)) throw new ToolFailure('permission denied');
  if (pending !== undefined && asked.revision !== 'tracked') {
    if (asked.revision === 'refresh') secrets.trackPending(id);
    return pending.content;
  }
  return readRevision(context, secret, asked);
}

/** The owner's label counts first, for each unit of an application that owns the secret; then the unit's own. */
function findByLabel(context: HookContext, label: string): string {
  const { state, unit, application } = context;
  const stored = Object.values(state.secrets);
  const known =
    managedSecrets(context).find((secret) => secret.label === label) ??
    stored.find((secret) => isOwnedBy(secret, application.name) && secret.label === label) ??
    stored.find((secret) => secret.consumers[unit.name]?.label === label);
  if (known === undefined) throw new ToolFailure(`consumer label ${JSON.stringify(label)} not found`);
  return known.id;
}

function isOwnedBy({ owner }: SecretState, application: string): boolean {
  return owner.kind === 'application' && owner.name === application;
}

function readRevision(context: HookContext, secret: SecretState, asked: SecretQuestion): SecretContent {
  const { state, unit } = context;
  const before = secret.consumers[unit.name];
  if (asked.id !== undefined && asked.label !== '') takeLabel(context, asked.label);
  const isMoving = before === undefined || asked.revision === 'refresh';
  const tracked = isMoving ? secret.latest : before.tracked;
  const label = asked.id === undefined ? '' : asked.label;
  secret.consumers[unit.name] = { tracked, label: label === '' ? (before?.label ?? '') : label };
  const wanted = asked.revision === 'tracked' ? tracked : secret.latest;
  const content = secret.revisions[wanted]?.content;
  if (content === undefined) throw new ToolFailure(`secret revision ${wanted} not found`);
  pruneRevisions(state, secret);
  return content;
}

/** A unit has each of its labels for one secret. */
function takeLabel({ state, unit }: HookContext, label: string): void {
  for (const other of Object.values(state.secrets)) {
    const consumer = other.consumers[unit.name];
    if (consumer?.label === label) consumer.label = '';
  }
}
