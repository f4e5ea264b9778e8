import type { Flags } from '../flags/flag-registry.ts';
import { HandlerHost } from '../handlers/handler-host.ts';
import type { HookContext } from '../hook/environment.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import { dataChanged, type HashOptions, isDataChanged } from '../relations/data-changes.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import type { Conversation, RemoteValue } from './conversation.ts';
import { scopes } from './scopes.ts';

/** What the framework gives a RelationBase; pass it on to `super` when a subclass has a constructor of its own. */
export interface RelationBaseContext {
  readonly declaration: EndpointDeclaration;
  readonly hook: HookContext;
  readonly tools: HookTools;
  readonly flags: Flags;
  readonly store: UnitData;
  /** The conversations that the object speaks for; asked whenever they are needed. */
  readonly listConversations: () => readonly Conversation[];
  /** The key of the conversation that this hook is about; undefined in hooks that are about none of the endpoint's. */
  readonly hookKey: string | undefined;
}

/**
 * One side of an interface's protocol in the older style of the reference: conversations with groups of remote units,
 * and handlers that wait for relation hooks. Extend it in `requires.ts`, `provides.ts` or `peers.ts` of an interface; new
 * interfaces are better off with Endpoint.
 *
 * An object is made anew wherever one is needed, so a field lasts no longer than that. It speaks for some of its
 * endpoint's conversations. In a method that waits for hooks, `this` speaks for the one
 * the hook is about. In a method that waits for flags, for those that are in the state of the first flag that conversations
 * set. Elsewhere (`unit.endpoint`), for all of them.
 *
 * What has no `scope` as its last argument goes to the conversation that the hook is about, where the object speaks for
 * it, and else to every one it speaks for. The framework keeps no automatic flags for such an endpoint.
 */
export abstract class RelationBase extends HandlerHost {
  /** How remote units are grouped into conversations: one of `scopes`, or a text of the interface's own. */
  static readonly scope: string = scopes.UNIT;

  readonly #context: RelationBaseContext;

  constructor(context: RelationBaseContext) {
    super();
    this.#context = context;
  }

  /** The endpoint's name in metadata.yaml. */
  get relationName(): string {
    return this.#context.declaration.name;
  }

  /** The same as `relationName`, under the name that Endpoint has for it. */
  get endpointName(): string {
    return this.#context.declaration.name;
  }

  /** The endpoint's role, interface, scope and limit in metadata.yaml. */
  get declaration(): EndpointDeclaration {
    return this.#context.declaration;
  }

  /** What Juju said about this hook. */
  get hook(): HookContext {
    return this.#context.hook;
  }

  /** The hook tools, for what has no better way. */
  get tools(): HookTools {
    return this.#context.tools;
  }

  /** The flags by their full names. */
  get flags(): Flags {
    return this.#context.flags;
  }

  /** The unit's own data. */
  get kv(): UnitData {
    return this.#context.store;
  }

