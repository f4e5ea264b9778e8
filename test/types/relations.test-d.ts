/** Relation data: what is received can only be read, what is published is typed. Nothing here is run. */
import type {
  CombinedUnits,
  Endpoint,
  EndpointClass,
  JsonValue,
  RelatedUnit,
  Relation,
} from 'charms-reactive';
import { Layer } from 'charms-reactive';

export function read(unit: RelatedUnit, relation: Relation, units: CombinedUnits): JsonValue[] {
  const value: JsonValue | undefined = unit.received.port;
  const raw: string | null | undefined = unit.receivedRaw.port;
  // @ts-expect-error it may be anything
  const port: number = unit.received.port;
  // @ts-expect-error it may not be there
  const text: string = unit.receivedRaw.port;
  // @ts-expect-error received data is read-only
  unit.received.port = 1;
  // @ts-expect-error received data is read-only
  unit.receivedRaw.port = '1';
  // @ts-expect-error received data is read-only
  delete unit.received.port;
  // @ts-expect-error received data is read-only
  relation.receivedApp.port = 1;
  // @ts-expect-error received data is read-only
  relation.receivedAppRaw.port = '1';
  // @ts-expect-error merged data is read-only
  units.received.port = 1;
  // @ts-expect-error a unit's name does not change
  unit.unitName = 'redis/1';
  // @ts-expect-error a relation's id does not change
  relation.relationId = 'db:2';
  return [value ?? null, raw ?? null, port, text];
}

export function publish(relation: Relation): void {
  relation.toPublish.port = 8080;
  relation.toPublish.list = [1, { a: null }];
  relation.toPublish.gone = null;
  relation.toPublish.gone = undefined;
  delete relation.toPublish.gone;
  relation.toPublishRaw.port = '8080';
  relation.toPublishRaw.gone = null;
  relation.toPublishApp.port = 8080;
  relation.toPublishAppRaw.port = '8080';
  // @ts-expect-error a function has no JSON form
  relation.toPublish.wrong = () => {};
  // @ts-expect-error a date has no JSON form of its own
  relation.toPublish.wrong = new Date();
  // @ts-expect-error raw data is text
  relation.toPublishRaw.port = 8080;
  // @ts-expect-error raw data is text
  relation.toPublishAppRaw.on = true;
  // @ts-expect-error the bag itself stays
  relation.toPublish = {};
}

export function lookUp(endpoint: Endpoint): void {
  const relation: Relation | undefined = endpoint.relations.get('db:1');
  const unit: RelatedUnit | undefined = endpoint.allJoinedUnits.get('redis/0');
  // @ts-expect-error it may not be there
  const sure: Relation = endpoint.relations.get('db:1');
  // @ts-expect-error it may not be there
  const first: Relation = endpoint.relations[0];
  // @ts-expect-error found by name, not by number
  endpoint.relations.get(1);
  // @ts-expect-error the list itself stays
  endpoint.relations = [];
  endpoint.registerTrigger({ when: 'joined', setFlag: 'ready' });
  // @ts-expect-error a trigger waits for one edge
  endpoint.registerTrigger({ when: 'joined', whenNot: 'ready', setFlag: 'x' });
  endpoint.kv.set('found', [
    relation?.relationId ?? '',
    unit?.unitName ?? '',
    sure.relationId,
    first.relationId,
  ]);
}

export class NoEndpoint extends Layer {}
// @ts-expect-error a Layer is no Endpoint
export const wrong: EndpointClass = NoEndpoint;
