import { KeyedList } from '../relations/keyed-list.ts';
import { copyBag } from '../relations/received-data.ts';
import { RelatedUnit } from '../relations/related-unit.ts';
import type { Relation } from '../relations/relation.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { RawBag } from '../tools/hook-tools.ts';

interface Entry {
  readonly relationId: string;
  readonly unitName: string;
  readonly data: RawBag;
}

/**
 * The units that left an endpoint, with what they had published, until the charm takes them off the list.
 *
 * It lasts from hook to hook, in the store's key `reactive.endpoints.departed.<endpoint>` in the reference's layout. A
 * unit stands in it once for each relation, and leaves it by joining again.
 */
export class DepartedUnits implements Iterable<RelatedUnit> {
  readonly #key: string;
  readonly #store: UnitData;
  readonly #relationOf: (relationId: string) => Relation;
  #entries: readonly Entry[];

  constructor(source: {
    readonly endpoint: string;
    readonly store: UnitData;
    /** The relation of an id, whether it is still there or gone. */
    readonly relationOf: (relationId: string) => Relation;
  }) {
    this.#key = `reactive.endpoints.departed.${source.endpoint}`;
    this.#store = source.store;
    this.#relationOf = source.relationOf;
    this.#entries = readEntries(source.store.get(this.#key));
  }

  get length(): number {
    return this.#entries.length;
  }

  [Symbol.iterator](): Iterator<RelatedUnit> {
    return this.#units()[Symbol.iterator]();
  }

  /** The departed unit of that name; undefined when there is none. */
  get(unitName: string): RelatedUnit | undefined {
    return this.#units().get(unitName);
  }

  /** Takes a unit off the list, by name, in whichever relation it departed from. */
  remove(unitName: string): void {
    this.#save(this.#entries.filter((entry) => entry.unitName !== unitName));
  }

  /** Takes every unit off the list. */
  clear(): void {
    this.#save([]);
  }

  /** Puts a unit on the list, in place of an earlier departure from the same relation. */
  add(unit: RelatedUnit): void {
    const { unitName } = unit;
    const { relationId } = unit.relation;
    const data = Object.fromEntries(Object.entries(unit.receivedRaw).map(([key, text]) => [key, text ?? '']));
    this.#save([...this.#without(relationId, unitName), { relationId, unitName, data }]);
  }

  /** Takes off the list whoever is back. */
  removeJoined(units: Iterable<RelatedUnit>): void {
    let entries = this.#entries;
    for (const { relation, unitName } of units) {
      entries = entries.filter(
        (entry) => entry.relationId !== relation.relationId || entry.unitName !== unitName,
      );
    }
    if (entries.length < this.#entries.length) this.#save(entries);
  }

  #without(relationId: string, unitName: string): Entry[] {
    return this.#entries.filter((entry) => entry.relationId !== relationId || entry.unitName !== unitName);
  }

  #units(): KeyedList<RelatedUnit> {
    const units = this.#entries.map(
      ({ relationId, unitName, data }) => new RelatedUnit(this.#relationOf(relationId), unitName, () => data),
    );
    return new KeyedList(units, (unit) => unit.unitName);
  }

  #save(entries: readonly Entry[]): void {
    this.#entries = entries;
    if (entries.length === 0) this.#store.unset(this.#key);
    else {
      const stored = entries.map(({ relationId, unitName, data }) => ({
        relation: relationId,
        unit_name: unitName,
        data: { ...data },
      }));
      this.#store.set(this.#key, stored);
    }
  }
}

/** Whatever the store holds, only entries that make sense are taken. */
function readEntries(stored: JsonValue): Entry[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((item: { readonly [key: string]: JsonValue } | null): Entry[] => {
    const { relation, unit_name: unitName, data } = item ?? {};
    if (typeof relation !== 'string' || typeof unitName !== 'string') return [];
    const isBag = typeof data === 'object' && data !== null && !Array.isArray(data);
    return [{ relationId: relation, unitName, data: copyBag((isBag ? data : {}) as RawBag) }];
  });
}
