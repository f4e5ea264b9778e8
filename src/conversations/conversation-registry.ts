import { compareNumbered } from '../relations/natural-order.ts';
import { compareCodePoints, type JsonValue } from '../store/python-json.ts';
import { Conversation, type ConversationContext } from './conversation.ts';
import {
  CONVERSATION_PREFIX,
  type ConversationName,
  conversationKey,
  parseConversationKey,
} from './conversation-key.ts';
import { RelationConversation } from './relation-conversation.ts';

/** The conversations of one hook: one object for each key, however often it is asked for. */
export class ConversationRegistry {
  readonly #context: ConversationContext;
  readonly #byKey = new Map<string, Conversation>();

  constructor(context: ConversationContext) {
    this.#context = context;
  }

  /** The conversation of that name: as the store has it, else without units. It is not stored before a unit joins. */
  open(name: ConversationName): Conversation {
    const key = conversationKey(name);
    let conversation = this.#byKey.get(key);
    if (!conversation) {
      conversation = this.#make(name, readUnits(this.#context.store.get(key), key));
      this.#byKey.set(key, conversation);
    }
    return conversation;
  }

  /**
   * The conversations a flag lists: those that go on. Only when all have ended, those, so that the flag can still be
   * cleared through them.
   */
  load(keys: readonly string[]): Conversation[] {
    const named = keys.flatMap((key) => parseConversationKey(key) ?? []).map((name) => this.open(name));
    const living = named.filter(isLiving);
    return living.length > 0 ? living : named;
  }

  /** The conversations in the store whose namespace is the given one, in order of scope, units by number. */
  listStored(namespace: string): Conversation[] {
    const keys = Object.keys(this.#context.store.getRange(`${CONVERSATION_PREFIX}${namespace}.`));
    return keys
      .flatMap((key) => parseConversationKey(key) ?? [])
      .map((name) => this.open(name))
      .filter(isLiving)
      .sort((a, b) => compareNumbered(a.scope, b.scope));
  }

  #make(name: ConversationName, units: readonly string[]): Conversation {
    if (name.scope !== '') return new Conversation({ ...name, units }, this.#context);
    return new RelationConversation(name.namespace, {
      context: this.#context,
      listMembers: () => this.listStored(name.namespace),
    });
  }
}

/** Whether a conversation has begun and not ended; one of a relation as a whole is only ever of this hook. */
export function isLiving(conversation: Conversation): boolean {
  return conversation.scope !== '' && conversation.units.length > 0;
}

/** Whatever the store holds under the key, only a conversation's own entry is one: local data lies beside it. */
function readUnits(stored: JsonValue, key: string): string[] {
  if (typeof stored !== 'object' || stored === null || !('namespace' in stored)) return [];
  const { namespace, scope, units } = stored;
  if (typeof namespace !== 'string' || typeof scope !== 'string' || !Array.isArray(units)) return [];
  if (conversationKey({ namespace, scope }) !== key) return [];
  const names = units.filter((unit): unit is string => typeof unit === 'string' && unit !== '');
  return names.sort(compareCodePoints);
}
