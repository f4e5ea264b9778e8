import { runningUnit } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import { RelationBase } from '../conversations/relation-base.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';

/** An endpoint of the charm, in either style. */
export type AnyEndpoint = Endpoint | RelationBase;

/** A class that implements an endpoint. */
export type EndpointType<E> = abstract new (...parameters: never[]) => E;

/**
 * The endpoint of that name; null when metadata.yaml has none. Give its class to have it typed.
 * @throws Error when another class implements the endpoint.
 */
export function endpoint_from_name(name: string | null | undefined): AnyEndpoint | null;
export function endpoint_from_name<E extends AnyEndpoint>(
  name: string | null | undefined,
  type: EndpointType<E>,
): E | null;
export function endpoint_from_name(
  name: string | null | undefined,
  type?: EndpointType<AnyEndpoint>,
): AnyEndpoint | null {
  const unit = runningUnit('endpoint_from_name');
  return asType(unit, { endpoint: name ? unit.findEndpoint(name) : undefined, type });
}

/**
 * The endpoint a set flag belongs to: for a flag that conversations set, their RelationBase, speaking for those; else
 * `endpoint.db.available` and `db.available` both give `db`. Null when the flag is not set, or belongs to none.
 * @throws Error when another class than the given one implements the endpoint.
 */
export function endpoint_from_flag(flag: string): AnyEndpoint | null;
export function endpoint_from_flag<E extends AnyEndpoint>(flag: string, type: EndpointType<E>): E | null;
export function endpoint_from_flag(flag: string, type?: EndpointType<AnyEndpoint>): AnyEndpoint | null {
  const unit = runningUnit('endpoint_from_flag');
  return asType(unit, { endpoint: unit.endpointFromFlag(flag), type });
}

/** Which endpoint `relation_call` calls: by its name, or by a flag that belongs to it. */
export interface CalledRelation {
  readonly relation_name?: string;
  readonly flag?: string;
  readonly state?: string;
}

/**
 * Calls a method of an endpoint by its name; `conversations` answers their scopes.
 * @throws TypeError when there is no such endpoint, or method.
 */
export function relation_call(method: string, which: CalledRelation, ...parameters: unknown[]): unknown {
  const { relation_name: name, flag = which.state } = which;
  const endpoint = name ? endpoint_from_name(name) : flag ? endpoint_from_flag(flag) : null;
  if (!endpoint) {
    throw new TypeError(
      `cannot call "${method}": there is no endpoint for ${JSON.stringify(which)}; give relation_name or a set flag`,
    );
  }
  const member: unknown = method in Object.prototype ? undefined : Reflect.get(endpoint, method);
  if (typeof member !== 'function') {
    throw new TypeError(`cannot call "${method}": ${endpoint.constructor.name} has no such method`);
  }
  if (endpoint instanceof RelationBase && method === 'conversations') {
    return endpoint.conversations().map(({ scope }) => scope);
  }
  return member.apply(endpoint, parameters);
}

export { scopes } from '../conversations/scopes.ts';
export {
  endpoint_from_flag as relation_from_flag,
  endpoint_from_flag as relation_from_state,
  endpoint_from_name as relation_from_name,
};

/** `unit.endpoint` has the words for an endpoint of another class. */
function asType(
  unit: Unit,
  {
    endpoint,
    type,
  }: {
    readonly endpoint: AnyEndpoint | undefined;
    readonly type: EndpointType<AnyEndpoint> | undefined;
  },
): AnyEndpoint | null {
  if (!endpoint) return null;
  if (!type || endpoint instanceof type) return endpoint;
  return unit.endpoint(endpoint.endpointName, type as EndpointType<Endpoint>);
}
