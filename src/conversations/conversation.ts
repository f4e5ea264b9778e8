import type { Flags } from '../flags/flag-registry.ts';
import type { HookContext } from '../hook/environment.ts';
import type { RelatedUnit } from '../relations/related-unit.ts';
import type { Relation } from '../relations/relation.ts';
import { compareCodePoints, type JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import {
  type ConversationName,
  conversationKey,
  endpointOf,
  isRelationId,
  LOCAL_DATA,
} from './conversation-key.ts';
import type { EndpointRelations } from './endpoint-relations.ts';
import { keepHolders, readHolders } from './flag-holders.ts';
import { pythonText } from './python-text.ts';

/** What a conversation needs to know and to ask. */
export interface ConversationContext {
  readonly hook: HookContext;
  readonly flags: Flags;
  readonly store: UnitData;
  readonly relations: EndpointRelations;
}

/** What can be told the other side: written as Python's `str` writes it; null and undefined withdraw the key. */
export type RemoteValue = JsonValue | undefined;

/**
 * What this unit and a group of remote units say to each other, from hook to hook.
 *
 * The group is a remote unit, a remote application, or everyone, by the `scope` of the RelationBase. A conversation
 * begins when its first unit joins and ends when its last one leaves. The store keeps it in the reference's layout.
 */
export class Conversation {
  /** The relation's id (`db:3`); for scopes that span relations, the endpoint's name (`db`). */
  readonly namespace: string;
  /** The remote unit (`redis/0`), the remote application (`redis`), or the RelationBase's own scope (`global`). */
  readonly scope: string;
  readonly #context: ConversationContext;
  #units: readonly string[];

  constructor(name: ConversationName & { readonly units: readonly string[] }, context: ConversationContext) {
    this.namespace = name.namespace;
    this.scope = name.scope;
    this.#units = name.units;
    this.#context = context;
  }

  /**
   * The names of the units that joined, sorted as text.
   *
   * A unit that departs leaves a UNIT conversation at the end of that hook. Other scopes keep its name until the interface
   * calls `depart` (the reference's rule); `joinedUnits` are those that are really there.
   */
  get units(): readonly string[] {
    return this.#units;
  }

  /** Those of the units whose data can be read now, in order of relation and number. */
  get joinedUnits(): RelatedUnit[] {
    const { relations } = this.#context;
    return this.#presentIds()
      .flatMap((id) => relations.unitsOf(id))
      .filter(({ unitName }) => this.units.includes(unitName));
  }

  /** The endpoint's name in metadata.yaml. */
  get relationName(): string {
    return endpointOf(this.namespace);
  }

  /** The ids of the relations it speaks in. */
  get relationIds(): string[] {
    return isRelationId(this.namespace) ? [this.namespace] : this.#context.relations.idsOf(this.namespace);
  }

  /** The relations it speaks in, but for those that are gone; what is published there can be read back in them. */
  get relations(): Relation[] {
    return this.#presentIds().map((id) => this.#context.relations.get(id));
  }

  /** Where the store keeps it: `reactive.conversations.<namespace>.<scope>`. */
  get key(): string {
    return conversationKey(this);
  }

  /** Takes in the remote unit that this hook is about; nothing happens in a hook that is about none. */
  join(): void {
    const unit = this.#context.hook.relation?.remoteUnit;
    if (unit && !this.#units.includes(unit)) this.#save([...this.#units, unit].sort(compareCodePoints));
  }

  /** Takes out the remote unit that this hook is about. The conversation ends with its last unit. */
  depart(): void {
    const unit = this.#context.hook.relation?.remoteUnit;
    if (unit && this.#units.includes(unit)) this.#save(this.#units.filter((other) => other !== unit));
  }

  /**
   * Puts this conversation into a state: the flag is set, and its value lists the conversations that are in it.
   * `{relation_name}` in the state's name is filled in.
   */
  setState(state: string): void {
    const { flags } = this.#context;
    const flag = this.#fill(state);
    const before = readHolders(flags.value(flag));
    const held = before?.conversations ?? [];
    const added = this.holders().filter((key) => !held.includes(key));
    flags.set(flag, { relation: before?.relation ?? this.relationName, conversations: [...held, ...added] });
  }

  /**
   * Takes this conversation out of a state; the flag is cleared when no other one is in it. A flag that no conversation
   * set is left alone.
   */
  removeState(state: string): void {
    keepHolders(this.#context.flags, this.#fill(state), (key) => !this.holds(key));
  }

  /** Whether this conversation is in a state. */
  isState(state: string): boolean {
    const holders = readHolders(this.#context.flags.value(this.#fill(state)));
    return holders?.conversations.some((key) => this.holds(key)) ?? false;
  }

  /** Puts this conversation into a state or takes it out; without `active`, into the opposite of what it is in. */
  toggleState(state: string, active: boolean = !this.isState(state)): void {
    if (active) this.setState(state);
    else this.removeState(state);
  }

  /** The same as `setState`. */
  setFlag(flag: string): void {
    this.setState(flag);
  }

  /** The same as `removeState`. */
  clearFlag(flag: string): void {
    this.removeState(flag);
  }

  /** The same as `isState`. */
  isFlagSet(flag: string): boolean {
    return this.isState(flag);
  }

  /** The same as `toggleState`. */
  toggleFlag(flag: string, active?: boolean): void {
    this.toggleState(flag, active);
  }

  /**
   * Publishes values to the other side: in this unit's databag of every relation it speaks in. Everyone in a relation
   * reads the same bag, so a unit's conversation does not have it for itself (Juju's rule).
   *
   * It goes out when the hook succeeds, and only what differs from what is published already. Relations that are gone are
   * passed over.
   */
  setRemote(key: string, value: RemoteValue): void;
  setRemote(values: Readonly<Record<string, RemoteValue>>): void;
  setRemote(keyOrValues: string | Readonly<Record<string, RemoteValue>>, value?: RemoteValue): void {
    for (const { toPublishRaw } of this.relations) {
      for (const [key, item] of entriesOf(keyOrValues, value)) {
        toPublishRaw[key] = item === null || item === undefined ? null : pythonText(item);
      }
    }
  }

  /**
   * What the other side published under a key, as text: the first of its units that has it counts, a unit that departs
   * in this hook last. `fallback` (null unless given) when none has it. Nobody checked it: do so before relying on it.
   */
  getRemote(key: string): string | null;
  getRemote<F extends JsonValue>(key: string, fallback: F): string | F;
  getRemote(key: string, fallback: JsonValue = null): JsonValue {
    for (const { receivedRaw } of this.joinedUnits) {
      const text = receivedRaw[key];
      if (text) return text;
    }
    return fallback;
  }

  /** Keeps values with this conversation, from hook to hook. They are for this unit alone. */
  setLocal(key: string, value: JsonValue): void;
  setLocal(values: Readonly<Record<string, JsonValue>>): void;
  setLocal(keyOrValues: string | Readonly<Record<string, JsonValue>>, value: JsonValue = null): void {
    this.#context.store.update(Object.fromEntries(entriesOf(keyOrValues, value)), this.key + LOCAL_DATA);
  }

  /** A value that `setLocal` kept; `fallback` (null unless given) when there is none. */
  getLocal(key: string, fallback: JsonValue = null): JsonValue {
    return this.#context.store.get(this.key + LOCAL_DATA + key, fallback);
  }

  /** The keys that a state set here lists. */
  protected holders(): readonly string[] {
    return [this.key];
  }

  /** Whether a key that a state lists stands for this conversation. */
  protected holds(key: string): boolean {
    return key === this.key;
  }

  #fill(state: string): string {
    return state.replaceAll('{relation_name}', this.relationName);
  }

  /** Juju refuses to be asked about a relation that it no longer lists. */
  #presentIds(): string[] {
    const present = this.#context.relations.presentIdsOf(this.relationName);
    return isRelationId(this.namespace) ? present.filter((id) => id === this.namespace) : present;
  }

  #save(units: readonly string[]): void {
    this.#units = units;
    const { namespace, scope } = this;
    if (units.length === 0) this.#context.store.unset(this.key);
    else this.#context.store.set(this.key, { namespace, units, scope });
  }
}

function entriesOf<T>(keyOrValues: string | Readonly<Record<string, T>>, value: T): [string, T][] {
  return typeof keyOrValues === 'string' ? [[keyOrValues, value]] : Object.entries(keyOrValues);
}
