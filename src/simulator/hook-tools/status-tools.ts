import { applicationStatus, shownStatus } from '../agent/statuses.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { StatusRecord } from '../state/model-state.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { refuseSurplus, type ToolFlag } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

const SETTABLE = ['maintenance', 'blocked', 'waiting', 'active'];

const applicationFlag: ToolFlag = {
  key: 'application',
  names: ['--application'],
  kind: 'boolean',
  help: 'Act on the application and not on the unit; for the leader only',
  fallback: 'false',
};

/** `status-set`: at once, and kept when the hook fails later. */
export const statusSet: HookTool = {
  name: 'status-set',
  usage: '[options] <maintenance | blocked | waiting | active> [message]',
  summary: 'Set status information.',
  details: 'Sets the workload status of the charm. Message is optional.',
  flags: () => [applicationFlag],
  run(call) {
    const [status, message = '', ...surplus] = call.positionals;
    if (status === undefined) throw new ToolUsageError('invalid args, require <status> [message]');
    if (!SETTABLE.includes(status)) {
      throw new ToolUsageError(
        `invalid status ${JSON.stringify(status)}, expected one of [${SETTABLE.join(' ')}]`,
      );
    }
    refuseSurplus(surplus);
    if (call.switches.has('application')) call.context.setApplicationStatus(status, message);
    else call.context.setStatus(status, message);
    return undefined;
  },
};

/** `status-get`: as it was when the hook first asked. */
export const statusGet: HookTool = {
  name: 'status-get',
  usage: '[options]',
  summary: 'Print status information.',
  details:
    'By default, only the status value is printed. With --include-data, message and data are printed too.',
  format: 'smart',
  flags: () => [
    applicationFlag,
    {
      key: 'include-data',
      names: ['--include-data'],
      kind: 'boolean',
      help: 'Print all status data',
      fallback: 'false',
    },
  ],
  run(call) {
    refuseSurplus(call.positionals);
    const isBare = call.format === 'smart' && !call.switches.has('include-data');
    if (!call.switches.has('application')) {
      const { status } = call.context;
      return { value: isBare ? status.status : describe(call, status) };
    }
    const { state, application } = call.context;
    call.context.requireLeader();
    const status = applicationStatus(state, application);
    if (isBare) return { value: status.status };
    const units = unitsOf(state, application.name).map((unit) => [
      unit.name,
      describe(call, shownStatus(unit)),
    ]);
    return {
      value: { 'application-status': { ...describe(call, status), units: Object.fromEntries(units) } },
    };
  },
};

/** `application-version-set`: at once, from any unit. */
export const applicationVersionSet: HookTool = {
  name: 'application-version-set',
  usage: '<new-version>',
  summary: 'Specify which version of the application is deployed.',
  run(call) {
    const [version, ...surplus] = call.positionals;
    if (version === undefined) throw new ToolUsageError('no version specified');
    refuseSurplus(surplus);
    call.context.application.workloadVersion = version;
    return undefined;
  },
};

function describe(call: ToolCall, status: StatusRecord): Record<string, unknown> {
  if (!call.switches.has('include-data')) return { status: status.status };
  return { status: status.status, message: status.message, 'status-data': status.data ?? {} };
}
