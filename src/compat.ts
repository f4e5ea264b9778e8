export { bus } from './compat/bus.ts';
export { Conversation } from './compat/conversation.ts';
export {
  type CompatGuard,
  collect_metrics,
  hook,
  meter_status_changed,
  not_unless,
  only_once,
  when,
  when_all,
  when_any,
  when_file_changed,
  when_none,
  when_not,
  when_not_all,
} from './compat/decorators.ts';
export type { DepartedUnits } from './compat/departed-units.ts';
export { Endpoint, type EndpointNames, type PythonEndpoint } from './compat/endpoint.ts';
export { Field, type FieldDecorator } from './compat/field.ts';
export * as flags from './compat/flags.ts';
export {
  all_flags_set,
  all_states,
  any_flags_set,
  any_states,
  type CompatTrigger,
  clear_flag,
  get_flags,
  get_state,
  get_states,
  get_unset_flags,
  is_flag_set,
  is_state,
  register_trigger,
  remove_state,
  State,
  StateList,
  set_flag,
  set_state,
  toggle_flag,
  toggle_state,
} from './compat/flags.ts';
export * as helpers from './compat/helpers.ts';
export {
  any_file_changed,
  any_hook,
  data_changed,
  is_data_changed,
  mark_invoked,
  unit,
  was_invoked,
} from './compat/helpers.ts';
export type { HookConfig } from './compat/hook-config.ts';
export * as hookenv from './compat/hookenv.ts';
export { main } from './compat/main.ts';
export type { CompatDecorator, HandlerFunction } from './compat/registration.ts';
export type { RelatedUnit, Relation, UnitList } from './compat/relation.ts';
export { RelationBase } from './compat/relation-base.ts';
export {
  type AnyEndpoint,
  type CalledRelation,
  type EndpointType,
  endpoint_from_flag,
  endpoint_from_name,
  relation_call,
  relation_from_flag,
  relation_from_name,
  relation_from_state,
  scopes,
} from './compat/relations.ts';
export { RequesterEndpoint, ResponderEndpoint } from './compat/request-endpoints.ts';
export { BaseRequest, BaseResponse, type FieldsOf, type RequestType } from './compat/requests.ts';
export type { KeyValues } from './compat/unitdata.ts';
export * as unitdata from './compat/unitdata.ts';
