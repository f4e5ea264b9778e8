import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure } from './tool-errors.ts';

/** `juju-reboot`: once the hook has succeeded; with `--now` the hook is killed at once, and runs again afterwards. */
export const jujuReboot: HookTool = {
  name: 'juju-reboot',
  usage: '[options]',
  summary: 'Reboot the host machine.',
  details:
    'Without --now the hook may finish, and the machine reboots only if it succeeds.\njuju-reboot is not supported when running actions.',
  flags: () => [
    {
      key: 'now',
      names: ['--now'],
      kind: 'boolean',
      help: 'reboot immediately, killing the invoking process',
      fallback: 'false',
    },
  ],
  run(call) {
    refuseSurplus(call.positionals);
    if (call.context.hook.kind === 'action') {
      throw new ToolFailure('juju-reboot is not supported when running an action.');
    }
    call.context.reboot = call.switches.has('now') ? 'now' : 'after';
    return undefined;
  },
};
