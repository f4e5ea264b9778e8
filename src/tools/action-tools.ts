import { keyValueArguments } from './key-values.ts';
import { messagePieces } from './log-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { mapOf } from './tool-answers.ts';

/** The hook tools that work while an action runs; elsewhere each throws "not running an action". */
export interface ActionTools {
  /** `action-get`: the action's parameters, defaults filled in, with their JSON types. */
  actionGet(): Record<string, unknown>;
  /**
   * `action-set`: results, kept even when the action fails; `a.b` nests, and what is set later replaces. Each part of a
   * key is small letters, digits and hyphens, and none is `stdout`, `stderr` or one of those with `-encoding`.
   */
  actionSet(results: Readonly<Record<string, string>>): void;
  /** `action-fail`: the action will count as failed; the script goes on, and what it did is kept. */
  actionFail(message?: string): void;
  /** `action-log`: progress for whoever waits; at once. Long messages are split, never cut. */
  actionLog(message: string): void;
}

/** action-get, action-set, action-fail and action-log as processes. */
export function makeActionTools(run: RunTool): ActionTools {
  return {
    actionGet: () => ({ ...mapOf(runForJson(run, ['action-get', '--format=json'])) }),
    actionSet: (results) => {
      const pairs = keyValueArguments('action-set', results);
      if (pairs.length > 0) run(['action-set', '--', ...pairs]);
    },
    actionFail: (message) => {
      run(['action-fail', ...(message === undefined ? [] : ['--', message])]);
    },
    actionLog: (message) => {
      for (const piece of messagePieces(message)) run(['action-log', '--', piece]);
    },
  };
}
