import type { RawBag } from '../tools/hook-tools.ts';
import {
  makeReceivedViews,
  type ReceivedData,
  type ReceivedRaw,
  type ReceivedViews,
} from './received-data.ts';
import type { Relation } from './relation.ts';

/** A remote unit in a relation, and what it published there. */
export class RelatedUnit {
  /** The relation it is, or was, a part of. */
  readonly relation: Relation;
  /** `redis/0`. */
  readonly unitName: string;
  readonly #read: () => RawBag;
  #views: ReceivedViews | undefined;

  /** `read` gives the unit's databag; it is called once, when something is first looked at. */
  constructor(relation: Relation, unitName: string, read: () => RawBag) {
    this.relation = relation;
    this.unitName = unitName;
    this.#read = read;
  }

  /** The unit's application: `redis`. */
  get applicationName(): string {
    return this.unitName.split('/')[0] ?? this.unitName;
  }

  /** What the unit published, decoded. */
  get received(): ReceivedData {
    return this.#both().decoded;
  }

  /** What the unit published, as text. */
  get receivedRaw(): ReceivedRaw {
    return this.#both().raw;
  }

  /** The same unit with other data, where its own cannot be had. */
  withData(data: RawBag): RelatedUnit {
    return new RelatedUnit(this.relation, this.unitName, () => data);
  }

  #both(): ReceivedViews {
    this.#views ??= makeReceivedViews(this.#read());
    return this.#views;
  }
}
