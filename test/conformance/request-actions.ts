import {
  type AnyRequestClass,
  type BaseRequest,
  type JsonValue,
  RequesterEndpoint,
  ResponderEndpoint,
} from 'charms-reactive';
import type { Scene } from './actions.ts';

type Bag = Readonly<Record<string, JsonValue>>;
type Requester = RequesterEndpoint<AnyRequestClass>;
type Responder = ResponderEndpoint<AnyRequestClass>;

/** The actions of the family `request`. */
// biome-ignore format: a table reads best with a line an action
export const REQUEST_ACTIONS: Readonly<Record<string, (scene: Scene, ...parameters: never[]) => void>> = {
  create_request: (scene, fields: Bag) => createRequest(requesterOf(scene), fields),
  update_request: (scene, match: Bag, fields: Bag) => { for (const request of requesterOf(scene).requests.findAll(match)) request.update(fields); },
  respond: (scene, match: Bag, fields: Bag) => { for (const request of responderOf(scene).allRequests.findAll(match)) request.respond(fields); },
  respond_new: (scene, fields: Bag) => { for (const request of responderOf(scene).newRequests) request.respond(fields); },
  see_requests: (scene) => scene.journal.observed.push(['requests', requestsOf(scene).map(seeRequest)]),
};

/** A case gives one id for all relations; the recorder told them apart by the relation. */
function createRequest(endpoint: Requester, { request_id: requestId, ...fields }: Bag): void {
  for (const relation of endpoint.relations) {
    endpoint.requests.create(relation, { ...fields, requestId: `${requestId}@${relation.relationId}` });
  }
}

function requestsOf({ endpoint }: Scene): BaseRequest[] {
  if (endpoint instanceof RequesterEndpoint) return [...(endpoint as Requester).requests];
  return endpoint instanceof ResponderEndpoint ? [...(endpoint as Responder).allRequests] : [];
}

function seeRequest(request: BaseRequest): JsonValue {
  return [request.toJSON(), request.response?.toJSON() ?? null] as JsonValue;
}

function requesterOf({ endpoint }: Scene): Requester {
  if (endpoint instanceof RequesterEndpoint) return endpoint;
  throw new Error('cannot replay the case: a request is made where no requester is');
}

function responderOf({ endpoint }: Scene): Responder {
  if (endpoint instanceof ResponderEndpoint) return endpoint;
  throw new Error('cannot replay the case: a request is answered where no responder is');
}
