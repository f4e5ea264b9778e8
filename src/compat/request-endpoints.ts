import { runningUnit } from '../charm/running-unit.ts';
import type { EndpointContext } from '../endpoints/endpoint.ts';
import type { AnyRequestClass } from '../endpoints/requests/request.ts';
import type { RequestList, RequestMatch } from '../endpoints/requests/request-list.ts';
import { RequesterEndpoint as NativeRequester } from '../endpoints/requests/requester-endpoint.ts';
import { ResponderEndpoint as NativeResponder } from '../endpoints/requests/responder-endpoint.ts';
import type { ResponseOf } from '../endpoints/requests/response-finders.ts';
import type { Relation } from '../relations/relation.ts';
import { withPythonNames } from './endpoint.ts';
import type { BaseRequest, RequestType } from './requests.ts';

/**
 * The side of an interface that makes requests, by its Python names:
 *
 *     class CertsRequires extends RequesterEndpoint<typeof CertRequest> {
 *       static override readonly REQUEST_CLASS = CertRequest;
 *     }
 *
 * See RequesterEndpoint of `charms-reactive` for the flags that the framework keeps. There is a `response_by_<field>` for
 * each field of the requests; TypeScript knows `response_by_field`.
 */
export abstract class RequesterEndpoint<
  C extends AnyRequestClass = RequestType<BaseRequest>,
> extends withPythonNames(NativeRequester)<C> {
  static readonly REQUEST_CLASS: AnyRequestClass | undefined = undefined;

  constructor(context: EndpointContext) {
    super(context, requestClassOf(new.target) as C);
    defineFinders(new.target);
  }

  /** The response to the first request with the given values, on one relation where it is given; undefined without one. */
  response_by_field({
    relation,
    ...fields
  }: RequestMatch<C> & { readonly relation?: Relation }): ResponseOf<C> | undefined {
    return this.responseBy(fields as unknown as RequestMatch<C>, relation);
  }
}

/**
 * The side of an interface that answers requests, by its Python names; it says which by `REQUEST_CLASS`, as
 * RequesterEndpoint does. See ResponderEndpoint of `charms-reactive` for the flags that the framework keeps.
 */
export abstract class ResponderEndpoint<
  C extends AnyRequestClass = RequestType<BaseRequest>,
> extends withPythonNames(NativeResponder)<C> {
  static readonly REQUEST_CLASS: AnyRequestClass | undefined = undefined;

  constructor(context: EndpointContext) {
    super(context, requestClassOf(new.target) as C);
  }

  /** The requests of all joined units, answered or not, in order of id. */
  get all_requests(): InstanceType<C>[] {
    return [...this.allRequests];
  }

  /** The requests without a response, in order of id. */
  get new_requests(): InstanceType<C>[] {
    return this.newRequests;
  }
}

/** An endpoint that makes, or is asked, the requests of a class. */
export interface RequestSide {
  readonly endpointName: string;
  readonly requests: RequestList<AnyRequestClass>;
}

/** Every endpoint of the charm that makes, or is asked, the requests of a class. */
export function requestSides(requestClass: AnyRequestClass, caller: string): RequestSide[] {
  const unit = runningUnit(`${requestClass.name}.${caller}`);
  return unit.metadata.endpoints.flatMap(({ name: endpointName }) => {
    const endpoint = unit.findEndpoint(endpointName);
    if (!endpoint || Reflect.get(endpoint.constructor, 'REQUEST_CLASS') !== requestClass) return [];
    if (endpoint instanceof NativeRequester) return { endpointName, requests: endpoint.requests };
    if (endpoint instanceof NativeResponder) return { endpointName, requests: endpoint.allRequests };
    return [];
  });
}

function requestClassOf(endpointClass: {
  readonly name: string;
  readonly REQUEST_CLASS: AnyRequestClass | undefined;
}): AnyRequestClass {
  if (endpointClass.REQUEST_CLASS) return endpointClass.REQUEST_CLASS;
  throw new TypeError(
    `cannot make a ${endpointClass.name}: it has no requests; give it static readonly REQUEST_CLASS`,
  );
}

function defineFinders({
  prototype,
  REQUEST_CLASS: requestClass,
}: {
  readonly prototype: object;
  readonly REQUEST_CLASS: AnyRequestClass | undefined;
}): void {
  for (const field of [...Object.keys(requestClass?.fields ?? {}), 'request_id']) {
    const name = `response_by_${field}`;
    if (name in prototype) continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: RequesterEndpoint, value: unknown, relation?: Relation) {
        if (field === 'request_id') return this.responseByRequestId(String(value), relation);
        return this.responseBy({ [field]: value } as RequestMatch<AnyRequestClass>, relation);
      },
    });
  }
}
