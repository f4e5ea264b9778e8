import { readFileSync } from 'node:fs';
import type { ModelState, UnitState } from '../state/model-state.ts';
import { restartAgent } from './agent-restart.ts';
import { setAgentStatus, statusNow } from './statuses.ts';
import { refuseTask } from './task-run.ts';

/**
 * Puts right what was going on when the process that ran the model was killed: a hook that ran is ended, and will run again,
 * which is no error; an action has failed, and does not (Juju's rules for an agent that ends).
 */
export function recoverUnits(state: ModelState): void {
  for (const unit of Object.values(state.units)) {
    if (unit.agent.running !== null) recover(state, unit, unit.agent.running);
  }
}

function recover(
  state: ModelState,
  unit: UnitState,
  running: NonNullable<UnitState['agent']['running']>,
): void {
  const { hook, processGroup } = running;
  unit.agent.running = null;
  if (processGroup !== null && isOf(processGroup, state.uuid)) killGroup(processGroup);
  restartAgent(unit);
  const task = hook.task === undefined ? undefined : state.tasks[hook.task];
  if (task !== undefined) {
    refuseTask(task, 'action terminated: the agent ended while it ran');
  } else if (unit.agent.failed === null) {
    unit.agent.interrupted = hook;
  }
  if (unit.agent.failed === null) setAgentStatus(unit, statusNow('idle'));
}

/** Whether a process is of this model, and not another that was given its number since. */
function isOf(pid: number, model: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`JUJU_MODEL_UUID=${model}`);
  } catch {
    return false;
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
