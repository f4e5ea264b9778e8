import { parseRelationHook } from '../../hook/hook-name.ts';
import { compareNumbered } from '../../relations/natural-order.ts';
import type { Relation } from '../../relations/relation.ts';
import type { Warn } from '../automatic-flags.ts';
import { Endpoint, type EndpointContext } from '../endpoint.ts';
import { describeMalformed, type Malformed } from './malformed.ts';
import type { AnyRequestClass } from './request.ts';
import type { RequestMatch } from './request-list.ts';
import { type ResponseFinders, type ResponseOf, responseFinderName } from './response-finders.ts';
import { SentRequests } from './sent-requests.ts';

/** A class for endpoints that make requests of one class, with a finder of responses for each of its fields. */
export type RequesterClass<C extends AnyRequestClass> = new (
  context: EndpointContext,
) => RequesterEndpoint<C> & ResponseFinders<C>;

/**
 * The side of an interface that makes requests: `class CertsRequires extends RequesterEndpoint.of(CertRequest) {}`.
 *
 * At the start of every hook, its own relations' or not, the framework keeps these flags (`endpoint.<name>.` stands before
 * each; they are not kept up to date within the hook, which is the reference's rule):
 *
 * - `has_responses` while there is a response;
 * - `all_responses` while every request has one, so also while there is no request;
 * - `malformed_responses` while the other side publishes, under the key of a response, what is none. It is skipped, and
 *   the log says so.
 */
export abstract class RequesterEndpoint<C extends AnyRequestClass> extends Endpoint {
  readonly #requestClass: C;
  readonly #malformed: Malformed[] = [];
  #requests: SentRequests<C> | undefined;

  constructor(context: EndpointContext, requestClass: C) {
    super(context);
    this.#requestClass = requestClass;
  }

  /**
   * The class to extend for requests of the given class. It has a `responseBy<Field>` method for each field; use
   * `responseBy` where two fields share such a name, or a method of the endpoint has it already.
   */
  static of<C extends AnyRequestClass>(requestClass: C): RequesterClass<C> {
    class RequesterOf extends RequesterEndpoint<C> {
      constructor(context: EndpointContext) {
        super(context, requestClass);
      }
    }
    for (const field of Object.keys(requestClass.fields)) {
      const name = responseFinderName(field);
      if (name in RequesterOf.prototype) continue;
      Object.defineProperty(RequesterOf.prototype, name, {
        configurable: true,
        writable: true,
        value(this: RequesterEndpoint<C>, value: unknown, relation?: Relation) {
          return this.responseBy({ [field]: value } as RequestMatch<C>, relation);
        },
      });
    }
    return RequesterOf as unknown as RequesterClass<C>;
  }

  /** The requests this unit made, those of earlier hooks included. */
  get requests(): SentRequests<C> {
    this.#requests ??= new SentRequests({
      requestClass: this.#requestClass,
      endpointName: this.endpointName,
      relations: this.#relationsAtStart(),
      malformed: this.#malformed,
    });
    return this.#requests;
  }

  /** The responses that were there when the hook started, in order of request id. */
  get responses(): ResponseOf<C>[] {
    return [...this.requests].flatMap(({ response }) => (response ? [response as ResponseOf<C>] : []));
  }

  /** The response to the first request with the given values, on one relation where it is given; undefined without one. */
  responseBy(match: RequestMatch<C>, relation?: Relation): ResponseOf<C> | undefined {
    return this.requests.find(match, relation)?.response as ResponseOf<C> | undefined;
  }

  /** The response to the request of an id, on one relation where it is given; undefined without one. */
  responseByRequestId(requestId: string, relation?: Relation): ResponseOf<C> | undefined {
    return this.requests.get(requestId, relation)?.response as ResponseOf<C> | undefined;
  }

  override refreshAutomaticFlags(warn: Warn): void {
    const { requests, responses } = this;
    this.toggleFlag('has_responses', responses.length > 0);
    this.toggleFlag('all_responses', responses.length === requests.length);
    this.toggleFlag('malformed_responses', this.#malformed.length > 0);
    for (const message of describeMalformed('responses', this.#malformed)) warn(message);
  }

  /** Requests on a relation whose last unit departs are there until the hook ends, though the relation is not. */
  #relationsAtStart(): Relation[] {
    const { relation } = this.hook;
    const event = parseRelationHook(this.hook.name);
    const isDeparted = event?.endpoint === this.endpointName && event.event === 'departed';
    if (!relation || !isDeparted || this.relations.has(relation.id)) return [...this.relations];
    return [...this.relations, this.relation(relation.id)].sort((a, b) =>
      compareNumbered(a.relationId, b.relationId),
    );
  }
}
