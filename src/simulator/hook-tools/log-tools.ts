import type { LogLevel } from '../report/debug-log.ts';
import type { HookTool } from './hook-tool.ts';
import { ToolUsageError } from './tool-errors.ts';

const LEVELS = new Map<string, LogLevel>([
  ['TRACE', 'TRACE'],
  ['DEBUG', 'DEBUG'],
  ['INFO', 'INFO'],
  ['WARN', 'WARNING'],
  ['WARNING', 'WARNING'],
  ['ERROR', 'ERROR'],
  ['CRITICAL', 'CRITICAL'],
]);

/** `juju-log`: at once. */
export const jujuLog: HookTool = {
  name: 'juju-log',
  usage: '[options] <message>',
  summary: 'Write a message to the juju log.',
  isFormatIgnored: true,
  flags: () => [
    { key: 'debug', names: ['--debug'], kind: 'boolean', help: 'Log at debug level', fallback: 'false' },
    {
      key: 'level',
      names: ['-l', '--log-level'],
      kind: 'text',
      help: 'Send log message at the given level',
      fallback: 'INFO',
    },
  ],
  run(call) {
    if (call.positionals.length === 0) throw new ToolUsageError('no message specified');
    const asked = call.switches.has('debug') ? 'DEBUG' : (call.texts.get('level') ?? 'INFO');
    const level = LEVELS.get(asked.toUpperCase());
    if (level === undefined) {
      call.context.log('WARNING', `Specified log level ${JSON.stringify(asked)} was unknown. Using INFO.`);
    }
    call.context.log(level ?? 'INFO', call.positionals.join(' '));
    return undefined;
  },
};
