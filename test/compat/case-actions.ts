import type { AnyRequestClass, JsonValue } from 'charms-reactive';
import {
  type AnyEndpoint,
  all_flags_set,
  any_flags_set,
  any_hook,
  type BaseRequest,
  type Conversation,
  clear_flag,
  data_changed,
  Endpoint,
  endpoint_from_flag,
  endpoint_from_name,
  get_flags,
  get_unset_flags,
  is_data_changed,
  is_flag_set,
  mark_invoked,
  type PythonEndpoint,
  RelationBase,
  RequesterEndpoint,
  ResponderEndpoint,
  register_trigger,
  set_flag,
  toggle_flag,
  unitdata,
  was_invoked,
} from 'charms-reactive/compat';
import type { Action, CaseTrigger } from '../conformance/case.ts';

/** What the handlers of one hook ran and saw, and on which endpoint they act. */
export interface Scene {
  readonly observed: JsonValue[];
  readonly endpoint?: AnyEndpoint | null;
}

/** Runs a handler's actions in order, by the Python names alone. */
export function runActions(scene: Scene, actions: readonly Action[]): void {
  for (const [name, ...parameters] of actions) {
    const action = ACTIONS[name];
    if (!action) throw new Error(`cannot replay the action "${name}": it is not known`);
    action(scene, ...(parameters as never[]));
  }
}

type Bag = Readonly<Record<string, JsonValue>>;
type Actions = readonly Action[];

const kv = unitdata.kv();

