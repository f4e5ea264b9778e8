import { type Conversation, type JsonValue, RelationBase } from 'charms-reactive';
import { isTruthy, runActions, type Scene } from './actions.ts';
import type { Action } from './case.ts';

type Bag = Readonly<Record<string, JsonValue>>;
type Actions = readonly Action[];

/** The actions of the family `conversation`. */
// biome-ignore format: a table reads best with a line an action
export const CONVERSATION_ACTIONS: Readonly<Record<string, (scene: Scene, ...parameters: never[]) => void>> = {
  conv_set_state: (scene, state: string) => relationOf(scene).setState(state),
  conv_remove_state: (scene, state: string) => relationOf(scene).removeState(state),
  conv_is_state: (scene, state: string) => observe(scene, 'is_state', relationOf(scene).isState(state)),
  set_remote: (scene, values: Bag) => relationOf(scene).setRemote(values),
  get_remote: (scene, key: string, fallback: JsonValue) => observe(scene, 'get_remote', relationOf(scene).getRemote(key, fallback)),
  set_local: (scene, values: Bag) => relationOf(scene).setLocal(values),
  get_local: (scene, key: string, fallback: JsonValue) => observe(scene, 'get_local', relationOf(scene).getLocal(key, fallback)),
  if_remote: (scene, key: string, then: Actions, otherwise: Actions) => runActions(scene, isTruthy(relationOf(scene).getRemote(key)) ? then : (otherwise ?? [])),
  accessors: (scene, ...names: string[]) => observe(scene, 'accessors', Object.fromEntries(names.map((name) => [name, access(relationOf(scene), name)]))),
  see_conversations: (scene) => observe(scene, 'conversations', relationOf(scene).conversations().map(seeConversation)),
  each_conversation_get_remote: (scene, key: string) => observe(scene, 'each_get_remote', relationOf(scene).conversations().map((conversation) => [conversation.scope, conversation.getRemote(key)])),
  each_conversation_remove_state: (scene, state: string) => { for (const conversation of relationOf(scene).conversations()) conversation.removeState(state); },
  relation_from_flag: relationFromFlag,
};

function observe({ journal }: Scene, asked: string, answer: JsonValue): void {
  journal.observed.push([asked, answer]);
}

function relationOf({ relation }: Scene): RelationBase {
  if (relation) return relation;
  throw new Error('cannot replay the case: an action on conversations stands where there is no RelationBase');
}

function access(relation: RelationBase, name: string): JsonValue {
  const accessor: unknown = Reflect.get(relation, name);
  if (typeof accessor === 'function') return accessor.call(relation);
  throw new Error(`cannot replay the case: there is no accessor "${name}"`);
}

function seeConversation({ key, namespace, scope, units, relationIds }: Conversation): JsonValue {
  return [key, namespace, scope, units, relationIds];
}

function relationFromFlag(scene: Scene, flag: string, actions: Actions): void {
  const relation = scene.unit.endpointFromFlag(flag);
  observe(scene, 'relation_from_flag', relation?.endpointName ?? null);
  if (relation instanceof RelationBase) runActions({ ...scene, relation }, actions);
}
