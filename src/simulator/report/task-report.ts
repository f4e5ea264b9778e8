import type { TaskResults, TaskState } from '../state/task-state.ts';
import { formatTaskTime } from './juju-time.ts';
import { sortNaturally, unlessEmpty } from './structured-text.ts';

/** A task as `juju run --format json` and `juju show-task --format json` have it. */
export interface TaskReport {
  readonly id: string;
  readonly log?: readonly string[];
  readonly message?: string;
  /** With `return-code`, and `stdout` and `stderr` where there was any. */
  readonly results?: TaskResults;
  readonly status: string;
  readonly timing: TaskTiming;
  readonly unit: string;
}

/** When a task was asked for, began and ended, as far as it has. */
export interface TaskTiming {
  readonly completed?: string;
  readonly enqueued?: string;
  readonly started?: string;
}

/** A task for showing. Empty parts are left out. */
export function reportTask(task: TaskState, options: { readonly utc?: boolean } = {}): TaskReport {
  return {
    id: task.id,
    ...unlessEmpty('log', reportLog(task, options.utc)),
    ...unlessEmpty('message', task.message),
    ...unlessEmpty('results', sortResults(task.results)),
    status: task.status,
    timing: {
      ...(task.completed === null ? {} : { completed: formatTaskTime(task.completed, options.utc) }),
      enqueued: formatTaskTime(task.enqueued, options.utc),
      ...(task.started === null ? {} : { started: formatTaskTime(task.started, options.utc) }),
    },
    unit: task.unit,
  };
}

/** Tasks by the unit they are for. */
export function reportTasks(
  tasks: readonly TaskState[],
  options: { readonly utc?: boolean } = {},
): Record<string, TaskReport> {
  return sortNaturally(Object.fromEntries(tasks.map((task) => [task.unit, reportTask(task, options)])));
}

/** What action-log said, each with its time. */
export function reportLog(task: TaskState, utc = false): string[] {
  return task.log.map(({ time, message }) => `${formatTaskTime(time, utc)} ${message}`);
}

/** An action's results in the order in which Juju prints them. */
export function sortResults(results: TaskResults): TaskResults {
  const entries = Object.entries(sortNaturally(results));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'object' ? sortResults(value) : value]),
  );
}
