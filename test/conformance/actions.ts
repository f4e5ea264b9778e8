import { Endpoint, type JsonValue, type RelationBase, type Trigger, type Unit } from 'charms-reactive';
import type { Action, CaseTrigger } from './case.ts';
import { CONVERSATION_ACTIONS } from './conversation-actions.ts';
import { REQUEST_ACTIONS } from './request-actions.ts';
import { seeEndpoint } from './see-endpoint.ts';

/** What the handlers of one hook ran and saw, in order. */
export interface Journal {
  readonly invoked: string[];
  readonly observed: JsonValue[];
}

/** Whom an action acts on. */
export interface Scene {
  readonly unit: Unit;
  readonly journal: Journal;
  readonly endpoint?: Endpoint;
  readonly relation?: RelationBase;
}

/** A case names an action, or an interface style, that this replay does not know. */
export class UnsupportedError extends Error {}

/** Runs a handler's actions in order. */
export function runActions(scene: Scene, actions: readonly Action[]): void {
  for (const [name, ...parameters] of actions) {
    const action = ACTIONS[name];
    if (!action) throw new UnsupportedError(`cannot replay the action "${name}": it is not known`);
    action(scene, ...(parameters as never[]));
  }
}

/** Truth as the reference's language has it. */
export function isTruthy(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return Object.keys(value).length > 0;
}

/** A case's trigger in this framework's words. */
export function toTrigger({
  when,
  when_not: whenNot,
  set_flag: setFlag,
  clear_flag: clearFlag,
}: CaseTrigger): Trigger {
  return { when, whenNot, setFlag, clearFlag } as Trigger;
}

type Bag = Readonly<Record<string, JsonValue>>;
type Actions = readonly Action[];

// biome-ignore format: a table reads best with a line an action
const ACTIONS: Readonly<Record<string, (scene: Scene, ...parameters: never[]) => void>> = {
  set_flag: ({ unit }, flag: string) => unit.flags.set(flag),
  clear_flag: ({ unit }, flag: string) => unit.flags.clear(flag),
  toggle_flag: ({ unit }, flag: string, on: JsonValue) => unit.flags.toggle(flag, isTruthy(on)),
  trigger: ({ unit }, trigger: CaseTrigger) => unit.flags.registerTrigger(toTrigger(trigger)),
  if_flag: (scene, flag: string, then: Actions, otherwise: Actions) => runActions(scene, scene.unit.flags.isSet(flag) ? then : (otherwise ?? [])),
  get_flags: (scene) => observe(scene, 'get_flags', scene.unit.flags.list()),
  all_flags_set: (scene, ...flags: string[]) => observe(scene, 'all_flags_set', scene.unit.flags.areAllSet(...flags)),
  any_flags_set: (scene, ...flags: string[]) => observe(scene, 'any_flags_set', scene.unit.flags.isAnySet(...flags)),
  get_unset_flags: (scene, ...flags: string[]) => observe(scene, 'get_unset_flags', scene.unit.flags.unset(...flags)),
  data_changed: (scene, id: string, value: JsonValue) => observe(scene, 'data_changed', scene.unit.dataChanged(id, value)),
  is_data_changed: (scene, id: string, value: JsonValue) => observe(scene, 'is_data_changed', scene.unit.isDataChanged(id, value)),
  any_hook: (scene, ...patterns: string[]) => observe(scene, 'any_hook', scene.unit.isHook(...patterns)),
  mark_invoked: ({ unit }, id: string) => unit.markInvoked(id),
  was_invoked: (scene, id: string) => observe(scene, 'was_invoked', scene.unit.wasInvoked(id)),
  kv_set: ({ unit }, key: string, value: JsonValue) => unit.kv.set(key, value),
  kv_unset: ({ unit }, key: string) => unit.kv.unset(key),
  kv_update: ({ unit }, values: Bag, prefix: string) => unit.kv.update(values, prefix),
  kv_unsetrange: ({ unit }, keys: readonly string[] | null, prefix: string) => unit.kv.unsetRange(keys, prefix),
  kv_get: (scene, key: string) => observe(scene, 'kv_get', scene.unit.kv.get(key)),
  kv_range: (scene, prefix: string, strip: boolean) => observe(scene, 'kv_range', scene.unit.kv.getRange(prefix, { strip })),
  kv_delta: (scene, values: Bag, prefix: string) => observe(scene, 'kv_delta', deltaPairs(scene, values, prefix)),
  fail: () => { throw new Error('the case asks this hook to fail'); },
  with_endpoint: withEndpoint,
  endpoint_from_flag: (scene, flag: string) => observe(scene, 'endpoint_from_flag', scene.unit.endpointFromFlag(flag)?.endpointName ?? null),
  see_endpoint: (scene) => observe(scene, 'endpoint', seeEndpoint(endpointOf(scene))),
  publish: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.toPublish, values); },
  publish_raw: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.toPublishRaw, values); },
  publish_app: (scene, values: Bag) => { for (const relation of endpointOf(scene).relations) Object.assign(relation.toPublishApp, values); },
  set_own: (scene, flag: string) => endpointOf(scene).setFlag(flag),
  clear_own: (scene, flag: string) => endpointOf(scene).clearFlag(flag),
  toggle_own: (scene, flag: string, on: JsonValue) => endpointOf(scene).toggleFlag(flag, isTruthy(on)),
  if_received: (scene, key: string, then: Actions, otherwise: Actions) => runActions(scene, hasReceived(scene, key) ? then : (otherwise ?? [])),
  clear_departed: (scene) => endpointOf(scene).allDepartedUnits.clear(),
  ...CONVERSATION_ACTIONS,
  ...REQUEST_ACTIONS,
};

function observe({ journal }: Scene, asked: string, answer: JsonValue): void {
  journal.observed.push([asked, answer]);
}

function endpointOf({ endpoint }: Scene): Endpoint {
  if (!endpoint)
    throw new Error('cannot replay the case: an action on an endpoint stands where there is none');
  return endpoint;
}

function withEndpoint(scene: Scene, name: string, actions: Actions): void {
  const exists = scene.unit.metadata.endpoints.some((declaration) => declaration.name === name);
  observe(scene, 'with_endpoint', exists);
  if (exists) runActions({ ...scene, endpoint: scene.unit.endpoint(name, Endpoint) }, actions);
}

function hasReceived(scene: Scene, key: string): boolean {
  return endpointOf(scene).allJoinedUnits.some((unit) => isTruthy(unit.received[key]));
}

function deltaPairs({ unit }: Scene, values: Bag, prefix: string): JsonValue {
  const delta = Object.entries(unit.kv.delta(values, prefix));
  return Object.fromEntries(delta.map(([key, { previous, current }]) => [key, [previous, current]]));
}
