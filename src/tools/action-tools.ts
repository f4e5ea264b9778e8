import { type RunTool, runForJson } from './run-tool.ts';

/** The hook tools that work while an action runs; elsewhere each throws "not running an action". */
export interface ActionTools {
  /** `action-get`: the action's parameters, defaults filled in, with their JSON types. */
  actionGet(): Record<string, unknown>;
  /** `action-set`: results; `a.b` nests. Lower-case letters, digits and hyphens in each part of a key. */
  actionSet(results: Readonly<Record<string, string>>): void;
  /** `action-fail`: the action will count as failed; the script goes on, and what it did is kept. */
  actionFail(message?: string): void;
  /** `action-log`: progress for whoever waits; at once. */
  actionLog(message: string): void;
}

/** action-get, action-set, action-fail and action-log as processes. */
export function makeActionTools(run: RunTool): ActionTools {
  return {
    actionGet: () => ({ ...Object(runForJson(run, ['action-get', '--format=json'])) }),
    actionSet: (results) => {
      const pairs = Object.entries(results).map(([key, value]) => `${key}=${value}`);
      if (pairs.length > 0) run(['action-set', '--', ...pairs]);
    },
    actionFail: (message) => {
      run(['action-fail', ...(message === undefined ? [] : ['--', message])]);
    },
    actionLog: (message) => {
      run(['action-log', '--', message]);
    },
  };
}
