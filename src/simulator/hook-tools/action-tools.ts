import type { HookContext } from '../agent/hook-context.ts';
import type { TaskResults, TaskState } from '../state/task-state.ts';
import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/** Juju's rule for each part of a result's key. */
const KEY_PART = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** What the agent itself says of an action. */
const RESERVED_PARTS = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

/** `action-get`: what the action was called with, defaults filled in; `a.b` goes into maps. */
export const actionGet: HookTool = {
  name: 'action-get',
  usage: '[options] [<key>[.<key>.<key>...]]',
  summary: 'Get action parameters.',
  details:
    'action-get prints the value of the parameter at the given key. Without a key it prints all parameters.\nKeys with dots in them go into nested parameters.',
  format: 'smart',
  run(call) {
    const [path, ...surplus] = call.positionals;
    refuseSurplus(surplus);
    const { parameters } = requireAction(call.context).what;
    return { value: path === undefined ? parameters : valueAt(parameters, path.split('.')) };
  },
};

/** `action-set`: results, which are kept even when the action fails. Nothing is stored when any argument is bad. */
export const actionSet: HookTool = {
  name: 'action-set',
  usage: '<key>=<value> [<key>=<value> ...]',
  summary: 'Set action results.',
  details:
    'action-set adds values to the results of the action, which its caller is shown once it has ended.\nKeys with dots in them make maps; what is set later replaces what was set before.',
  run(call) {
    const settings = call.positionals.map(parseResult);
    for (const { path, value } of settings) keepResult(requireAction(call.context).results, path, value);
    return undefined;
  },
};

/** `action-fail`: the action counts as failed once it has ended; its script goes on, and what it did is kept. */
export const actionFail: HookTool = {
  name: 'action-fail',
  usage: '["<failure message>"]',
  summary: 'Set action fail status with message.',
  run(call) {
    const [message = 'action failed without reason given, check action for errors', ...surplus] =
      call.positionals;
    refuseSurplus(surplus);
    requireAction(call.context);
    call.context.actionFailure = message;
    return undefined;
  },
};

/** `action-log`: at once. */
export const actionLog: HookTool = {
  name: 'action-log',
  usage: '<message>',
  summary: 'Record a progress message for the current action.',
  run(call) {
    if (call.positionals.length === 0) throw new ToolUsageError('no message specified');
    const { log } = requireAction(call.context);
    log.push({ time: new Date().toISOString(), message: call.positionals.join(' ') });
    return undefined;
  },
};

type ActionTask = TaskState & { readonly what: Extract<TaskState['what'], { readonly kind: 'action' }> };

function requireAction(context: HookContext): ActionTask {
  const { task } = context;
  if (task === undefined || !isAction(task)) throw new ToolFailure('not running an action');
  return task;
}

function isAction(task: TaskState): task is ActionTask {
  return task.what.kind === 'action';
}

/** Null where there is nothing, or something else than a map on the way. */
function valueAt(parameters: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return parameters;
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return null;
  return Object.hasOwn(parameters, key) ? valueAt(Reflect.get(parameters, key), rest) : null;
}

/** Neither key nor value is trimmed, other than in `key=value` of other tools (Juju's rule). */
function parseResult(argument: string): { readonly path: readonly string[]; readonly value: string } {
  const equals = argument.indexOf('=');
  if (equals < 0) {
    throw new ToolUsageError(`argument ${JSON.stringify(argument)} must be of the form key...=value`);
  }
  const path = argument.slice(0, equals).split('.');
  for (const part of path) refuseBadPart(part);
  return { path, value: argument.slice(equals + 1) };
}

function refuseBadPart(part: string): void {
  if (!KEY_PART.test(part)) {
    throw new ToolUsageError(
      `key ${JSON.stringify(part)} must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens`,
    );
  }
  if (RESERVED_PARTS.includes(part)) throw new ToolUsageError(`cannot set reserved action key "${part}"`);
}

function keepResult(results: TaskResults, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    results[key] = value;
    return;
  }
  const there = Object.hasOwn(results, key) ? results[key] : undefined;
  const below = typeof there === 'object' ? there : {};
  results[key] = below;
  keepResult(below, rest, value);
}
