import type { RawBag } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { bagOf, toYamlInput } from './tool-answers.ts';

/** The hook tools about the state that Juju's controller keeps for a unit: at most 2 MiB, 64 KiB a value. */
export interface StateTools {
  /** `state-get -`: every key, this hook's own changes included. */
  stateGet(): RawBag;
  /** `state-set`: a value may be empty. Buffered until the hook succeeds. */
  stateSet(values: RawBag): void;
  /** `state-delete KEY`: one that is not there is fine. Buffered until the hook succeeds. */
  stateDelete(key: string): void;
}

/** state-get, state-set and state-delete as processes. */
export function makeStateTools(run: RunTool): StateTools {
  return {
    stateGet: () => bagOf(runForJson(run, ['state-get', '--format=json'])) ?? {},
    stateSet: (values) => {
      run(['state-set', '--file', '-'], toYamlInput(values));
    },
    stateDelete: (key) => {
      run(['state-delete', '--', key]);
    },
  };
}
