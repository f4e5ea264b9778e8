import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';
import type { TaskState } from '../state/task-state.ts';

/** A new operation's id, under which its tasks are found. Operations and tasks share one sequence (Juju's rule). */
export function beginOperation(state: ModelState): string {
  return String(state.nextTask++);
}

/** Has something run on a unit, in its turn. */
export function addTask(
  state: ModelState,
  task: { readonly operation: string; readonly unit: UnitState; readonly what: TaskState['what'] },
): TaskState {
  const added: TaskState = {
    id: String(state.nextTask++),
    operation: task.operation,
    unit: task.unit.name,
    what: task.what,
    status: 'pending',
    message: '',
    results: {},
    log: [],
    enqueued: new Date().toISOString(),
    started: null,
    completed: null,
  };
  state.tasks[added.id] = added;
  return added;
}

/** Throws, in Juju's words, where a charm has no such action. */
export function refuseUnknownAction(application: ApplicationState, action: string): void {
  if (Object.hasOwn(application.charm.actions, action)) return;
  const known = Object.keys(application.charm.actions);
  const has =
    known.length === 0
      ? 'the charm has none'
      : `the charm has ${known.map((name) => `"${name}"`).join(', ')}`;
  throw new Error(`action "${action}" not defined on unit of application "${application.name}": ${has}`);
}

/** Takes back a task that has not begun. Throws where it is not there, or has. */
export function cancelTask(state: ModelState, id: string): TaskState {
  const task = state.tasks[id];
  if (task === undefined) throw new Error(`task "${id}" not found`);
  if (task.status !== 'pending') throw new Error(`cannot cancel task "${id}": it is ${task.status}`);
  task.status = 'cancelled';
  task.completed = new Date().toISOString();
  return task;
}

/** The relation and remote unit that a command runs with. Throws where they do not fit the unit. */
export function readExecRelation(
  state: ModelState,
  unit: UnitState,
  asked: { readonly relation?: string; readonly remoteUnit?: string },
): { readonly relationId: number | null; readonly remoteUnit: string | null } {
  if (asked.relation === undefined) {
    if (asked.remoteUnit !== undefined) throw new Error('remote unit not valid without a relation');
    return { relationId: null, remoteUnit: null };
  }
  const relationId = Number(asked.relation.slice(asked.relation.lastIndexOf(':') + 1));
  const knowledge = unit.agent.relations[relationId];
  if (state.relations[relationId] === undefined || knowledge === undefined) {
    throw new Error(`unable to find relation "${asked.relation}" of unit "${unit.name}"`);
  }
  const members = Object.keys(knowledge.members);
  if (asked.remoteUnit !== undefined && !members.includes(asked.remoteUnit)) {
    throw new Error(`no remote unit "${asked.remoteUnit}" found in relation "${asked.relation}"`);
  }
  // Juju takes the only one there is.
  const [only, ...more] = members;
  return { relationId, remoteUnit: asked.remoteUnit ?? (more.length === 0 ? (only ?? null) : null) };
}
