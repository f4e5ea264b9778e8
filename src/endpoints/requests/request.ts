import type { RelatedUnit } from '../../relations/related-unit.ts';
import type { Relation } from '../../relations/relation.ts';
import type { JsonValue } from '../../store/python-json.ts';
import type { Fields, FieldValues, NewFields, Unless } from './field.ts';
import { newFieldsFault } from './field-fault.ts';
import { FieldHolder } from './field-holder.ts';
import type { AnyResponseClass, BaseResponse } from './response.ts';
import { REQUEST_PREFIX, RESPONSE_PREFIX, WireEntry } from './wire-entry.ts';

/** What the framework makes a request of. */
export interface RequestSource {
  readonly requestId: string;
  readonly relation: Relation;
  /** Who asks; absent when this unit does. */
  readonly remoteUnit?: RelatedUnit;
  /** For a request of ours: the unit that answered it, when one did. */
  readonly responder?: RelatedUnit | undefined;
}

/** A response together with the request it answers. */
export type Answer<S extends AnyResponseClass, R> = InstanceType<S> & { readonly request: R };

/** What defines a request class. */
interface RequestDefinition<F extends Fields, S extends AnyResponseClass> {
  readonly fields: F;
  readonly response: S;
}

/**
 * Something one side of a relation asks of the other. On the wire it is the key `request_<id>` of the asking unit's
 * databag, with the id once more inside as `request_id`.
 */
export abstract class BaseRequest<
  F extends Fields = Fields,
  S extends AnyResponseClass = AnyResponseClass,
> extends FieldHolder<F> {
  readonly #source: RequestSource;
  readonly #responseClass: S;
  readonly #responseEntry: WireEntry;
  #response: BaseResponse | undefined;

  constructor(source: RequestSource, { fields, response }: RequestDefinition<F, S>) {
    const { requestId, relation, remoteUnit, responder } = source;
    super(new WireEntry(relation, REQUEST_PREFIX + requestId, remoteUnit?.received), fields);
    this.#source = source;
    this.#responseClass = response;
    const answer = remoteUnit ? undefined : (responder?.received ?? {});
    this.#responseEntry = new WireEntry(relation, RESPONSE_PREFIX + requestId, answer);
  }

  /** Tells it from every other request; a UUID unless its maker chose another. */
  get requestId(): string {
    return this.#source.requestId;
  }

  /** The relation it is made on. */
  get relation(): Relation {
    return this.#source.relation;
  }

  /** The remote unit that asks; undefined when this unit does. */
  get remoteUnit(): RelatedUnit | undefined {
    return this.#source.remoteUnit;
  }

  /** The answer; undefined while there is none. */
  get response(): Answer<S, this> | undefined {
    if (!this.#responseEntry.exists) return undefined;
    this.#response ??= new this.#responseClass({ request: this, entry: this.#responseEntry });
    return this.#response as Answer<S, this>;
  }

  /**
   * Answers a request that was received, in place of an earlier answer. Exactly the fields that are given go out.
   * @throws TypeError for a request this side made, for an unknown field, and for a value a field's check refuses.
   */
  respond(fields: NewFields<S['fields']>): Answer<S, this> {
    const values = fields as { readonly [key: string]: JsonValue | undefined };
    const fault = this.isCreated
      ? 'this side made it, and answering is for the other'
      : newFieldsFault(this.#responseClass.fields, values);
    if (fault) throw new TypeError(`cannot respond to ${this.describe()}: ${fault}`);
    this.#responseEntry.write(values);
    return this.response as Answer<S, this>;
  }

  /** The address under which the asking unit is reached, as Juju put it in its databag; null when it did not. */
  get ingressAddress(): string | null {
    return this.#address('ingress-address');
  }

  /** The subnets the asking unit's traffic comes from, with commas between them, as Juju put them; null when it did not. */
  get egressSubnets(): string | null {
    return this.#address('egress-subnets');
  }

  /** The fields and `request_id`, as they are on the wire; null where a field has no value. */
  override toJSON(): FieldValues<F> & { readonly request_id: string } {
    return { ...super.toJSON(), request_id: this.requestId };
  }

  protected override describe(): string {
    return `request "${this.requestId}"`;
  }

  #address(key: string): string | null {
    const { remoteUnit, relation } = this.#source;
    return (remoteUnit?.receivedRaw ?? relation.toPublishRaw)[key] ?? null;
  }
}

/** Any request class. */
export interface AnyRequestClass {
  readonly fields: Fields;
  readonly responseClass: AnyResponseClass;
  new (source: RequestSource): BaseRequest;
}

/** A request class with the given fields and responses; extend it. */
export interface RequestClass<F extends Fields, S extends AnyResponseClass> {
  /** The fields as they were defined. */
  readonly fields: F;
  /** What requests are answered with. */
  readonly responseClass: S;
  /** For the framework: a request is made by `requests.create`, or found. */
  new (source: RequestSource): BaseRequest<F, S> & FieldValues<F>;
}

/**
 * Makes the class of a request out of its fields and the class of its responses:
 *
 *     class CertRequest extends defineRequest({
 *       fields: { cn: field<string>('the common name'), sans: field<string[]>('other names') },
 *       response: CertResponse,
 *     }) {}
 *
 * @throws TypeError for a field with the name of something that every request has, `request_id` included.
 */
export function defineRequest<const F extends Fields, S extends AnyResponseClass>(definition: {
  readonly fields: F & Unless<F, keyof BaseRequest | 'request_id'>;
  readonly response: S;
}): RequestClass<F, S> {
  const fields: F = definition.fields;
  const { response } = definition;
  if (Object.hasOwn(fields, 'request_id')) {
    throw new TypeError('cannot define the field "request_id": every request has it; read `requestId`');
  }
  class DefinedRequest extends BaseRequest<F, S> {
    static readonly fields = fields;
    static readonly responseClass = response;
    constructor(source: RequestSource) {
      super(source, { fields, response });
    }
  }
  FieldHolder.declareFields(DefinedRequest, fields);
  return DefinedRequest as unknown as RequestClass<F, S>;
}
