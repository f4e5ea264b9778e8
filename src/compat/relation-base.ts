// biome-ignore-all lint/complexity/noThisInStatic: these are called on subclasses, and that is which they ask for
import type { RemoteValue } from '../conversations/conversation.ts';
import {
  RelationBase as NativeRelationBase,
  type RelationBaseContext,
} from '../conversations/relation-base.ts';
import type { JsonValue } from '../store/python-json.ts';
import { Conversation } from './conversation.ts';
import { lendNames } from './lend-names.ts';
import { isPythonTrue } from './python-truth.ts';
import { endpoint_from_flag, endpoint_from_name } from './relations.ts';

/** A class of RelationBase, as `from_name` and its kin are called on. */
type RelationBaseType<R> = abstract new (...parameters: never[]) => R;

/**
 * RelationBase of `charms-reactive` by its Python names as well; see there for what an object speaks for.
 *
 * What has no `scope` goes to the conversation that the hook is about, and else to every one (unlike the reference, which
 * then throws).
 */
export abstract class RelationBase extends NativeRelationBase {
  /**
   * Keys of the other side's data that get a method, dashes written as underscores. TypeScript is told of each:
   * `declare readonly host: () => string | null`.
   */
  static readonly auto_accessors: readonly string[] = [];
  /** For subclasses: their states, `{ connected: State('{relation_name}.connected') }`. */
  static readonly states: object = {};

  constructor(context: RelationBaseContext) {
    super(context);
    contexts.set(this, context);
    defineAccessors(new.target);
  }

  /** The endpoint of that name, as `endpoint_from_name` gives it. */
  static from_name<R extends NativeRelationBase>(this: RelationBaseType<R>, name: string | null): R | null {
    return endpoint_from_name(name, this);
  }

  /** The endpoint that a flag belongs to, as `endpoint_from_flag` gives it. */
  static from_flag<R extends NativeRelationBase>(this: RelationBaseType<R>, flag: string): R | null {
    return endpoint_from_flag(flag, this);
  }

  /** The same as `from_flag`. */
  static from_state<R extends NativeRelationBase>(this: RelationBaseType<R>, state: string): R | null {
    return endpoint_from_flag(state, this);
  }

  /** The endpoint's name in metadata.yaml. */
  get relation_name(): string {
    return this.relationName;
  }

  override conversations(): Conversation[] {
    return super.conversations().map((conversation) => lendNames(conversation, Conversation));
  }

  override conversation(scope?: string): Conversation {
    return lendNames(super.conversation(scope), Conversation);
  }

  /** Puts conversations into a state, with `{relation_name}` filled in: the flag is set. */
  set_state(state: string, scope?: string): void {
    this.setState(state, scope);
  }

  /** The same as `set_state`. */
  set_flag(flag: string, scope?: string): void {
    this.setState(flag, scope);
  }

  /** Takes conversations out of a state; the flag is cleared when no other one is in it. */
  remove_state(state: string, scope?: string): void {
    this.removeState(state, scope);
  }

  /** The same as `remove_state`. */
  remove_flag(flag: string, scope?: string): void {
    this.removeState(flag, scope);
  }

  /** Whether one of the conversations is in a state. */
  is_state(state: string, scope?: string): boolean {
    return this.isState(state, scope);
  }

  /** The same as `is_state`. */
  is_flag_set(flag: string, scope?: string): boolean {
    return this.isState(flag, scope);
  }

  /** Puts them into a state or takes them out, by whether Python takes `active` for true; without it, into the opposite. */
  toggle_state(state: string, ...given: [active?: unknown, scope?: string]): void {
    const [active, scope] = given;
    this.toggleState(state, given.length === 0 ? undefined : isPythonTrue(active), scope);
  }

  /** The same as `toggle_state`. */
  toggle_flag(flag: string, ...given: [active?: unknown, scope?: string]): void {
    this.toggle_state(flag, ...given);
  }

  /** Publishes values to the other side when the hook succeeds: one by its key, or several as an object. */
  set_remote(key: string, value: RemoteValue, scope?: string): void;
  set_remote(values: Readonly<Record<string, RemoteValue>>, scope?: string): void;
  set_remote(...given: unknown[]): void {
    this.setRemote(...(given as [string, RemoteValue]));
  }

  /** What the other side published under a key, as text; `fallback` when nobody did. */
  get_remote(key: string): string | null;
  get_remote<F extends JsonValue>(key: string, fallback: F, scope?: string): string | F;
  get_remote(key: string, fallback: JsonValue = null, scope?: string): JsonValue {
    return this.getRemote(key, fallback, scope);
  }

  /** Keeps values with conversations, from hook to hook: one by its key, or several as an object. */
  set_local(key: string, value: JsonValue, scope?: string): void;
  set_local(values: Readonly<Record<string, JsonValue>>, scope?: string): void;
  set_local(...given: unknown[]): void {
    this.setLocal(...(given as [string, JsonValue]));
  }

  /** A value that `set_local` kept; `fallback` when there is none. */
  get_local(key: string, fallback: JsonValue = null, scope?: string): JsonValue {
    return this.getLocal(key, fallback, scope);
  }
}

/** The same endpoint, speaking only for the conversation that the hook is about: what `@hook` hands to a function. */
export function speakingForHook(relation: RelationBase): RelationBase {
  const context = contexts.get(relation) as RelationBaseContext;
  const relationClass = relation.constructor as new (context: RelationBaseContext) => RelationBase;
  const listConversations = () => context.listConversations().filter(({ key }) => key === context.hookKey);
  return new relationClass({ ...context, listConversations });
}

const contexts = new WeakMap<RelationBase, RelationBaseContext>();

function defineAccessors({
  auto_accessors: keys,
  name: className,
  prototype,
}: {
  readonly auto_accessors: readonly string[];
  readonly name: string;
  readonly prototype: RelationBase;
}): void {
  for (const key of keys) {
    const name = key.replaceAll('-', '_');
    if (Object.hasOwn(prototype, name)) continue;
    if (name === '' || name in RelationBase.prototype) {
      throw new TypeError(
        `cannot make the accessor "${name}" of ${className}: the name is taken; read it with get_remote("${key}")`,
      );
    }
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: function access(this: RelationBase): string | null {
        return this.get_remote(key);
      },
    });
  }
}
