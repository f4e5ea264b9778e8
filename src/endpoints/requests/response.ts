import type { Fields, FieldValues, Unless } from './field.ts';
import { FieldHolder } from './field-holder.ts';
import type { BaseRequest } from './request.ts';
import type { WireEntry } from './wire-entry.ts';

/** What the framework makes a response of. */
export interface ResponseSource {
  readonly request: BaseRequest;
  readonly entry: WireEntry;
}

/** An answer to a request. On the wire it is the key `response_<request id>` of the answering unit's databag. */
export abstract class BaseResponse<F extends Fields = Fields> extends FieldHolder<F> {
  readonly #request: BaseRequest;

  constructor({ request, entry }: ResponseSource, fields: F) {
    super(entry, fields);
    this.#request = request;
  }

  /** The request it answers. */
  get request(): BaseRequest {
    return this.#request;
  }

  protected override describe(): string {
    return `the response to request "${this.#request.requestId}"`;
  }
}

/** Any response class. */
export interface AnyResponseClass {
  readonly fields: Fields;
  new (source: ResponseSource): BaseResponse;
}

/** A response class with the given fields; extend it. */
export interface ResponseClass<F extends Fields> {
  /** The fields as they were defined. */
  readonly fields: F;
  /** For the framework: a response is made by `request.respond`, or found. */
  new (source: ResponseSource): BaseResponse<F> & FieldValues<F>;
}

/**
 * Makes the class of a response out of its fields:
 *
 *     class CertResponse extends defineResponse({ fields: { cert: field<string>('the certificate') } }) {}
 *
 * @throws TypeError for a field with the name of something that every response has.
 */
export function defineResponse<const F extends Fields>(definition: {
  readonly fields: F & Unless<F, keyof BaseResponse>;
}): ResponseClass<F> {
  const fields: F = definition.fields;
  class DefinedResponse extends BaseResponse<F> {
    static readonly fields = fields;
    constructor(source: ResponseSource) {
      super(source, fields);
    }
  }
  FieldHolder.declareFields(DefinedResponse, fields);
  return DefinedResponse as unknown as ResponseClass<F>;
}
