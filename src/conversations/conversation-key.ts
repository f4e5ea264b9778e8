/** Where the store keeps conversations: `reactive.conversations.<namespace>.<scope>`, as the reference does. */
export const CONVERSATION_PREFIX = 'reactive.conversations.';

/** What stands between a conversation's key and the name of a value kept with it. */
export const LOCAL_DATA = '.local-data.';

/** What tells one conversation from another. */
export interface ConversationName {
  /** A relation id (`db:3`); for scopes that span relations, the endpoint's name (`db`). */
  readonly namespace: string;
  /** A unit, an application, or a text that the interface chose. */
  readonly scope: string;
}

/** `reactive.conversations.db:3.redis/0`. */
export function conversationKey({ namespace, scope }: ConversationName): string {
  return `${CONVERSATION_PREFIX}${namespace}.${scope}`;
}

/** Reads a key back: no endpoint's name has a dot, so the first one ends the namespace. */
export function parseConversationKey(key: string): ConversationName | undefined {
  if (!key.startsWith(CONVERSATION_PREFIX)) return undefined;
  const name = key.slice(CONVERSATION_PREFIX.length);
  const dot = name.indexOf('.');
  return dot > 0 ? { namespace: name.slice(0, dot), scope: name.slice(dot + 1) } : undefined;
}

/** The endpoint a namespace belongs to. */
export function endpointOf(namespace: string): string {
  return namespace.split(':')[0] ?? namespace;
}

/** Whether a namespace is one relation, and not all of an endpoint's. */
export function isRelationId(namespace: string): boolean {
  return namespace.includes(':');
}
