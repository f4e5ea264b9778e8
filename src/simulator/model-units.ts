import { rebootMachine, restartAgent } from './agent/agent-restart.ts';
import { rememberHook } from './agent/hook-memory.ts';
import { setAgentStatus, statusNow } from './agent/statuses.ts';
import { ModelApplications } from './model-applications.ts';
import { readActionParameters } from './operator/action-parameters.ts';
import { type FiredHook, fireHook } from './operator/fired-hook.ts';
import { passLeadership } from './operator/lifecycle.ts';
import {
  addTask,
  beginOperation,
  cancelTask,
  readExecRelation,
  refuseUnknownAction,
} from './operator/tasks.ts';
import type { UnitState } from './state/model-state.ts';
import type { TaskState } from './state/task-state.ts';

/** What an operator does to units: their failed hooks, hooks by hand, leadership, actions and commands. */
export abstract class ModelUnits extends ModelApplications {
  /**
   * Resolves a failed hook: the next `settle` runs it again or, with `retry: false`, goes on as if it had run. What it
   * wrote is lost either way. Throws for a unit that is not in error.
   */
  resolved(name: string, options: { readonly retry?: boolean } = {}): void {
    const unit = this.findUnit(name);
    const { failed } = unit.agent;
    if (failed === null) throw new Error(`unit "${unit.name}" is not in an error state`);
    if (options.retry ?? true) {
      failed.retry = true;
    } else {
      rememberHook(this.state, unit, failed.hook);
      setAgentStatus(unit, statusNow('idle'));
    }
    this.changed();
  }

  /** Has a hook run in the next `settle`, once nothing else is due: update-status, or another that this unit can have. */
  fire(
    unit: string,
    hook: string,
    about: Pick<FiredHook, 'relationId' | 'remoteUnit' | 'secret'> = {},
  ): void {
    fireHook(this.state, { unit: this.findUnit(unit), hook, ...about });
    this.changed();
  }

  /** Lets a unit lead its application, or with an application's name the one after the present leader. Answers who leads. */
  elect(name: string): string | null {
    const application = this.findApplication(name.split('/')[0] ?? '');
    passLeadership(this.state, application, name.includes('/') ? this.findUnit(name) : undefined);
    this.changed();
    return application.leader;
  }

  /** Reboots a unit's machine: each unit there runs its start hook again. */
  reboot(unit: string): void {
    rebootMachine(this.state, this.findUnit(unit).machine);
    this.changed();
  }

  /** Lets a unit's agent start anew between two hooks, with what it held in memory lost. */
  restartAgent(unit: string): void {
    restartAgent(this.findUnit(unit));
    this.changed();
  }

  /** Has an action run on units, in their turn. Answers one task a unit, all of one operation. Throws for bad parameters. */
  async enqueueAction(
    units: readonly string[],
    action: string,
    given: Parameters<typeof readActionParameters>[0]['given'] = {},
  ): Promise<TaskState[]> {
    const targets = units.map((name) => this.findUnit(name));
    const parameters = await Promise.all(
      targets.map(({ application }) => {
        const target = this.findApplication(application);
        refuseUnknownAction(target, action);
        const definition = target.charm.actions[action];
        if (definition === undefined) throw new Error(`action "${action}" not found`);
        return readActionParameters({ action, definition, given });
      }),
    );
    return this.#addTasks(targets, (index) => ({
      kind: 'action',
      name: action,
      parameters: parameters[index] ?? {},
    }));
  }

  /** Has a command of bash run in a hook's context on units, in their turn. */
  enqueueExec(
    units: readonly string[],
    command: string,
    about: { readonly relation?: string; readonly remoteUnit?: string } = {},
  ): TaskState[] {
    const targets = units.map((name) => this.findUnit(name));
    const relations = targets.map((unit) => readExecRelation(this.state, unit, about));
    return this.#addTasks(targets, (index) => ({
      kind: 'exec',
      command,
      relationId: relations[index]?.relationId ?? null,
      remoteUnit: relations[index]?.remoteUnit ?? null,
    }));
  }

  /** Takes back a task that has not begun. */
  cancelTask(id: string): void {
    cancelTask(this.state, id);
    this.changed();
  }

  /** Decides from now on the order where Juju promises none. */
  setSeed(seed: number): void {
    this.state.seed = seed;
    this.changed();
  }

  #addTasks(units: readonly UnitState[], what: (index: number) => TaskState['what']): TaskState[] {
    const operation = beginOperation(this.state);
    const tasks = units.map((unit, index) => addTask(this.state, { operation, unit, what: what(index) }));
    this.changed();
    return structuredClone(tasks);
  }
}
