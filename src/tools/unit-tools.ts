import { HookToolError } from './errors.ts';
import type { HookTools, NetworkAnswer } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { bagOf, stringsOf } from './tool-answers.ts';

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
    configGet: () => {
      const answer = runForJson(run, ['config-get', '--all', '--format=json']);
      return typeof answer === 'object' && answer !== null ? { ...answer } : {};
    },
    statusSet: (status, message, { application } = {}) => {
      run(['status-set', ...(application ? ['--application'] : []), '--', status, message]);
    },
    statusGet: () => {
      const { status, message } = Object(runForJson(run, ['status-get', '--format=json', '--include-data']));
      return { status: String(status ?? 'unknown'), message: String(message ?? '') };
    },
    applicationVersionSet: (version) => {
      run(['application-version-set', '--', version]);
    },
    isLeader: () => runForJson(run, ['is-leader', '--format=json']) === true,
    leaderGet: () => bagOf(runForJson(run, ['leader-get', '--format=json'])) ?? {},
    leaderSet: (settings) => {
      const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
      run(['leader-set', '--', ...pairs]);
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
      return Object(runForJson(run, ['network-get', '--format=json', ...relation, binding])) as NetworkAnswer;
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
