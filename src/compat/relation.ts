import type { CombinedUnits } from '../relations/combined-units.ts';
import type { PublishedData, PublishedRaw } from '../relations/databag.ts';
import { KeyedList } from '../relations/keyed-list.ts';
import { copyBag, type ReceivedData, type ReceivedRaw } from '../relations/received-data.ts';
import { RelatedUnit as NativeRelatedUnit } from '../relations/related-unit.ts';
import { Relation as NativeRelation, type RelationContext } from '../relations/relation.ts';
import type { RawBag } from '../tools/hook-tools.ts';
import type { PythonEndpoint } from './endpoint.ts';

/** One relation of an endpoint by its Python names as well: the units on the other side, and what we publish. */
export class Relation extends NativeRelation {
  readonly #endpoint: PythonEndpoint;
  #units: UnitList | undefined;

  constructor(relationId: string, context: RelationContext & { readonly endpoint: PythonEndpoint }) {
    super(relationId, context);
    this.#endpoint = context.endpoint;
  }

  /** `db:3`. */
  get relation_id(): string {
    return this.relationId;
  }

  /** `db`. */
  get endpoint_name(): string {
    return this.endpointName;
  }

  /** The endpoint it is a relation of. */
  get endpoint(): PythonEndpoint {
    return this.#endpoint;
  }

  /** The remote application (our own in a peer relation); null where Juju does not say. */
  get application_name(): string | null {
    return this.applicationName ?? null;
  }

  /** The remote units that joined and did not depart, by number. */
  get joined_units(): UnitList {
    this.#units ??= new UnitList(this.joinedUnits);
    return this.#units;
  }

  /** The same as `joined_units`. */
  get units(): UnitList {
    return this.joined_units;
  }

  /** What this unit publishes, as values. */
  get to_publish(): PublishedData {
    return this.toPublish;
  }

  /** What this unit publishes, as text. */
  get to_publish_raw(): PublishedRaw {
    return this.toPublishRaw;
  }

  /** What our application publishes, as values. Only the leader may write: others get a NotLeaderError at once. */
  get to_publish_app(): PublishedData {
    return this.toPublishApp;
  }

  /** What our application publishes, as text. Only the leader may write: others get a NotLeaderError at once. */
  get to_publish_app_raw(): PublishedRaw {
    return this.toPublishAppRaw;
  }

  /** What the remote application itself published, decoded. */
  get received_app(): ReceivedData {
    return this.receivedApp;
  }

  /** What the remote application itself published, as text. */
  get received_app_raw(): ReceivedRaw {
    return this.receivedAppRaw;
  }

  override unit(unitName: string): RelatedUnit {
    const unit = super.unit(unitName);
    return new RelatedUnit(this, unitName, () => copyBag(unit.receivedRaw as RawBag));
  }
}

/** A remote unit in a relation by its Python names as well, and what it published there. */
export class RelatedUnit extends NativeRelatedUnit {
  declare readonly relation: Relation;

  /** `redis/0`. */
  get unit_name(): string {
    return this.unitName;
  }

  /** The unit's application: `redis`. */
  get application_name(): string {
    return this.applicationName;
  }

  /** What the unit published, as text. */
  get received_raw(): ReceivedRaw {
    return this.receivedRaw;
  }
}

/** Units in order of relation id, then unit number, with the data of all of them merged; found by name with `get`. */
export class UnitList extends KeyedList<RelatedUnit> {
  readonly #merged: CombinedUnits;

  /** `units` of compat relations. */
  constructor(units: CombinedUnits) {
    super(units as Iterable<NativeRelatedUnit> as Iterable<RelatedUnit>, (unit) => unit.unitName);
    this.#merged = units;
    Object.freeze(this);
  }

  /** Each unit's name with the unit. */
  items(): [name: string, unit: RelatedUnit][] {
    return Array.from(this, (unit) => [unit.unit_name, unit]);
  }

  /** Every unit's data in one, decoded: where several publish a key, the first unit's value counts. */
  get received(): ReceivedData {
    return this.#merged.received;
  }

  /** Every unit's data in one, as text. */
  get received_raw(): ReceivedRaw {
    return this.#merged.receivedRaw;
  }
}
