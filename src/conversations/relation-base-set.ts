import type { Flags } from '../flags/flag-registry.ts';
import type { ConditionData } from '../handlers/condition.ts';
import { declaredMethods, type HandlerHost } from '../handlers/handler-host.ts';
import type { HookContext } from '../hook/environment.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import type { Relation } from '../relations/relation.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import type { Conversation } from './conversation.ts';
import { type ConversationName, conversationKey, parseConversationKey } from './conversation-key.ts';
import { ConversationRegistry, isLiving } from './conversation-registry.ts';
import { EndpointRelations } from './endpoint-relations.ts';
import { keepHolders, readHolders } from './flag-holders.ts';
import { isWithinRelation, nameHookConversation } from './hook-conversation.ts';
import { moveOlderConversations } from './older-conversations.ts';
import type { RelationBase } from './relation-base.ts';
import {
  findImplemented,
  type ImplementedEndpoint,
  type RelationBaseImplementation,
} from './relation-base-class.ts';
import { scopes } from './scopes.ts';

/** The handlers of one endpoint. */
export interface RelationBaseHandlers {
  readonly declaration: EndpointDeclaration;
  /** Names of methods, with what they wait for; the endpoint's name is filled in. */
  readonly methods: readonly { readonly name: string; readonly conditions: readonly ConditionData[] }[];
  /** The object to call a method on, made when it is about to run. */
  readonly thisFor: (conditions: readonly ConditionData[]) => HandlerHost;
}

