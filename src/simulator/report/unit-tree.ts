import { sortNaturally } from './structured-text.ts';
import type { UnitStatus } from './unit-report.ts';

/** A unit in a list in which subordinates follow their principal. */
export interface NestedUnit {
  readonly name: string;
  readonly unit: UnitStatus;
  /** 0 for a principal. */
  readonly level: number;
}

/** Units with their names, in natural order. */
export function naturalUnits(units: Readonly<Record<string, UnitStatus>>): [string, UnitStatus][] {
  return Object.entries(sortNaturally(units));
}

/** Units in their order, each followed by its subordinates. */
export function nestedUnits(units: readonly (readonly [string, UnitStatus])[], level = 0): NestedUnit[] {
  return units.flatMap(([name, unit]) => [
    { name, unit, level },
    ...nestedUnits(naturalUnits(unit.subordinates ?? {}), level + 1),
  ]);
}
