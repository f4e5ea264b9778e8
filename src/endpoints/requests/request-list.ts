import type { Relation } from '../../relations/relation.ts';
import { compareCodePoints, equalAsPython } from '../../store/python-json.ts';
import type { SomeFields } from './field.ts';
import { unknownField } from './field-fault.ts';
import type { AnyRequestClass, RequestSource } from './request.ts';

/** What to find a request by: values of fields, compared as Python compares them, and the id. */
export type RequestMatch<C extends AnyRequestClass> = SomeFields<C['fields']> & {
  readonly requestId?: string;
};

/** The requests of one endpoint. Iterating goes by id. */
export class RequestList<C extends AnyRequestClass> implements Iterable<InstanceType<C>> {
  protected readonly requestClass: C;
  readonly #requests = new Map<string, InstanceType<C>>();

  /** `sources` in the order in which they were found. Where a relation has an id twice, the later request counts. */
  constructor(requestClass: C, sources: Iterable<RequestSource>) {
    this.requestClass = requestClass;
    for (const source of sources) this.add(source);
  }

  get length(): number {
    return this.#list().length;
  }

  /** Every request, in order of id (the reference's). */
  [Symbol.iterator](): Iterator<InstanceType<C>> {
    return this.#list()
      .sort((a, b) => compareCodePoints(a.requestId, b.requestId))
      [Symbol.iterator]();
  }

  /** The request of an id, on one relation where it is given; undefined when there is none. */
  get(requestId: string, relation?: Relation): InstanceType<C> | undefined {
    return this.#list(relation).find((request) => request.requestId === requestId);
  }

  /**
   * The first request, by relation and unit, with the given values; on one relation where it is given.
   * @throws TypeError for an unknown field.
   */
  find(match: RequestMatch<C>, relation?: Relation): InstanceType<C> | undefined {
    return this.findAll(match, relation)[0];
  }

  /**
   * Every request with the given values, by relation and unit; on one relation where it is given.
   * @throws TypeError for an unknown field.
   */
  findAll(match: RequestMatch<C>, relation?: Relation): InstanceType<C>[] {
    const values = Object.entries(match);
    for (const [name] of values) {
      if (name === 'requestId' || Object.hasOwn(this.requestClass.fields, name)) continue;
      throw new TypeError(`cannot find requests: ${unknownField(this.requestClass.fields, name)}`);
    }
    return this.#list(relation).filter((request) =>
      values.every(([name, value]) => equalAsPython(Reflect.get(request, name), value)),
    );
  }

  protected add(source: RequestSource): InstanceType<C> {
    const request = new this.requestClass(source) as InstanceType<C>;
    this.#requests.set(`${source.relation.relationId} ${source.requestId}`, request);
    return request;
  }

  /** Which requests count where no relation is given. */
  protected visible(requests: InstanceType<C>[]): InstanceType<C>[] {
    return requests;
  }

  #list(relation?: Relation): InstanceType<C>[] {
    const requests = [...this.#requests.values()].filter((request) => !request.isWithdrawn);
    if (!relation) return this.visible(requests);
    return requests.filter((request) => request.relation.relationId === relation.relationId);
  }
}
