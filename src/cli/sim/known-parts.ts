import type { ApplicationState, ModelState } from '../../simulator/state/model-state.ts';
import type { TaskState } from '../../simulator/state/task-state.ts';
import { CommandFailure } from './command-failure.ts';

/** An application by its name. Throws, in Juju's words, where there is none. */
export function findApplication(state: ModelState, name: string): ApplicationState {
  const application = Object.hasOwn(state.applications, name) ? state.applications[name] : undefined;
  if (application === undefined) throw new CommandFailure(`application "${name}" not found`);
  return application;
}

/** A task by its id. Throws, in Juju's words, where there is none. */
export function findTask(state: ModelState, id: string): TaskState {
  const task = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
  if (task === undefined) throw new CommandFailure(`task "${id}" not found`);
  return task;
}
