import type { Unit } from 'charms-reactive';
import { boardOf } from './status-board.ts';

/** What a charm can say of its workload, the worst first: what is said of the first beats what is said of the others. */
export const STATES = ['maintenance', 'blocked', 'waiting', 'active'] as const;

export type State = (typeof STATES)[number];

/**
 * Says how the workload is doing, for a layer (the charm's own where none is given).
 *
 * `maintenance` is told Juju at once. The others wait for the end of the hook, when the worst of all is set: `blocked` before
 * `waiting` before `active`; of one state that of the highest layer, and of one layer the last.
 *
 * @throws RangeError for any other state.
 */
export function setStatus(
  unit: Unit,
  { state, message, layer }: { readonly state: State; readonly message: string; readonly layer?: string },
): void {
  if (!STATES.includes(state)) {
    throw new RangeError(`cannot set the status "${state}": it is one of ${STATES.join(', ')}`);
  }
  boardOf(unit).add({ state, message, layer: layer ?? unit.layers.at(-1) ?? '' });
}

/** Says at once what the unit is busy with. */
export function maintenance(unit: Unit, message: string): void {
  setStatus(unit, { state: 'maintenance', message });
}

/** Says what only an operator can put right. */
export function blocked(unit: Unit, message: string): void {
  setStatus(unit, { state: 'blocked', message });
}

/** Says what the unit waits for, which comes by itself. */
export function waiting(unit: Unit, message: string): void {
  setStatus(unit, { state: 'waiting', message });
}

/** Says that all is well. */
export function active(unit: Unit, message = ''): void {
  setStatus(unit, { state: 'active', message });
}
