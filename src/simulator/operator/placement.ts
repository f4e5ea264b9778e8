import type { MachineState, ModelState } from '../state/model-state.ts';

/** The machines that `--to` names. Throws where there is none of that number, and for what names no machine. */
export function findMachines(state: ModelState, places: readonly string[]): MachineState[] {
  return places.map((place) => {
    if (!/^\d+$/.test(place)) {
      throw new Error(`cannot place a unit "--to ${place}": only the numbers of machines are simulated`);
    }
    const machine = state.machines[place];
    if (machine === undefined)
      throw new Error(`cannot place a unit on machine ${place}: machine ${place} not found`);
    return machine;
  });
}
