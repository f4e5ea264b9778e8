import { KeyedList } from './keyed-list.ts';
import { sortNumbered } from './natural-order.ts';
import {
  makeReceivedViews,
  type ReceivedData,
  type ReceivedRaw,
  type ReceivedViews,
} from './received-data.ts';
import type { RelatedUnit } from './related-unit.ts';

/**
 * Units in order of relation id, then unit number; found by name too (`get('redis/0')`, the one in the lowest relation
 * where it occurs twice), with the data of all of them merged.
 */
export class CombinedUnits extends KeyedList<RelatedUnit> {
  #views: ReceivedViews | undefined;

  constructor(units: Iterable<RelatedUnit>) {
    const sorted = sortNumbered(units, ({ relation, unitName }) => [relation.relationId, unitName]);
    super(sorted, (unit) => unit.unitName);
    Object.freeze(this);
  }

  /** Every unit's data in one, decoded: where several publish a key, the first unit's value counts. */
  get received(): ReceivedData {
    return this.#merged().decoded;
  }

  /** Every unit's data in one, as text. */
  get receivedRaw(): ReceivedRaw {
    return this.#merged().raw;
  }

  #merged(): ReceivedViews {
    if (!this.#views) {
      const bag: Record<string, string> = Object.create(null);
      for (const unit of this) {
        for (const [key, text] of Object.entries(unit.receivedRaw)) bag[key] ??= text ?? '';
      }
      this.#views = makeReceivedViews(bag);
    }
    return this.#views;
  }
}
