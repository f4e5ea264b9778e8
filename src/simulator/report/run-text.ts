import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { TaskState } from '../state/task-state.ts';
import { formatLogTime } from './juju-time.ts';
import { formatJson, formatYaml, sortNaturally } from './structured-text.ts';
import { reportTask, reportTasks, sortResults } from './task-report.ts';

/** The formats of `juju run`, `juju exec` and `juju show-task`. */
export type RunFormat = 'plain' | 'yaml' | 'json';

interface RunOptions {
  readonly format?: RunFormat;
  readonly utc?: boolean;
}

/** What `juju run` says on its standard error before it waits for an operation's tasks. */
export function formatRunStart(tasks: readonly TaskState[]): string {
  const count = `${tasks.length} task${tasks.length === 1 ? '' : 's'}`;
  const lines = tasks.map((task) => `  - task ${task.id} on unit-${task.unit.replace('/', '-')}\n`);
  return `Running operation ${tasks[0]?.operation ?? ''} with ${count}\n${lines.join('')}\n`;
}

/** What `juju run` says on its standard error when it begins to wait for a task. */
export function formatWaiting(task: TaskState): string {
  return `Waiting for task ${task.id}...\n`;
}

/** What an action said with action-log, as `juju run` passes it on; an empty line parts it from the results. */
export function formatTaskLog(task: TaskState, options: { readonly utc?: boolean } = {}): string {
  if (task.log.length === 0) return '';
  const lines = task.log.map(({ time, message }) => `${formatLogTime(time, options)} ${message}\n`);
  return `${lines.join('')}\n`;
}

/** What `juju run` prints once all tasks of an operation have ended. */
export function formatRun(tasks: readonly TaskState[], options: RunOptions = {}): string {
  if (options.format === 'json') return formatJson(reportTasks(tasks, options));
  if (options.format === 'yaml') return formatYaml(reportTasks(tasks, options));
  const [task, ...others] = tasks;
  if (task === undefined) return '';
  if (others.length === 0) return formatResult(task);
  const entries = tasks.map((one) => [
    one.unit,
    {
      id: one.id,
      ...(one.message === '' ? {} : { message: one.message }),
      output: describeResults(one),
      status: one.status,
    },
  ]);
  return formatYaml(sortNaturally(Object.fromEntries(entries)));
}

/** What `juju show-task` prints. */
export function formatTask(task: TaskState, options: RunOptions = {}): string {
  if (options.format === 'json') return formatJson(reportTask(task, options));
  if (options.format === 'yaml') return formatYaml(reportTask(task, options));
  return formatResult(task);
}

/** What `juju exec` prints: what the commands printed, below the unit's name where there are several. */
export function formatExec(tasks: readonly TaskState[], options: RunOptions = {}): string {
  if (options.format !== undefined && options.format !== 'plain') return formatRun(tasks, options);
  const outputs = [...tasks]
    .sort((a, b) => compareNaturally(a.unit, b.unit))
    .map(({ unit, results: { stdout = '', stderr = '' } }) => ({
      unit,
      text: [stdout, stderr].map((text) => endLine(String(text))).join(''),
    }));
  const isTitled = outputs.filter(({ text }) => text !== '').length > 1;
  return outputs.map(({ unit, text }) => (isTitled ? `${unit}:\n${text}\n` : text)).join('');
}

/** What `juju run --background` says on its standard error. */
export function formatScheduled(tasks: readonly TaskState[]): string {
  const operation = tasks[0]?.operation ?? '';
  const [only] = tasks;
  const isOne = tasks.length === 1;
  return [
    `Scheduled operation ${operation} with ${isOne ? `task ${only?.id}` : `${tasks.length} tasks`}\n`,
    isOne ? '' : formatYaml(sortNaturally(Object.fromEntries(tasks.map(({ unit, id }) => [unit, { id }])))),
    `Check operation status with 'juju show-operation ${operation}'\n`,
    `Check task status with 'juju show-task ${isOne ? only?.id : '<id>'}'\n`,
  ].join('');
}

/**
 * Why `juju run` and `juju exec` fail: the tasks that ended with a code above 0. Undefined where none did; an action that
 * only said action-fail is told of in the output, and is no failure of the command (Juju's rule).
 */
export function describeFailedTasks(tasks: readonly TaskState[]): string | undefined {
  const failed = tasks.filter(({ results }) => Number(results['return-code'] ?? 0) > 0);
  if (failed.length === 0) return undefined;
  const plural = failed.length === 1 ? '' : 's';
  const lines = failed.map(({ id, results }) => ` - id "${id}" with return code ${results['return-code']}\n`);
  return `the following task${plural} failed:\n${lines.sort().join('')}\nuse 'juju show-task' to inspect the failure${plural}\n`;
}

/** One task in plain text: that it failed and why, what it set, what it printed. */
function formatResult(task: TaskState): string {
  const { stdout = '', stderr = '' } = task.results;
  const printed = [stdout, stderr].map((text) => String(text).replace(/^\n+|\n+$/g, ''));
  return [
    task.status === 'failed' ? `Action id ${task.id} failed: ${task.message}\n` : '',
    `${describeResults(task)}\n`,
    ...printed.filter((text) => text !== '').map((text) => `${text}\n`),
  ].join('');
}

/** The results that the action itself set, or how far a task is that has none. */
function describeResults(task: TaskState): string {
  if (Object.keys(task.results).length === 0) return `Task ${task.id} ${task.status}\n`;
  const { stdout, stderr, 'return-code': code, ...own } = task.results;
  return Object.keys(own).length === 0 ? '' : formatYaml(sortResults(own));
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
