import type { ModelState } from '../state/model-state.ts';
import type { TaskResults, TaskState } from '../state/task-state.ts';
import { formatTableTime, formatTaskTime } from './juju-time.ts';
import { sortNaturally, unlessEmpty } from './structured-text.ts';
import { reportLog, sortResults, type TaskTiming } from './task-report.ts';
import { columnsOf, formatTable } from './text-table.ts';

/** An operation as `juju show-operation` has it. */
export interface OperationReport {
  readonly summary: string;
  readonly status: string;
  readonly action?: { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> };
  readonly timing: TaskTiming;
  readonly tasks: Readonly<Record<string, OperationTask>>;
}

/** A task as part of an operation. */
export interface OperationTask {
  readonly host: string;
  readonly status: string;
  readonly timing: TaskTiming;
  readonly log?: readonly string[];
  readonly message?: string;
  readonly results?: TaskResults;
}

/** Which operations are listed: those that have a task of each kind asked for. */
export interface OperationFilter {
  readonly applications?: readonly string[];
  readonly units?: readonly string[];
  readonly actions?: readonly string[];
  readonly status?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
}

/** What `juju operations` says on its standard error where there are none. */
export const NO_OPERATIONS = 'no matching operations';

/** What an operation's status is told from: the first of these that one of its tasks has (Juju's rule). */
const PRECEDENCE = ['running', 'pending', 'failed', 'aborted', 'cancelled', 'completed'];

/** The tasks of an operation. Throws, in Juju's words, where there is none with that id. */
export function tasksOfOperation(state: ModelState, operation: string): TaskState[] {
  const tasks = Object.values(state.tasks).filter((task) => task.operation === operation);
  if (tasks.length === 0) throw new Error(`operation "${operation}" not found`);
  return tasks;
}

/** `juju show-operation`. Throws where there is no operation with that id. */
export function reportOperation(
  state: ModelState,
  operation: string,
  options: { readonly utc?: boolean } = {},
): OperationReport {
  const { utc = false } = options;
  const tasks = tasksOfOperation(state, operation);
  const [first] = tasks;
  const span = spanOf(tasks);
  return {
    summary: summarize(tasks),
    status: statusOf(tasks),
    ...(first === undefined ? {} : { action: { name: nameOf(first), parameters: parametersOf(first) } }),
    timing: timing(span, utc),
    tasks: sortNaturally(Object.fromEntries(tasks.map((task) => [task.id, reportTask(task, utc)]))),
  };
}

/** The ids of the operations that `juju operations` lists, oldest first. Commands of `juju exec` are listed by name only. */
export function listOperations(state: ModelState, filter: OperationFilter = {}): string[] {
  const ids = [...new Set(Object.values(state.tasks).map(({ operation }) => operation))];
  const matching = ids
    .sort((a, b) => Number(a) - Number(b))
    .filter((id) => {
      const tasks = tasksOfOperation(state, id);
      return (
        tasks.some((task) => isListed(task, filter)) && (filter.status?.includes(statusOf(tasks)) ?? true)
      );
    });
  const { offset = 0, limit = 50 } = filter;
  return matching.slice(offset, offset + limit);
}

/** The table that `juju operations` prints. */
export function formatOperations(
  state: ModelState,
  ids: readonly string[],
  options: { readonly utc?: boolean } = {},
): string {
  const rows = ids.map((id) => {
    const tasks = tasksOfOperation(state, id);
    const { started, completed } = spanOf(tasks);
    const numbers = tasks.map((task) => task.id);
    return [
      id,
      statusOf(tasks),
      started === null ? '' : formatTableTime(started, options.utc),
      completed === null ? '' : formatTableTime(completed, options.utc),
      `${numbers.slice(0, 5).join()}${numbers.length > 5 ? '...' : ''}`,
      summarize(tasks),
    ];
  });
  return formatTable(columnsOf('>ID', 'Status', 'Started', 'Finished', 'Task IDs', 'Summary'), rows);
}

type Span = Pick<TaskState, 'enqueued' | 'started' | 'completed'>;

function reportTask(task: TaskState, utc: boolean): OperationTask {
  return {
    host: task.unit,
    status: task.status,
    timing: timing(task, utc),
    ...unlessEmpty('log', reportLog(task, utc)),
    ...unlessEmpty('message', task.message),
    ...unlessEmpty('results', sortResults(task.results)),
  };
}

function timing({ enqueued, started, completed }: Span, utc: boolean): TaskTiming {
  return {
    enqueued: formatTaskTime(enqueued, utc),
    ...(started === null ? {} : { started: formatTaskTime(started, utc) }),
    ...(completed === null ? {} : { completed: formatTaskTime(completed, utc) }),
  };
}

/** From the first task's beginning to the last one's end, if all have ended. */
function spanOf(tasks: readonly TaskState[]): Span {
  const started = tasks.flatMap((task) => task.started ?? []).sort();
  const completed = tasks.flatMap((task) => task.completed ?? []).sort();
  return {
    enqueued: tasks[0]?.enqueued ?? '',
    started: started[0] ?? null,
    completed: completed.length < tasks.length ? null : (completed.at(-1) ?? null),
  };
}

function statusOf(tasks: readonly TaskState[]): string {
  return PRECEDENCE.find((status) => tasks.some((task) => task.status === status)) ?? 'pending';
}

/** `backup run on unit-web-0,unit-web-1`. */
function summarize(tasks: readonly TaskState[]): string {
  const [first] = tasks;
  const units = tasks.map(({ unit }) => `unit-${unit.replace('/', '-')}`);
  return `${first === undefined ? '' : nameOf(first)} run on ${units.join()}`;
}

function nameOf({ what }: TaskState): string {
  return what.kind === 'action' ? what.name : 'juju-exec';
}

function parametersOf({ what }: TaskState): Readonly<Record<string, unknown>> {
  return what.kind === 'action' ? what.parameters : { command: what.command };
}

function isListed(task: TaskState, filter: OperationFilter): boolean {
  const { units = [], applications = [] } = filter;
  const isOnTarget =
    units.length + applications.length === 0 ||
    units.includes(task.unit) ||
    applications.includes(task.unit.slice(0, task.unit.lastIndexOf('/')));
  const isNamed = filter.actions?.includes(nameOf(task)) ?? task.what.kind === 'action';
  return isOnTarget && isNamed;
}
