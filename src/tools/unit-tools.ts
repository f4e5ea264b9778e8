import { HookToolError } from './errors.ts';
import type { HookTools } from './hook-tools.ts';
import { keyValueArguments } from './key-values.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { bagOf, mapOf, stringsOf, toStatus } from './tool-answers.ts';

type UnitTools = Pick<
  HookTools,
  | 'configGet'
  | 'statusSet'
  | 'statusGet'
  | 'applicationVersionSet'
  | 'isLeader'
  | 'leaderGet'
  | 'leaderSet'
  | 'openPort'
  | 'closePort'
  | 'openedPorts'
  | 'networkGet'
  | 'unitGet'
>;

/** The tools about the unit and its application (config, status, leadership, ports, addresses) as processes. */
export function makeUnitTools(run: RunTool): UnitTools {
  return {
    configGet: () => ({ ...mapOf(runForJson(run, ['config-get', '--all', '--format=json'])) }),
    statusSet: (status, message, { application } = {}) => {
      run(['status-set', ...(application ? ['--application'] : []), '--', status, message]);
    },
    statusGet: () => toStatus(runForJson(run, ['status-get', '--format=json', '--include-data'])),
    applicationVersionSet: (version) => {
      run(['application-version-set', '--', version]);
    },
    isLeader: () => runForJson(run, ['is-leader', '--format=json']) === true,
    leaderGet: () => bagOf(runForJson(run, ['leader-get', '--format=json'])) ?? {},
    leaderSet: (settings) => {
      run(['leader-set', '--', ...keyValueArguments('leader-set', settings)]);
    },
    openPort: (spec, options) => {
      run(['open-port', ...endpointsFlag(options), spec]);
    },
    closePort: (spec, options) => {
      run(['close-port', ...endpointsFlag(options), spec]);
    },
    openedPorts: () => stringsOf(runForJson(run, ['opened-ports', '--format=json'])),
    networkGet: (binding, { relationId } = {}) => {
      const relation = relationId === undefined ? [] : ['-r', relationId];
      return { ...mapOf(runForJson(run, ['network-get', '--format=json', ...relation, binding])) };
    },
    unitGet: (which) => unitGet(run, which),
  };
}

function unitGet(run: RunTool, which: string): string {
  const command = ['unit-get', '--format=json', which];
  const address = runForJson(run, command);
  if (typeof address === 'string' && address !== '') return address;
  throw new HookToolError({ command, exitCode: 0, stderr: `${which} not found` });
}

function endpointsFlag({ endpoints = [] }: { readonly endpoints?: readonly string[] } = {}): string[] {
  return endpoints.length > 0 ? ['--endpoints', endpoints.join(',')] : [];
}