// biome-ignore format: a table reads best with a line an action
const ACTIONS: Readonly<Record<string, (scene: Scene, ...parameters: never[]) => void>> = {
  set_flag: (_, flag: string) => set_flag(flag),
  clear_flag: (_, flag: string) => clear_flag(flag),
  toggle_flag: (_, flag: string, on: JsonValue) => toggle_flag(flag, on),
  trigger: (_, trigger: CaseTrigger) => register_trigger(trigger),
  if_flag: (scene, flag: string, then: Actions, otherwise: Actions) => runActions(scene, is_flag_set(flag) ? then : (otherwise ?? [])),
  get_flags: (scene) => observe(scene, 'get_flags', get_flags()),
  all_flags_set: (scene, ...flags: string[]) => observe(scene, 'all_flags_set', all_flags_set(...flags)),
  any_flags_set: (scene, ...flags: string[]) => observe(scene, 'any_flags_set', any_flags_set(...flags)),
  get_unset_flags: (scene, ...flags: string[]) => observe(scene, 'get_unset_flags', get_unset_flags(...flags)),
  data_changed: (scene, id: string, value: JsonValue) => observe(scene, 'data_changed', data_changed(id, value)),
  is_data_changed: (scene, id: string, value: JsonValue) => observe(scene, 'is_data_changed', is_data_changed(id, value)),
  any_hook: (scene, ...patterns: string[]) => observe(scene, 'any_hook', any_hook(...patterns)),
  mark_invoked: (_, id: string) => mark_invoked(id),
  was_invoked: (scene, id: string) => observe(scene, 'was_invoked', was_invoked(id)),
  kv_set: (_, key: string, value: JsonValue) => void kv.set(key, value),
  kv_unset: (_, key: string) => kv.unset(key),
  kv_update: (_, values: Bag, prefix: string) => kv.update(values, prefix),
  kv_unsetrange: (_, keys: readonly string[] | null, prefix: string) => kv.unsetrange(keys, prefix),
  kv_get: (scene, key: string) => observe(scene, 'kv_get', kv.get(key)),
  kv_range: (scene, prefix: string, strip: boolean) => observe(scene, 'kv_range', kv.getrange(prefix, strip)),
  kv_delta: (scene, values: Bag, prefix: string) => observe(scene, 'kv_delta', deltaPairs(values, prefix)),
  fail: () => { throw new Error('the case asks this hook to fail'); },
  with_endpoint: withEndpoint,
  endpoint_from_flag: (scene, flag: string) => observe(scene, 'endpoint_from_flag', nameOf(endpoint_from_flag(flag))),
  see_endpoint: (scene) => observe(scene, 'endpoint', seeEndpoint(endpointOf(scene))),
  publish: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.to_publish, values); },
  publish_raw: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.to_publish_raw, values); },
  publish_app: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.to_publish_app, values); },
  set_own: (scene, flag: string) => set_flag(endpointOf(scene).expand_name(flag)),
  clear_own: (scene, flag: string) => clear_flag(endpointOf(scene).expand_name(flag)),
  toggle_own: (scene, flag: string, on: JsonValue) => toggle_flag(endpointOf(scene).expand_name(flag), on),
  if_received: (scene, key: string, then: Actions, otherwise: Actions) => runActions(scene, hasReceived(scene, key) ? then : (otherwise ?? [])),
  clear_departed: (scene) => endpointOf(scene).all_departed_units.clear(),

  conv_set_state: (scene, state: string) => relationOf(scene).set_state(state),
  conv_remove_state: (scene, state: string) => relationOf(scene).remove_state(state),
  conv_is_state: (scene, state: string) => observe(scene, 'is_state', relationOf(scene).is_state(state)),
  set_remote: (scene, values: Bag) => relationOf(scene).set_remote(values),
  get_remote: (scene, key: string, fallback: JsonValue) => observe(scene, 'get_remote', relationOf(scene).get_remote(key, fallback)),
  set_local: (scene, values: Bag) => relationOf(scene).set_local(values),
  get_local: (scene, key: string, fallback: JsonValue) => observe(scene, 'get_local', relationOf(scene).get_local(key, fallback)),
  if_remote: (scene, key: string, then: Actions, otherwise: Actions) => runActions(scene, relationOf(scene).get_remote(key) ? then : (otherwise ?? [])),
  accessors: (scene, ...names: string[]) => observe(scene, 'accessors', Object.fromEntries(names.map((name) => [name, access(relationOf(scene), name)]))),
  see_conversations: (scene) => observe(scene, 'conversations', relationOf(scene).conversations().map(seeConversation)),
  each_conversation_get_remote: (scene, key: string) => observe(scene, 'each_get_remote', relationOf(scene).conversations().map((conversation) => [conversation.scope, conversation.get_remote(key)])),
  each_conversation_remove_state: (scene, state: string) => { for (const conversation of relationOf(scene).conversations()) conversation.remove_state(state); },
  relation_from_flag: relationFromFlag,

  create_request: (scene, fields: Bag) => createRequest(requesterOf(scene), fields),
  update_request: (scene, match: Bag, fields: Bag) => { for (const request of requestClassOf(scene).find_all(match)) Object.assign(request, fields); },
  respond: (scene, match: Bag, fields: Bag) => { for (const request of responderOf(scene).all_requests.filter((request) => fits(request, match))) request.respond(fields); },
  respond_new: (scene, fields: Bag) => { for (const request of responderOf(scene).new_requests) request.respond(fields); },
  see_requests: (scene) => observe(scene, 'requests', requestsOf(scene).map(seeRequest)),
};

function observe({ observed }: Scene, asked: string, answer: JsonValue): void {
  observed.push([asked, answer]);
}

function nameOf(endpoint: AnyEndpoint | null): string | null {
  return endpoint?.endpointName ?? null;
}

function endpointOf({ endpoint }: Scene): PythonEndpoint {
  if (endpoint instanceof Endpoint) return endpoint;
  if (endpoint instanceof RequesterEndpoint || endpoint instanceof ResponderEndpoint) return endpoint;
  throw new Error(`cannot replay the case: ${endpoint?.constructor.name} has no Python names`);
}

function withEndpoint(scene: Scene, name: string, actions: Actions): void {
  const endpoint = endpoint_from_name(name);
  observe(scene, 'with_endpoint', endpoint !== null);
  if (endpoint) runActions({ ...scene, endpoint }, actions);
}

