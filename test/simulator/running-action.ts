import type { HookContext } from '../../src/simulator/agent/hook-context.ts';
import type { TaskState } from '../../src/simulator/state/task-state.ts';
import type { DryModel } from './dry-model.ts';

/** An action that runs on a unit of a dry model, as its hook tools see it. */
export function runningAction(
  model: DryModel,
  unit: string,
  action: { readonly name?: string; readonly parameters?: Readonly<Record<string, unknown>> } = {},
): HookContext {
  const { name = 'backup', parameters = {} } = action;
  const task = addTask(model, unit, { kind: 'action', name, parameters });
  return model.context(unit, { kind: 'action', name, task });
}

/** A command that runs on a unit of a dry model. */
export function runningCommand(model: DryModel, unit: string): HookContext {
  const what = { kind: 'exec', command: 'true', relationId: null, remoteUnit: null } as const;
  return model.context(unit, { kind: 'exec', name: 'juju-exec', task: addTask(model, unit, what) });
}

function addTask(model: DryModel, unit: string, what: TaskState['what']): string {
  const id = String(model.state.nextTask++);
  model.state.tasks[id] = {
    ...{ id, operation: '1', unit, what, status: 'running', message: '', results: {}, log: [] },
    ...{ enqueued: '2026-01-02T03:04:05.000Z', started: null, completed: null },
  };
  return id;
}
