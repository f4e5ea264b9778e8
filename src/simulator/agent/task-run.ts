import type { UnitState } from '../state/model-state.ts';
import type { TaskResults, TaskState } from '../state/task-state.ts';
import type { ProcessEnd } from './process-launcher.ts';
import { setAgentStatus, statusNow } from './statuses.ts';

/** Marks a task as begun, and shows it as what its unit's agent does. Answers what puts the agent's status back. */
export function beginTask(unit: UnitState, task: TaskState): () => void {
  const before = unit.agent.status;
  task.status = 'running';
  task.started = new Date().toISOString();
  const what = task.what.kind === 'action' ? `action ${task.what.name}` : 'commands';
  setAgentStatus(unit, statusNow('executing', `running ${what}`));
  return () => {
    if (before.status === 'error') unit.agent.status = before;
    else setAgentStatus(unit, statusNow('idle'));
  };
}

/** Ends a task that could not be run at all. */
export function refuseTask(task: TaskState, message: string): void {
  task.status = 'failed';
  task.message = message;
  task.completed = new Date().toISOString();
}

/**
 * Ends a task whose process has ended. An action that exits with another code than 0 has failed, whatever action-fail had
 * said; a command has not (Juju's rules). Results that were set are kept either way.
 */
export function endTask(
  task: TaskState,
  ending: {
    readonly end: ProcessEnd;
    readonly output: { readonly stdout: string; readonly stderr: string };
    /** What action-fail said, or why what was written could not land. */
    readonly failure: string | undefined;
  },
): void {
  const { end, output, failure } = ending;
  const code = end.exitCode ?? -1;
  const isFailed = task.what.kind === 'action' && code !== 0;
  const message = isFailed ? describeFailure(end) : failure;
  task.status = message === undefined ? 'completed' : 'failed';
  task.message = message ?? '';
  task.completed = new Date().toISOString();
  Object.assign(task.results, printed(output), { 'return-code': code });
}

function describeFailure(end: ProcessEnd): string {
  if (end.failure !== undefined) return end.failure;
  return end.signal === null
    ? `exit status ${end.exitCode}`
    : `signal: ${end.signal === 'SIGKILL' ? 'killed' : end.signal}`;
}

function printed(output: { readonly stdout: string; readonly stderr: string }): TaskResults {
  return Object.fromEntries(Object.entries(output).filter(([, text]) => text !== ''));
}