/** The charm's endpoints that a RelationBase implements, in one hook. */
export class RelationBaseSet {
  readonly #context: {
    readonly hook: HookContext;
    readonly tools: HookTools;
    readonly flags: Flags;
    readonly store: UnitData;
  };
  readonly #endpoints: ReadonlyMap<string, ImplementedEndpoint>;
  readonly #relations: EndpointRelations;
  readonly #conversations: ConversationRegistry;

  constructor(source: {
    /** Every endpoint of the charm, in metadata order. */
    readonly declarations: readonly EndpointDeclaration[];
    readonly implementations: readonly RelationBaseImplementation[];
    readonly context: {
      readonly hook: HookContext;
      readonly tools: HookTools;
      readonly flags: Flags;
      readonly store: UnitData;
    };
  }) {
    this.#context = source.context;
    this.#relations = new EndpointRelations(source.context);
    this.#conversations = new ConversationRegistry({ ...source.context, relations: this.#relations });
    this.#endpoints = findImplemented(source.declarations, source.implementations);
  }

  /** Whether a RelationBase implements the endpoint of that name. */
  has(name: string): boolean {
    return this.#endpoints.has(name);
  }

  /** Every relation that was looked at in this hook, for the publisher. */
  get knownRelations(): Iterable<Relation> {
    return this.#relations.known;
  }

  /** An endpoint by name, speaking for all its conversations; undefined when no RelationBase implements it. */
  fromName(name: string): RelationBase | undefined {
    const endpoint = this.#endpoints.get(name);
    if (!endpoint) return undefined;
    this.#joinHook(endpoint);
    return this.#make(endpoint, () => this.#listAll(endpoint));
  }

  /**
   * The endpoint whose conversations set a flag, speaking for those that are in that state. Undefined when the flag is
   * not set, was set by anything but a conversation, or no RelationBase implements the endpoint.
   */
  fromFlag(flag: string): RelationBase | undefined {
    const holders = readHolders(this.#context.flags.value(flag));
    const endpoint = holders && this.#endpoints.get(holders.relation);
    return endpoint && this.#make(endpoint, () => this.#conversations.load(holders.conversations));
  }

  /** The handlers of an implementation's endpoints, in metadata order. */
  handlersOf(implementation: RelationBaseImplementation): RelationBaseHandlers[] {
    return [...this.#endpoints.values()]
      .filter((endpoint) => endpoint.implementation === implementation)
      .map((endpoint) => {
        const ofHook = this.#make(endpoint, () => this.#listOfHook(endpoint));
        const { declaration } = endpoint;
        return {
          declaration,
          methods: declaredMethods(ofHook).map(({ name, conditions }) => ({
            name,
            conditions: conditions.map((condition) => fillName(condition, declaration.name)),
          })),
          thisFor: (conditions) =>
            waitsForHook(conditions) && this.#joinHook(endpoint)
              ? ofHook
              : this.#ofFlags(endpoint, conditions),
        };
      });
  }

  /** Begins a hook: moves conversations that an old release of the reference stored. */
  start(): void {
    if (this.#endpoints.size === 0) return;
    moveOlderConversations({
      ...this.#context,
      relations: this.#relations,
      scopeOf: (name) => this.#endpoints.get(name)?.implementation.relationBaseClass.scope,
    });
  }

  /**
   * Ends a hook: a unit that departed leaves its own conversation (the reference's rule: no other one), and once a relation
   * is broken its conversations that have ended leave every flag.
   */
  finish(): void {
    const { name, relation } = this.#context.hook;
    if (!relation || !this.has(relation.endpoint)) return;
    if (name.endsWith('-relation-departed') && relation.remoteUnit) {
      this.#conversations.open({ namespace: relation.id, scope: relation.remoteUnit }).depart();
    }
    if (name.endsWith('-relation-broken')) this.#forgetEnded(relation.id);
  }

  #make(endpoint: ImplementedEndpoint, listConversations: () => readonly Conversation[]): RelationBase {
    const { declaration, implementation } = endpoint;
    const hookName = this.#nameHookConversation(endpoint);
    return new implementation.relationBaseClass({
      ...this.#context,
      declaration,
      listConversations,
      hookKey: hookName && conversationKey(hookName),
    });
  }

  /** Takes the hook's unit into its conversation; false in a hook that is about none of the endpoint's relations. */
  #joinHook(endpoint: ImplementedEndpoint): boolean {
    const hookName = this.#nameHookConversation(endpoint);
    if (hookName) this.#conversations.open(hookName).join();
    return hookName !== undefined;
  }

  #ofFlags(endpoint: ImplementedEndpoint, conditions: readonly ConditionData[]): RelationBase {
    const flags = conditions.flatMap((condition) => (condition.kind === 'all' ? condition.flags : []));
    return (
      flags
        .map((flag) => this.fromFlag(flag))
        .find((relation) => relation?.relationName === endpoint.declaration.name) ??
      this.#make(endpoint, () => this.#listAll(endpoint))
    );
  }

  #nameHookConversation({ declaration, implementation }: ImplementedEndpoint): ConversationName | undefined {
    return nameHookConversation(this.#context.hook, {
      endpoint: declaration.name,
      scope: implementation.relationBaseClass.scope,
    });
  }

  #listOfHook(endpoint: ImplementedEndpoint): Conversation[] {
    const hookName = this.#nameHookConversation(endpoint);
    return hookName ? [this.#conversations.open(hookName)] : this.#listAll(endpoint);
  }

  /** Those that go on in relations that are there, of the class's own scope: it may have had another one earlier. */
  #listAll({ declaration, implementation }: ImplementedEndpoint): Conversation[] {
    const { scope } = implementation.relationBaseClass;
    const ids = this.#relations.presentIdsOf(declaration.name);
    if (!isWithinRelation(scope)) {
      return ids.length > 0 ? [this.#conversations.open({ namespace: declaration.name, scope })] : [];
    }
    return ids
      .flatMap((id) => this.#conversations.listStored(id))
      .filter((conversation) => conversation.scope.includes('/') === (scope === scopes.UNIT));
  }

  #forgetEnded(relationId: string): void {
    const { flags, store } = this.#context;
    store.unset(conversationKey({ namespace: relationId, scope: '' }));
    const hasEnded = (key: string): boolean => {
      const name = parseConversationKey(key);
      return name?.namespace === relationId && !isLiving(this.#conversations.open(name));
    };
    for (const flag of flags.list()) {
      const listsEnded = readHolders(flags.value(flag))?.conversations.some(hasEnded) ?? false;
      if (listsEnded) keepHolders(flags, flag, (key) => !hasEnded(key));
    }
  }
}

function waitsForHook(conditions: readonly ConditionData[]): boolean {
  return conditions.some(({ kind }) => kind === 'hook');
}

function fillName(condition: ConditionData, name: string): ConditionData {
  if (!('flags' in condition)) return condition;
  const fill = (flag: string): string =>
    flag.replaceAll('{relation_name}', name).replaceAll('{endpoint_name}', name);
  return { ...condition, flags: condition.flags.map(fill) };
}
