// biome-ignore-all lint/complexity/noThisInStatic: these are called on subclasses, and that is which they ask for
import type { Fields } from '../endpoints/requests/field.ts';
import {
  type Answer,
  type AnyRequestClass,
  BaseRequest as NativeRequest,
  type RequestSource,
} from '../endpoints/requests/request.ts';
import type { RequestMatch } from '../endpoints/requests/request-list.ts';
import {
  type AnyResponseClass,
  BaseResponse as NativeResponse,
  type ResponseSource,
} from '../endpoints/requests/response.ts';
import { type NewRequest, SentRequests } from '../endpoints/requests/sent-requests.ts';
import type { Relation } from '../relations/relation.ts';
import type { JsonValue } from '../store/python-json.ts';
import { fieldsOf } from './field.ts';
import { requestSides } from './request-endpoints.ts';

/** The fields of a request or response: its accessors, by their names. Those that are left out read as null. */
export type FieldsOf<Holder> = {
  readonly [K in keyof Holder as K extends keyof BaseRequest | keyof BaseResponse
    ? never
    : Holder[K] extends JsonValue
      ? K
      : never]?: Holder[K];
};

/** A class of requests. */
export type RequestType<R extends BaseRequest> = AnyRequestClass & (new (source: RequestSource) => R);

/**
 * Something one side of a relation asks of the other, by its Python names. Its accessors that are decorated with `Field`
 * are its fields, and `RESPONSE_CLASS` is what it is answered with.
 *
 * `create`, `find` and their kin look at every endpoint of the charm whose `REQUEST_CLASS` the class is, and only at what
 * each endpoint has on its own relations.
 */
export abstract class BaseRequest<S extends AnyResponseClass = AnyResponseClass> extends NativeRequest<
  Fields,
  S
> {
  static readonly RESPONSE_CLASS: AnyResponseClass | undefined = undefined;

  /** For the framework: what the class declares with `Field`. */
  static get fields(): Fields {
    return fieldsOf(this);
  }

  /** For the framework: the class of the responses. @throws TypeError when the class has no `RESPONSE_CLASS`. */
  static get responseClass(): AnyResponseClass {
    if (this.RESPONSE_CLASS) return this.RESPONSE_CLASS;
    throw new TypeError(
      `cannot use ${this.name}: it has no responses; give it static readonly RESPONSE_CLASS`,
    );
  }

  constructor(source: RequestSource) {
    super(source, { fields: new.target.fields, response: new.target.responseClass as S });
  }

  /** Makes a request on a relation; `request_id` may give its id, a new UUID otherwise. */
  static create<R extends BaseRequest>(
    this: RequestType<R>,
    relation: Relation,
    fields: FieldsOf<R> & { readonly request_id?: string } = {},
  ): R {
    return sentOn(this, relation).create(relation, toNative(fields)) as R;
  }

  /**
   * Finds the request on a relation whose fields named in `match_fields` have the given values, and gives it all of the
   * fields; makes one when there is none. In a loop over relations it makes one on each.
   */
  static create_or_update<R extends BaseRequest>(
    this: RequestType<R>,
    given: FieldsOf<R> & {
      readonly match_fields: readonly (keyof FieldsOf<R> & string)[];
      readonly relation: Relation;
    },
  ): R {
    const { match_fields: match, relation, ...fields } = given;
    return sentOn(this, relation).createOrUpdate(relation, { match, fields: toNative(fields) }) as R;
  }

  /** The request of an id; undefined when there is none. */
  static get<R extends BaseRequest>(this: RequestType<R>, request_id: string): R | undefined {
    for (const { requests } of requestSides(this, 'get')) {
      const request = requests.get(request_id);
      if (request) return request as R;
    }
    return undefined;
  }

  /** Every request, in order of id. */
  static get_all<R extends BaseRequest>(this: RequestType<R>): R[] {
    const all = requestSides(this, 'get_all').flatMap(({ requests }) => [...requests] as BaseRequest[]);
    return all.sort((a, b) => (a.requestId < b.requestId ? -1 : 1)) as R[];
  }

  /** The first request with the given values, on one relation where it is given; undefined when there is none. */
  static find<R extends BaseRequest>(
    this: RequestType<R>,
    given: FieldsOf<R> & { readonly relation?: Relation } = {},
  ): R | undefined {
    const { relation, ...match } = given;
    for (const { requests } of requestSides(this, 'find')) {
      const request = requests.find(match as RequestMatch<AnyRequestClass>, relation);
      if (request) return request as R;
    }
    return undefined;
  }

  /** Every request with the given values. */
  static find_all<R extends BaseRequest>(this: RequestType<R>, given: FieldsOf<R> = {}): R[] {
    const match = given as RequestMatch<AnyRequestClass>;
    return requestSides(this, 'find_all').flatMap(({ requests }) => requests.findAll(match)) as R[];
  }

  /** Tells it from every other request. */
  get request_id(): string {
    return this.requestId;
  }

  /** Whether this side made it; only then can it be changed. */
  get is_created(): boolean {
    return this.isCreated;
  }

  /** Whether the other side made it. */
  get is_received(): boolean {
    return this.isReceived;
  }

  /** The address under which the asking unit is reached; null when Juju did not put it in its databag. */
  get ingress_address(): string | null {
    return this.ingressAddress;
  }

  /** The subnets the asking unit's traffic comes from; null when Juju did not put them in its databag. */
  get egress_subnets(): string | null {
    return this.egressSubnets;
  }

  /** The same as `respond`. */
  create_response(fields: FieldsOf<InstanceType<S>>): Answer<S, this> {
    return this.respond(fields as never);
  }
}

/** An answer to a request, by its Python names. Its accessors that are decorated with `Field` are its fields. */
export abstract class BaseResponse extends NativeResponse {
  /** For the framework: what the class declares with `Field`. */
  static get fields(): Fields {
    return fieldsOf(this);
  }

  constructor(source: ResponseSource) {
    super(source, new.target.fields);
  }

  /** Answers a request that was received: the same as its `respond`. */
  static create<R extends BaseResponse>(
    this: AnyResponseClass & (new (source: ResponseSource) => R),
    request: NativeRequest,
    fields: FieldsOf<R> = {},
  ): R {
    return request.respond(fields as never) as unknown as R;
  }

  /** Whether the other side made it. */
  get is_received(): boolean {
    return this.isReceived;
  }
}

function sentOn<R extends BaseRequest>(
  requestClass: RequestType<R>,
  relation: Relation,
): SentRequests<AnyRequestClass> {
  const sides = requestSides(requestClass, 'create');
  const side = sides.find(({ endpointName }) => endpointName === relation.endpointName);
  if (side?.requests instanceof SentRequests) return side.requests;
  throw new TypeError(
    `cannot create a ${requestClass.name} on relation "${relation.relationId}": "${relation.endpointName}" is no ` +
      'RequesterEndpoint with that REQUEST_CLASS',
  );
}

/** The id has another name where fields are values. */
function toNative({
  request_id: requestId,
  ...fields
}: Readonly<Record<string, unknown>> & { readonly request_id?: string }): NewRequest<AnyRequestClass> {
  return (requestId === undefined ? fields : { ...fields, requestId }) as NewRequest<AnyRequestClass>;
}
