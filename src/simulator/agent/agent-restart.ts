import type { ModelState, UnitState } from '../state/model-state.ts';

/**
 * Lets a unit's agent forget what Juju's agents hold in memory only: settings of remote units as they were read, and the
 * leader's settings as last announced, so that a follower is told of them again (Juju's rule).
 */
export function restartAgent(unit: UnitState): void {
  unit.agent.leaderVersion = null;
  for (const knowledge of Object.values(unit.agent.relations)) {
    for (const member of Object.keys(knowledge.cache)) delete knowledge.cache[member];
  }
}

/** Reboots a machine: the agents on it start anew, and every unit there that was started runs its start hook again. */
export function rebootMachine(state: ModelState, machine: string): void {
  for (const unit of Object.values(state.units)) {
    if (unit.machine !== machine) continue;
    restartAgent(unit);
    unit.agent.rebooted = unit.agent.started && unit.life === 'alive';
  }
}
