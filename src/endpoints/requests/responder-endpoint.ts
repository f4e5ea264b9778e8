import { parseRelationHook } from '../../hook/hook-name.ts';
import type { Warn } from '../automatic-flags.ts';
import { Endpoint, type EndpointContext } from '../endpoint.ts';
import { describeMalformed, type Malformed } from './malformed.ts';
import { ReceivedRequests } from './received-requests.ts';
import type { AnyRequestClass } from './request.ts';
import { asWireValues, REQUEST_PREFIX, RESPONSE_PREFIX } from './wire-entry.ts';

/** A class for endpoints that answer requests of one class. */
export type ResponderClass<C extends AnyRequestClass> = new (
  context: EndpointContext,
) => ResponderEndpoint<C>;

/**
 * The side of an interface that answers requests: `class CertsProvides extends ResponderEndpoint.of(CertRequest) {}`.
 *
 * At the start of every hook, its own relations' or not, the framework keeps these flags (`endpoint.<name>.` stands before
 * each; they are not kept up to date within the hook, which is the reference's rule):
 *
 * - `has_requests` while there is a request;
 * - `new_requests` while one of them has no response;
 * - `malformed_requests` while the other side publishes, under the key of a request, what is none. It is skipped, and the
 *   log says so.
 *
 * In a hook of a relation, our responses there to requests that are gone are withdrawn.
 */
export abstract class ResponderEndpoint<C extends AnyRequestClass> extends Endpoint {
  readonly #requestClass: C;
  readonly #malformed: Malformed[] = [];
  #requests: ReceivedRequests<C> | undefined;

  constructor(context: EndpointContext, requestClass: C) {
    super(context);
    this.#requestClass = requestClass;
  }

  /** The class to extend for requests of the given class. */
  static of<C extends AnyRequestClass>(requestClass: C): ResponderClass<C> {
    return class extends ResponderEndpoint<C> {
      constructor(context: EndpointContext) {
        super(context, requestClass);
      }
    };
  }

  /** The requests of all joined units, answered or not. */
  get allRequests(): ReceivedRequests<C> {
    this.#requests ??= new ReceivedRequests({
      requestClass: this.#requestClass,
      units: this.allJoinedUnits,
      malformed: this.#malformed,
    });
    return this.#requests;
  }

  /** The requests without a response, in order of id: `respond` to each. One that was edited since is not new. */
  get newRequests(): InstanceType<C>[] {
    return [...this.allRequests].filter(({ response }) => response === undefined);
  }

  override refreshAutomaticFlags(warn: Warn): void {
    this.#withdrawOrphans();
    this.toggleFlag('has_requests', this.allRequests.length > 0);
    this.toggleFlag('new_requests', this.newRequests.length > 0);
    this.toggleFlag('malformed_requests', this.#malformed.length > 0);
    for (const message of describeMalformed('requests', this.#malformed)) warn(message);
  }

  /** A request that cannot be read just now is not gone: what counts is its key. */
  #withdrawOrphans(): void {
    const event = parseRelationHook(this.hook.name);
    if (!this.hook.relation || event?.endpoint !== this.endpointName || event.event === 'broken') return;
    const { toPublish, joinedUnits } = this.relation(this.hook.relation.id);
    for (const key of Object.keys(toPublish)) {
      if (!key.startsWith(RESPONSE_PREFIX) || !asWireValues(toPublish[key])) continue;
      const request = REQUEST_PREFIX + key.slice(RESPONSE_PREFIX.length);
      if (!joinedUnits.some((unit) => request in unit.receivedRaw)) delete toPublish[key];
    }
  }
}
