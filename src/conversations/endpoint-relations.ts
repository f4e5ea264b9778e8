import type { HookContext } from '../hook/environment.ts';
import { compareNumbered } from '../relations/natural-order.ts';
import type { RelatedUnit } from '../relations/related-unit.ts';
import { Relation } from '../relations/relation.ts';
import type { HookTools } from '../tools/hook-tools.ts';

/** The relations that conversations speak in: one object each, for the length of a hook. */
export class EndpointRelations {
  readonly #hook: HookContext;
  readonly #tools: HookTools;
  readonly #known = new Map<string, Relation>();

  constructor(source: { readonly hook: HookContext; readonly tools: HookTools }) {
    this.#hook = source.hook;
    this.#tools = source.tools;
  }

  /** Every relation that was looked at in this hook, for the publisher. */
  get known(): Iterable<Relation> {
    return this.#known.values();
  }

  /** The ids of an endpoint's relations, as Juju lists them, by number. */
  idsOf(endpoint: string): string[] {
    return this.#tools
      .relationIds(endpoint)
      .map((id) => (id.includes(':') ? id : `${endpoint}:${id}`))
      .sort(compareNumbered);
  }

  /** The same, but for one that this hook says is broken: nobody is left there. */
  presentIdsOf(endpoint: string): string[] {
    const { name, relation } = this.#hook;
    const broken = name.endsWith('-relation-broken') ? relation?.id : undefined;
    return this.idsOf(endpoint).filter((id) => id !== broken);
  }

  /** A relation by id, whether it is there or gone. */
  get(relationId: string): Relation {
    let relation = this.#known.get(relationId);
    if (!relation) {
      relation = new Relation(relationId, { hook: this.#hook, tools: this.#tools });
      this.#known.set(relationId, relation);
    }
    return relation;
  }

  /**
   * The remote units that can be read in a relation: those that joined, by number, and last the one that departs in
   * this hook. None where the relation is gone.
   */
  unitsOf(relationId: string): RelatedUnit[] {
    const relation = this.get(relationId);
    const departing = this.#isDepartingFrom(relationId) ? this.#hook.relation?.remoteUnit : undefined;
    return [...relation.joinedUnits, ...(departing ? [relation.unit(departing)] : [])];
  }

  #isDepartingFrom(relationId: string): boolean {
    const { name, relation } = this.#hook;
    return name.endsWith('-relation-departed') && relation?.id === relationId;
  }
}
