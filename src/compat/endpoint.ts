// biome-ignore-all lint/complexity/noThisInStatic: these are called on subclasses, and that is which they ask for
import { type EndpointContext, Endpoint as NativeEndpoint } from '../endpoints/endpoint.ts';
import type { KeyedList } from '../relations/keyed-list.ts';
import { DepartedUnits } from './departed-units.ts';
import { Relation, UnitList } from './relation.ts';
import { endpoint_from_flag, endpoint_from_name } from './relations.ts';

/** What the Python names add to an endpoint. */
export interface EndpointNames {
  /** The endpoint's name in metadata.yaml. */
  readonly endpoint_name: string;
  /** Whether at least one remote unit is there. */
  readonly is_joined: boolean;
  /** The endpoint's relations by id: `relations[0]`, `relations.get('db:3')`. */
  readonly relations: KeyedList<Relation>;
  /** The remote units of all relations, with a merged view of their data. */
  readonly all_joined_units: UnitList;
  /** The same as `all_joined_units`. */
  readonly all_units: UnitList;
  /** The units that left, until they are taken off the list: `clear()` it when all is dealt with. */
  readonly all_departed_units: DepartedUnits;
  /** A relation by id, whether it is among `relations` or gone. */
  relation(relation_id: string): Relation;
  /** A flag's full name: `available` gives `endpoint.db.available`, `{endpoint_name}.up` gives `db.up`. */
  expand_name(flag: string): string;
  /** For subclasses: called once a hook, before the automatic flags, so that triggers see those change. */
  register_triggers(): void;
  /** For subclasses: called after the automatic flags, in the same hooks as `manageFlags`. */
  manage_flags(): void;
}

/** An endpoint that has the Python names. */
export type PythonEndpoint = EndpointNames & NativeEndpoint;

// biome-ignore lint/suspicious/noExplicitAny: what TypeScript asks of a class that is to be mixed in
type Mixin<T> = abstract new (...parameters: any[]) => T;

/** A kind of endpoint with the Python names added. */
export function withPythonNames<B extends Mixin<NativeEndpoint>>(base: B): Mixin<EndpointNames> & B {
  abstract class Named extends (base as Mixin<NativeEndpoint>) {
    readonly #context: EndpointContext;
    readonly #known = new Map<string, Relation>();
    #units: UnitList | undefined;

    constructor(...parameters: unknown[]) {
      super(...parameters);
      this.#context = parameters[0] as EndpointContext;
    }

    override relation(relationId: string): Relation {
      let relation = this.#known.get(relationId);
      if (!relation) {
        const endpoint = this as unknown as PythonEndpoint;
        relation = new Relation(relationId, { ...this.#context, endpoint });
        this.#known.set(relationId, relation);
      }
      return relation;
    }

    override get knownRelations(): Iterable<Relation> {
      return this.#known.values();
    }

    get endpoint_name(): string {
      return this.endpointName;
    }

    get is_joined(): boolean {
      return this.isJoined;
    }

    get all_joined_units(): UnitList {
      this.#units ??= new UnitList(this.allJoinedUnits);
      return this.#units;
    }

    get all_units(): UnitList {
      return this.all_joined_units;
    }

    get all_departed_units(): DepartedUnits {
      return new DepartedUnits(this.allDepartedUnits);
    }

    expand_name(flag: string): string {
      return this.expandName(flag);
    }

    register_triggers(): void {}

    override registerTriggers(): void {
      this.register_triggers();
    }

    manage_flags(): void {}

    override manageFlags(): void {
      this.manage_flags();
    }
  }
  return Named as unknown as Mixin<EndpointNames> & B;
}

/** Endpoint of `charms-reactive` by its Python names as well; see there for the flags that the framework keeps. */
export class Endpoint extends withPythonNames(NativeEndpoint) {
  /** The endpoint of that name, as `endpoint_from_name` gives it. */
  static from_name<E extends NativeEndpoint>(
    this: abstract new (
      ...parameters: never[]
    ) => E,
    name: string | null,
  ): E | null {
    return endpoint_from_name(name, this);
  }

  /** The endpoint that a flag belongs to, as `endpoint_from_flag` gives it. */
  static from_flag<E extends NativeEndpoint>(
    this: abstract new (
      ...parameters: never[]
    ) => E,
    flag: string,
  ): E | null {
    return endpoint_from_flag(flag, this);
  }
}
