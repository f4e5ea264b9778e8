import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

/** `config-get`: the config in effect, the same throughout a hook. */
export const configGet: HookTool = {
  name: 'config-get',
  usage: '[options] [<key>]',
  summary: 'Print application configuration.',
  details:
    'When no <key> is supplied, all keys with values or defaults are printed. If --all is set, all known keys are printed;\nthose without defaults or values are reported as null. <key> and --all are mutually exclusive.',
  format: 'smart',
  flags: () => [
    {
      key: 'all',
      names: ['-a', '--all'],
      kind: 'boolean',
      help: 'Print all keys',
      fallback: 'false',
    },
  ],
  run(call) {
    const { config } = call.context;
    const [key = '', ...surplus] = call.positionals;
    const isAll = call.switches.has('all');
    if (key !== '' && isAll) {
      throw new ToolUsageError(`cannot use argument --all together with key ${JSON.stringify(key)}`);
    }
    refuseSurplus(surplus);
    if (key !== '') return { value: Object.hasOwn(config, key) ? config[key] : null };
    if (isAll) return { value: config };
    return { value: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)) };
  },
};
