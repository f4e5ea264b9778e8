export type {
  CharmDefinition,
  InterfaceModule,
  LayerModule,
} from './charm/charm-definition.ts';
export type { Config, ConfigValue } from './charm/config.ts';
export {
  defineLayer,
  type FunctionHandler,
  type FunctionLayer,
  type FunctionLayerParts,
  handler,
  Layer,
  type LayerClass,
} from './charm/layer.ts';
export type { Log } from './charm/log.ts';
export { main } from './charm/main.ts';
export { type HookReport, runHook, type Surroundings } from './charm/run-hook.ts';
export { HookEnd, type StatusWish, type Unit, type UnitPorts, type UnitStatus } from './charm/unit.ts';
export {
  type AccessorName,
  type AutoAccessors,
  type RelationBaseWithAccessors,
  withAutoAccessors,
} from './conversations/auto-accessors.ts';
export type { Conversation, RemoteValue } from './conversations/conversation.ts';
export { RelationBase, type RelationBaseContext } from './conversations/relation-base.ts';
export type { RelationBaseClass } from './conversations/relation-base-class.ts';
export { scopes } from './conversations/scopes.ts';
export { DispatchLoopError } from './dispatch/loop-watch.ts';
export type { HandlerRun, Tracer } from './dispatch/tracer.ts';
export type { DepartedUnits } from './endpoints/departed-units.ts';
export { Endpoint, type EndpointContext } from './endpoints/endpoint.ts';
export type { EndpointClass } from './endpoints/endpoint-set.ts';
export { type Field, type Fields, field } from './endpoints/requests/field.ts';
export type { ReceivedRequests } from './endpoints/requests/received-requests.ts';
export {
  type AnyRequestClass,
  BaseRequest,
  defineRequest,
  type RequestClass,
} from './endpoints/requests/request.ts';
export type { RequestMatch } from './endpoints/requests/request-list.ts';
export { RequesterEndpoint } from './endpoints/requests/requester-endpoint.ts';
export { ResponderEndpoint } from './endpoints/requests/responder-endpoint.ts';
export {
  type AnyResponseClass,
  BaseResponse,
  defineResponse,
  type ResponseClass,
} from './endpoints/requests/response.ts';
export type { ResponseOf } from './endpoints/requests/response-finders.ts';
export type { NewRequest, SentRequests } from './endpoints/requests/sent-requests.ts';
export type { Cause, FlagChange, FlagEdge } from './flags/cause.ts';
export type { Flags } from './flags/flag-registry.ts';
export { TriggerLoopError } from './flags/trigger-cascade.ts';
export type { Trigger, TriggerEffect, TriggerSource } from './flags/triggers.ts';
export {
  action,
  type Condition,
  type ConditionData,
  type ConfigCondition,
  collectMetrics,
  type FileCondition,
  type FlagCondition,
  type FlagConditionKind,
  type HandlerDecorator,
  type HookCondition,
  hook,
  meterStatusChanged,
  type OnceCondition,
  onlyOnce,
  type RestrictedHookCondition,
  type StatefulCondition,
  type WatchedFile,
  when,
  whenAll,
  whenAny,
  whenConfigChanged,
  whenFileChanged,
  whenNone,
  whenNot,
  whenNotAll,
} from './handlers/condition.ts';
export { FlagsMissingError, type GuardDecorator, notUnless } from './handlers/not-unless.ts';
export type { Environment, HookContext, HookRelation } from './hook/environment.ts';
export type { CharmMetadata, EndpointDeclaration, Role } from './metadata/charm-metadata.ts';
export type { ConfigOption, ConfigOptions } from './metadata/config-options.ts';
export type { CombinedUnits } from './relations/combined-units.ts';
export type { HashOptions } from './relations/data-changes.ts';
export type { PublishedData, PublishedRaw } from './relations/databag.ts';
export type { KeyedList } from './relations/keyed-list.ts';
export type { ReceivedData, ReceivedRaw } from './relations/received-data.ts';
export type { RelatedUnit } from './relations/related-unit.ts';
export { NotLeaderError, type Relation } from './relations/relation.ts';
export type { Delta } from './store/delta.ts';
export type { JsonValue } from './store/python-json.ts';
export type { Revision, UnitData, UnitStore } from './store/unit-store.ts';
export type { ActionTools } from './tools/action-tools.ts';
export { HookToolError } from './tools/errors.ts';
export type {
  BagOwner,
  HookTools,
  LogLevel,
  NetworkAnswer,
  RawBag,
  StatusAnswer,
  WorkloadStatus,
} from './tools/hook-tools.ts';
export type {
  ApplicationStatusAnswer,
  CloudCredential,
  GoalState,
  GoalStatus,
  ModelTools,
} from './tools/model-tools.ts';
export type {
  SecretGrant,
  SecretInfo,
  SecretReference,
  SecretRotation,
  SecretSettings,
  SecretTools,
} from './tools/secret-tools.ts';
export type { StateTools } from './tools/state-tools.ts';
export type { StorageInstance, StorageTools } from './tools/storage-tools.ts';
