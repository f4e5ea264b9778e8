import type { HookContext } from '../hook/environment.ts';
import type { ConversationName } from './conversation-key.ts';
import { scopes } from './scopes.ts';

/** Whether each relation has conversations of its own in a scope, rather than all share one. */
export function isWithinRelation(scope: string): boolean {
  return scope === scopes.UNIT || scope === scopes.SERVICE;
}

/**
 * The conversation of an endpoint that a hook is about; undefined when the hook is about none of its relations.
 *
 * Where the hook names no unit, scope UNIT gives the empty scope, which stands for the relation as a whole.
 */
export function nameHookConversation(
  { relation }: HookContext,
  { endpoint, scope }: { readonly endpoint: string; readonly scope: string },
): ConversationName | undefined {
  if (relation?.endpoint !== endpoint) return undefined;
  const { id, remoteUnit, remoteApplication } = relation;
  if (scope === scopes.UNIT) return { namespace: id, scope: remoteUnit ?? '' };
  if (scope !== scopes.SERVICE) return { namespace: endpoint, scope };
  return { namespace: id, scope: remoteUnit?.split('/')[0] ?? remoteApplication ?? '' };
}
