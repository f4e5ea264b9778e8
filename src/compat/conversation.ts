import { Conversation as NativeConversation, type RemoteValue } from '../conversations/conversation.ts';
import type { JsonValue } from '../store/python-json.ts';
import { isPythonTrue } from './python-truth.ts';

/**
 * A conversation by its Python names. It is the very one that `Conversation` of `charms-reactive` is, with all of its own
 * members: `key`, `namespace`, `scope`, `units`, `depart`, … see there.
 */
export abstract class Conversation extends NativeConversation {
  /** Every conversation has the names, once an endpoint of this package handed it out. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeConversation;
  }

  /** The endpoint's name in metadata.yaml. */
  get relation_name(): string {
    return this.relationName;
  }

  /** The ids of the relations it speaks in. */
  get relation_ids(): string[] {
    return this.relationIds;
  }

  /** Puts this conversation into a state, with `{relation_name}` filled in: the flag is set. */
  set_state(state: string): void {
    this.setState(state);
  }

  /** The same as `set_state`. */
  set_flag(flag: string): void {
    this.setState(flag);
  }

  /** Takes this conversation out of a state; the flag is cleared when no other one is in it. */
  remove_state(state: string): void {
    this.removeState(state);
  }

  /** The same as `remove_state`. */
  remove_flag(flag: string): void {
    this.removeState(flag);
  }

  /** Whether this conversation is in a state. */
  is_state(state: string): boolean {
    return this.isState(state);
  }

  /** The same as `is_state`. */
  is_flag_set(flag: string): boolean {
    return this.isState(flag);
  }

  /** Puts it into a state or takes it out, by whether Python takes `active` for true; without it, into the opposite. */
  toggle_state(state: string, ...given: [active?: unknown]): void {
    if (given.length === 0) this.toggleState(state);
    else this.toggleState(state, isPythonTrue(given[0]));
  }

  /** The same as `toggle_state`. */
  toggle_flag(flag: string, ...given: [active?: unknown]): void {
    this.toggle_state(flag, ...given);
  }

  /** Publishes values to the other side when the hook succeeds: one by its key, or several as an object. */
  set_remote(key: string, value: RemoteValue): void;
  set_remote(values: Readonly<Record<string, RemoteValue>>): void;
  set_remote(...given: unknown[]): void {
    this.setRemote(...(given as [string, RemoteValue]));
  }

  /** What the other side published under a key, as text; `fallback` when nobody did. */
  get_remote(key: string): string | null;
  get_remote<F extends JsonValue>(key: string, fallback: F): string | F;
  get_remote(key: string, fallback: JsonValue = null): JsonValue {
    return this.getRemote(key, fallback);
  }

  /** Keeps values with this conversation, from hook to hook: one by its key, or several as an object. */
  set_local(key: string, value: JsonValue): void;
  set_local(values: Readonly<Record<string, JsonValue>>): void;
  set_local(...given: unknown[]): void {
    this.setLocal(...(given as [string, JsonValue]));
  }

  /** A value that `set_local` kept; `fallback` when there is none. */
  get_local(key: string, fallback: JsonValue = null): JsonValue {
    return this.getLocal(key, fallback);
  }
}