function hasReceived(scene: Scene, key: string): boolean {
  return endpointOf(scene).all_joined_units.some((unit) => isTrue(unit.received[key]));
}

function isTrue(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function deltaPairs(values: Bag, prefix: string): JsonValue {
  const delta = Object.entries(kv.delta(values, prefix));
  return Object.fromEntries(delta.map(([key, { previous, current }]) => [key, [previous, current]]));
}

function seeEndpoint(endpoint: PythonEndpoint): JsonValue {
  return {
    name: endpoint.endpoint_name,
    is_joined: endpoint.is_joined,
    all_joined_units: endpoint.all_units.map(({ unit_name }) => unit_name),
    merged: { ...endpoint.all_joined_units.received },
    departed: endpoint.all_departed_units
      .items()
      .map(([name, unit]) => [name, unit.relation.relation_id, { ...unit.received_raw }]),
    relations: endpoint.relations.map((relation) => ({
      id: relation.relation_id,
      endpoint: relation.endpoint_name,
      app: relation.units.length > 0 ? relation.application_name : null,
      merged: { ...relation.joined_units.received },
      units: relation.joined_units.map((unit) => ({
        unit: unit.unit_name,
        app: unit.application_name,
        missing: unit.received.missing ?? null,
        received: { ...unit.received },
        raw: { ...unit.received_raw },
      })),
    })),
  };
}

function relationOf({ endpoint }: Scene): RelationBase {
  if (endpoint instanceof RelationBase) return endpoint;
  throw new Error('cannot replay the case: an action on conversations stands where there is no RelationBase');
}

function access(relation: RelationBase, name: string): JsonValue {
  return (Reflect.get(relation, name) as () => JsonValue).call(relation);
}

function seeConversation({ key, namespace, scope, units, relation_ids }: Conversation): JsonValue {
  return [key, namespace, scope, units, relation_ids];
}

function relationFromFlag(scene: Scene, flag: string, actions: Actions): void {
  const endpoint = RelationBase.from_flag(flag);
  observe(scene, 'relation_from_flag', nameOf(endpoint));
  if (endpoint) runActions({ ...scene, endpoint }, actions);
}

type AnyRequests = AnyRequestClass & typeof BaseRequest & (new (...parameters: never[]) => BaseRequest);

function requestClassOf({ endpoint }: Scene): AnyRequests {
  return Reflect.get(endpoint?.constructor ?? {}, 'REQUEST_CLASS') as AnyRequests;
}

/** A case gives one id for all relations; the recorder told them apart by the relation. */
function createRequest(endpoint: RequesterEndpoint, { request_id, ...fields }: Bag): void {
  for (const relation of endpoint.relations) {
    requestClassOf({ observed: [], endpoint }).create(relation, {
      ...fields,
      request_id: `${request_id}@${relation.relation_id}`,
    });
  }
}

function requestsOf({ endpoint }: Scene): BaseRequest[] {
  if (endpoint instanceof RequesterEndpoint) return [...endpoint.requests] as BaseRequest[];
  return endpoint instanceof ResponderEndpoint ? (endpoint.all_requests as BaseRequest[]) : [];
}

function fits(request: BaseRequest, match: Bag): boolean {
  return Object.entries(match).every(([name, value]) => Reflect.get(request, name) === value);
}

function seeRequest(request: BaseRequest): JsonValue {
  return [request.toJSON(), request.response?.toJSON() ?? null] as JsonValue;
}

function requesterOf({ endpoint }: Scene): RequesterEndpoint {
  if (endpoint instanceof RequesterEndpoint) return endpoint;
  throw new Error('cannot replay the case: a request is made where no requester is');
}

function responderOf({ endpoint }: Scene): ResponderEndpoint {
  if (endpoint instanceof ResponderEndpoint) return endpoint;
  throw new Error('cannot replay the case: a request is answered where no responder is');
}
