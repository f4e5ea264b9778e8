import type { HookTool } from './hook-tool.ts';
import { parseKeyValues } from './key-values.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

/** `is-leader`: a no stays a no until the hook ends. */
export const isLeader: HookTool = {
  name: 'is-leader',
  usage: '[options]',
  summary: 'Print application leadership status.',
  details:
    'is-leader prints a boolean indicating whether the local unit is guaranteed to be application leader\nfor at least 30 seconds. If it fails, you should assume that there is no such guarantee.',
  format: 'smart',
  run(call) {
    refuseSurplus(call.positionals);
    return { value: call.context.isLeader };
  },
};

/** `leader-get`: the leader's settings, readable by each unit of the application. */
export const leaderGet: HookTool = {
  name: 'leader-get',
  usage: '[options] [<key>]',
  summary: 'Print application leadership settings.',
  details:
    'leader-get prints the value of a leadership setting specified by key. If no key is given, or if the key is "-",\nall keys and values will be printed.',
  format: 'smart',
  run(call) {
    const [key = '-', ...surplus] = call.positionals;
    if (key.includes('=')) throw new ToolUsageError(`invalid key ${JSON.stringify(key)}`);
    refuseSurplus(surplus);
    const settings = call.context.leaderSettings;
    if (key === '-' || key === '') return { value: settings };
    return { value: Object.hasOwn(settings, key) ? settings[key] : null };
  },
};

/** `leader-set`: at once, by the leader alone, and kept when the hook fails later. */
export const leaderSet: HookTool = {
  name: 'leader-set',
  usage: '<key>=<value> [...]',
  summary: 'Write application leadership settings.',
  details:
    'leader-set immediately writes the supplied key/value pairs to the controller, which will then inform non-leader units\nof the change. It will fail if called without arguments, or if called by a unit that is not currently application leader.',
  run(call) {
    call.context.setLeaderSettings(parseKeyValues(call.positionals));
    return undefined;
  },
};