  /** The conversations that this object speaks for. */
  conversations(): Conversation[] {
    return [...this.#context.listConversations()];
  }

  /**
   * One conversation: the one of that scope, or, without a scope, the one the hook is about, or the only one there is.
   * @throws Error when there is none of that scope, or none or several to choose from.
   */
  conversation(scope?: string): Conversation {
    const [conversation, ...others] = this.#addressed(scope);
    if (conversation && others.length === 0) return conversation;
    const count = others.length === 0 ? 'no conversation' : `${others.length + 1} conversations`;
    throw new Error(
      `cannot choose a conversation of "${this.relationName}" in the hook "${this.hook.name}": it is about none of them, ` +
        `and this object speaks for ${count}; give a scope, or go through conversations()`,
    );
  }

  /** Puts conversations into a state, with `{relation_name}` filled in: the flag is set. See Conversation. */
  setState(state: string, scope?: string): void {
    for (const conversation of this.#addressed(scope)) conversation.setState(state);
  }

  /** Takes conversations out of a state; the flag is cleared when no other one is in it. */
  removeState(state: string, scope?: string): void {
    for (const conversation of this.#addressed(scope)) conversation.removeState(state);
  }

  /** Whether one of the conversations is in a state. */
  isState(state: string, scope?: string): boolean {
    return this.#addressed(scope).some((conversation) => conversation.isState(state));
  }

  /** Puts conversations into a state or takes them out; without `active`, each into the opposite of what it is in. */
  toggleState(state: string, active?: boolean, scope?: string): void {
    for (const conversation of this.#addressed(scope)) conversation.toggleState(state, active);
  }

  /** The same as `setState`. */
  setFlag(flag: string, scope?: string): void {
    this.setState(flag, scope);
  }

  /** The same as `removeState`. */
  clearFlag(flag: string, scope?: string): void {
    this.removeState(flag, scope);
  }

  /** The same as `isState`. */
  isFlagSet(flag: string, scope?: string): boolean {
    return this.isState(flag, scope);
  }

  /** The same as `toggleState`. */
  toggleFlag(flag: string, active?: boolean, scope?: string): void {
    this.toggleState(flag, active, scope);
  }

  /** Publishes values to the other side of conversations when the hook succeeds. See Conversation. */
  setRemote(key: string, value: RemoteValue, scope?: string): void;
  setRemote(values: Readonly<Record<string, RemoteValue>>, scope?: string): void;
  setRemote(...given: readonly unknown[]): void {
    const { values, scope } = readKeyed<RemoteValue>(given);
    for (const conversation of this.#addressed(scope)) conversation.setRemote(values);
  }

  /**
   * What the other side published under a key, as text; the first unit of the conversations that has it counts.
   * `fallback` (null unless given) when none has it. Nobody checked it: do so before relying on it.
   */
  getRemote(key: string): string | null;
  getRemote<F extends JsonValue>(key: string, fallback: F, scope?: string): string | F;
  getRemote(key: string, fallback: JsonValue = null, scope?: string): JsonValue {
    for (const conversation of this.#addressed(scope)) {
      const text = conversation.getRemote(key);
      if (text !== null) return text;
    }
    return fallback;
  }

  /** Keeps values with conversations, from hook to hook. They are for this unit alone. */
  setLocal(key: string, value: JsonValue, scope?: string): void;
  setLocal(values: Readonly<Record<string, JsonValue>>, scope?: string): void;
  setLocal(...given: readonly unknown[]): void {
    const { values, scope } = readKeyed<JsonValue>(given);
    for (const conversation of this.#addressed(scope)) conversation.setLocal(values);
  }

  /** A value that `setLocal` kept, with the first conversation that has one; else `fallback` (null unless given). */
  getLocal(key: string, fallback: JsonValue = null, scope?: string): JsonValue {
    const absent: JsonValue = {};
    for (const conversation of this.#addressed(scope)) {
      const value = conversation.getLocal(key, absent);
      if (value !== absent) return value;
    }
    return fallback;
  }

  /** Whether a value differs from the one given under this id the last time, and remembers it. */
  dataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return dataChanged(this.#context.store, id, value, options);
  }

  /** Like `dataChanged`, but remembers nothing. */
  isDataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return isDataChanged(this.#context.store, id, value, options);
  }

  #addressed(scope: string | undefined): Conversation[] {
    const all = this.conversations();
    const ofHook = all.filter(({ key }) => key === this.#context.hookKey);
    if (scope === undefined) return ofHook.length > 0 ? ofHook : all;
    const found = [...ofHook, ...all].find((conversation) => conversation.scope === scope);
    if (found) return [found];
    const scopesOfAll = all.map((conversation) => `"${conversation.scope}"`).join(', ') || 'none';
    throw new Error(
      `cannot find a conversation of "${this.relationName}" with the scope "${scope}": there are ${scopesOfAll}`,
    );
  }
}

interface Keyed<T> {
  readonly values: Readonly<Record<string, T>>;
  readonly scope: string | undefined;
}

/** The arguments are a key and its value, or several as one object; then perhaps a scope. */
function readKeyed<T>([first, second, third]: readonly unknown[]): Keyed<T> {
  return typeof first === 'string'
    ? ({ values: Object.fromEntries([[first, second]]), scope: third } as Keyed<T>)
    : ({ values: first, scope: second } as Keyed<T>);
}
