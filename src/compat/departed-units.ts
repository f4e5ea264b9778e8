import type { DepartedUnits as NativeDepartedUnits } from '../endpoints/departed-units.ts';
import { copyBag } from '../relations/received-data.ts';
import type { RelatedUnit as NativeRelatedUnit } from '../relations/related-unit.ts';
import type { RawBag } from '../tools/hook-tools.ts';
import { RelatedUnit, type Relation } from './relation.ts';

/**
 * The units that left an endpoint, with what they had published, until the charm takes them off the list; by the Python
 * names of that list.
 */
export class DepartedUnits implements Iterable<RelatedUnit> {
  readonly #units: NativeDepartedUnits;

  /** `units` of an endpoint of this package. */
  constructor(units: NativeDepartedUnits) {
    this.#units = units;
  }

  get length(): number {
    return this.#units.length;
  }

  [Symbol.iterator](): Iterator<RelatedUnit> {
    return this.values()[Symbol.iterator]();
  }

  /** The units' names, which may come twice. */
  keys(): string[] {
    return this.values().map(({ unit_name }) => unit_name);
  }

  /** The units. */
  values(): RelatedUnit[] {
    return [...this.#units].map(withNames);
  }

  /** Each unit's name with the unit. */
  items(): [name: string, unit: RelatedUnit][] {
    return this.values().map((unit) => [unit.unit_name, unit]);
  }

  /** The departed unit of that name; undefined when there is none. */
  get(unit_name: string): RelatedUnit | undefined {
    return this.values().find((unit) => unit.unit_name === unit_name);
  }

  /** Takes the unit of that name off the list, and gives it; undefined when there is none. */
  pop(unit_name: string): RelatedUnit | undefined {
    const unit = this.get(unit_name);
    this.#units.remove(unit_name);
    return unit;
  }

  /** Takes a unit off the list. */
  remove(unit: { readonly unitName: string }): void {
    this.#units.remove(unit.unitName);
  }

  /** Takes every unit off the list. */
  clear(): void {
    this.#units.clear();
  }
}

/** The kernel keeps departed units as data and makes objects of it when they are asked for. */
function withNames({ relation, unitName, receivedRaw }: NativeRelatedUnit): RelatedUnit {
  return new RelatedUnit(relation as Relation, unitName, () => copyBag(receivedRaw as RawBag));
}
