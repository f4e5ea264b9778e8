import {
  defineRequest,
  defineResponse,
  type EndpointClass,
  type Fields,
  field,
  RequesterEndpoint,
  ResponderEndpoint,
} from 'charms-reactive';
import type { CaseInterface } from './case.ts';

/** The class a case's requester or responder extends; undefined for an interface of another style. */
export function requestEndpointClass(implementation: CaseInterface): EndpointClass | undefined {
  const { style, request_fields: requestFields = [], response_fields: responseFields = [] } = implementation;
  if (style !== 'requester' && style !== 'responder') return undefined;
  class CaseResponse extends defineResponse({ fields: fieldsOf(responseFields) }) {}
  class CaseRequest extends defineRequest({ fields: fieldsOf(requestFields), response: CaseResponse }) {}
  return style === 'requester' ? RequesterEndpoint.of(CaseRequest) : ResponderEndpoint.of(CaseRequest);
}

function fieldsOf(names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, field(`${name} of a case`)]));
}
