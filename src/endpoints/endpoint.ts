import { expandFlagName } from '../flags/flag-name.ts';
import type { Flags } from '../flags/flag-registry.ts';
import type { Trigger } from '../flags/triggers.ts';
import { HandlerHost } from '../handlers/handler-host.ts';
import type { HookContext } from '../hook/environment.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import { CombinedUnits } from '../relations/combined-units.ts';
import { dataChanged, type HashOptions, isDataChanged } from '../relations/data-changes.ts';
import { KeyedList } from '../relations/keyed-list.ts';
import { compareNumbered } from '../relations/natural-order.ts';
import { Relation } from '../relations/relation.ts';
import type { RemoteBags } from '../relations/remote-bags.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import type { Warn } from './automatic-flags.ts';
import { DepartedUnits } from './departed-units.ts';

/** What the framework gives an endpoint; pass it on to `super` when a subclass has a constructor of its own. */
export interface EndpointContext {
  readonly declaration: EndpointDeclaration;
  readonly hook: HookContext;
  readonly tools: HookTools;
  readonly flags: Flags;
  readonly store: UnitData;
  /** What is kept of remote units from hook to hook; without it Juju is asked each time. */
  readonly remoteBags?: RemoteBags | undefined;
}

/**
 * One side of an interface's protocol, for one endpoint of the charm: extend it in `requires.ts`, `provides.ts` or
 * `peers.ts` of an interface.
 *
 * At the start of each hook the framework keeps these flags (`endpoint.<name>.` stands before each):
 *
 * - `joined` while at least one remote unit is there;
 * - `changed`, and `changed.<key>`, when a key of a remote databag was added, changed or removed. They stay until the
 *   interface clears them;
 * - `departed` in the hook in which a unit leaves; cleared by the next hook that finds units joined;
 * - `broken` in the hook that says a relation is gone, and in no other.
 *
 * Data is compared in hooks of the endpoint's own relations only, except the first time that units are seen.
 */
export class Endpoint extends HandlerHost {
  readonly #context: EndpointContext;
  readonly #known = new Map<string, Relation>();
  #relations: KeyedList<Relation> | undefined;
  #joinedUnits: CombinedUnits | undefined;
  #departedUnits: DepartedUnits | undefined;

  constructor(context: EndpointContext) {
    super();
    this.#context = context;
  }

  /** The endpoint's name in metadata.yaml. */
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

  /** The flags by their full names; `setFlag` and its kin fill in this endpoint's. */
  override get flags(): Flags {
    return this.#context.flags;
  }

  /** The unit's own data. */
  get kv(): UnitData {
    return this.#context.store;
  }

  /**
   * The endpoint's relations by id: `relations[0]`, `relations.get('db:3')`.
   *
   * One that is broken is not among them, nor, in a departed hook, one whose last unit leaves.
   */
  get relations(): KeyedList<Relation> {
    this.#relations ??= this.#listRelations();
    return this.#relations;
  }

  /** Whether at least one remote unit is there. */
  get isJoined(): boolean {
    return this.allJoinedUnits.length > 0;
  }

  /** The remote units of all relations, with a merged view of their data. */
  get allJoinedUnits(): CombinedUnits {
    this.#joinedUnits ??= new CombinedUnits(
      [...this.relations].flatMap((relation) => [...relation.joinedUnits]),
    );
    return this.#joinedUnits;
  }

  /** The units that left, until they are taken off the list: `clear()` it when all is dealt with. */
  get allDepartedUnits(): DepartedUnits {
    this.#departedUnits ??= new DepartedUnits({
      endpoint: this.endpointName,
      store: this.#context.store,
      relationOf: (relationId) => this.relation(relationId),
    });
    return this.#departedUnits;
  }

  /** A relation by id, whether it is among `relations` or gone. */
  relation(relationId: string): Relation {
    let relation = this.#known.get(relationId);
    if (!relation) {
      relation = new Relation(relationId, this.#context);
      this.#known.set(relationId, relation);
    }
    return relation;
  }

  /** Every relation that was looked at in this hook, for the publisher. */
  get knownRelations(): Iterable<Relation> {
    return this.#known.values();
  }

  /**
   * A flag's full name: `{endpoint_name}` is filled in; where it does not occur, `endpoint.{endpoint_name}.` comes
   * first. `available` gives `endpoint.db.available`.
   */
  expandName(flag: string): string {
    return expandFlagName(flag, this.endpointName);
  }

  /** Sets a flag of this endpoint, by `expandName`. */
  setFlag(flag: string, value: JsonValue = null): void {
    this.flags.set(this.expandName(flag), value);
  }

  /** Clears a flag of this endpoint, by `expandName`. */
  clearFlag(flag: string): void {
    this.flags.clear(this.expandName(flag));
  }

  /** Sets or clears a flag of this endpoint, by `expandName`. */
  toggleFlag(flag: string, on: boolean): void {
    this.flags.toggle(this.expandName(flag), on);
  }

  /** Whether a flag of this endpoint is set, by `expandName`. */
  isFlagSet(flag: string): boolean {
    return this.flags.isSet(this.expandName(flag));
  }

  /** Registers a trigger among flags of this endpoint: every name goes through `expandName`. */
  registerTrigger(trigger: Trigger): void {
    const expand = (flag: string | undefined): string | undefined => flag && this.expandName(flag);
    const { when, whenNot, setFlag, clearFlag, callback } = trigger;
    this.flags.registerTrigger({
      when: expand(when),
      whenNot: expand(whenNot),
      setFlag: expand(setFlag),
      clearFlag: expand(clearFlag),
      callback,
    } as Trigger);
  }

  /** Whether a value differs from the one given under this id the last time, and remembers it. */
  dataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return dataChanged(this.#context.store, id, value, options);
  }

  /** Like `dataChanged`, but remembers nothing. */
  isDataChanged(id: string, value: unknown, options?: HashOptions): boolean {
    return isDataChanged(this.#context.store, id, value, options);
  }

  /** What is kept of remote units from hook to hook, for the framework. */
  get remoteBags(): RemoteBags | undefined {
    return this.#context.remoteBags;
  }

  /** For subclasses: called once a hook, before the automatic flags, so that triggers see those change. */
  registerTriggers(): void {}

  /**
   * For subclasses: called after the automatic flags, in hooks of this endpoint's relations and when units are seen for
   * the first time or none is there (the reference's rule: not in other hooks while joined).
   */
  manageFlags(): void {}

  /**
   * For the framework's own kinds of endpoint: called after `manageFlags`, and in every hook (the reference's rule for
   * requests). `warn` writes to the log.
   */
  refreshAutomaticFlags(_warn: Warn): void {}

  #listRelations(): KeyedList<Relation> {
    const { tools, hook } = this.#context;
    const gone = hook.name === `${this.endpointName}-relation-broken` ? hook.relation?.id : undefined;
    const ids = tools
      .relationIds(this.endpointName)
      .map((id) => (id.includes(':') ? id : `${this.endpointName}:${id}`))
      .filter((id) => id !== gone)
      .sort(compareNumbered)
      .filter((id) => !this.#isLeaving(id));
    return new KeyedList(
      ids.map((id) => this.relation(id)),
      (relation) => relation.relationId,
    );
  }

  #isLeaving(relationId: string): boolean {
    const { hook } = this.#context;
    const isDeparted =
      hook.name === `${this.endpointName}-relation-departed` && hook.relation?.id === relationId;
    return isDeparted && this.relation(relationId).joinedUnits.length === 0;
  }
}
