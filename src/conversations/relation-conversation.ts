import { Conversation, type ConversationContext } from './conversation.ts';
import { CONVERSATION_PREFIX, conversationKey } from './conversation-key.ts';

/**
 * A relation as a whole, in a hook that is about none of its units: created, broken, and changed where an application's
 * databag changed.
 *
 * It speaks for every conversation of the relation: a state is set for each of them (for the relation itself while there
 * is none), and removed from all, also from those that have ended. The reference makes a conversation with a nameless
 * unit here, whose flags nobody could ever clear.
 */
export class RelationConversation extends Conversation {
  readonly #listMembers: () => readonly Conversation[];

  constructor(
    relationId: string,
    source: { readonly context: ConversationContext; readonly listMembers: () => readonly Conversation[] },
  ) {
    super({ namespace: relationId, scope: '', units: [] }, source.context);
    this.#listMembers = source.listMembers;
  }

  override get units(): readonly string[] {
    return this.#listMembers().flatMap(({ units }) => units);
  }

  protected override holders(): readonly string[] {
    const members = this.#listMembers();
    return members.length > 0 ? members.map(conversationKey) : [this.key];
  }

  protected override holds(key: string): boolean {
    return key.startsWith(`${CONVERSATION_PREFIX}${this.namespace}.`);
  }
}
