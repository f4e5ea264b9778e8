import { ToolFailure } from '../hook-tools/tool-errors.ts';
import type { SecretOwner } from '../state/secret-state.ts';
import type { HookContext } from './hook-context.ts';
import type { SecretFacts } from './secret-changes.ts';

/** The secrets that a hook's unit may change: its own, and its application's while it leads. */
export function managedSecrets(context: HookContext): SecretFacts[] {
  return context.changes.secrets.all().filter(({ owner }) => isManaged(context, owner));
}

/**
 * A secret that a hook is to change. Throws `ToolFailure` where there is none, it is somebody else's, or it is the
 * application's and this unit does not lead.
 */
export function requireManaged(context: HookContext, id: string): SecretFacts {
  const facts = context.changes.secrets.find(id);
  if (facts === undefined || !isOurs(context, facts.owner)) throw secretNotFound(id);
  if (!isManaged(context, facts.owner)) context.requireLeader();
  return facts;
}

/** What Juju says where there is no such secret, by id or by label. */
export function secretNotFound(name: string): ToolFailure {
  return new ToolFailure(`secret ${JSON.stringify(name)} not found`);
}

function isManaged(context: HookContext, owner: SecretOwner): boolean {
  return isOurs(context, owner) && (owner.kind === 'unit' || context.isLeader);
}

function isOurs({ unit }: HookContext, { kind, name }: SecretOwner): boolean {
  return kind !== 'model' && name === (kind === 'unit' ? unit.name : unit.application);
}
