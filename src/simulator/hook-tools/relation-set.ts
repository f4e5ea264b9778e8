import type { HookTool } from './hook-tool.ts';
import { parseKeyValues, parseSettingsFile } from './key-values.ts';
import { relationFlag, requireRelation } from './relation-argument.ts';
import { ToolFailure } from './tool-errors.ts';

/** `relation-set`: writes to our own bag, held back until the hook succeeds. */
export const relationSet: HookTool = {
  name: 'relation-set',
  usage: '[options] key=value [key=value ...]',
  summary: 'Set relation settings.',
  details:
    'relation-set writes the local unit\'s settings for some relation. If no relation is specified\nthen the current relation is used. The setting values are not inspected and are stored as strings.\nSetting an empty string causes the setting to be removed. Duplicate settings are not allowed.\n\nThe --file option should be used when one or more key-value pairs are too long to fit within the\ncommand length limit of the shell or operating system. The file should contain a YAML map\ncontaining the settings. Settings in the file will be overridden by any duplicate key-value\narguments. A value of "-" for the filename means <stdin>.',
  isFormatIgnored: true,
  flags: (context) => [
    {
      key: 'app',
      names: ['--app'],
      kind: 'boolean',
      help: 'Pick whether you are setting "application" settings or "unit" settings',
      fallback: 'false',
    },
    {
      key: 'file',
      names: ['--file'],
      kind: 'text',
      help: 'File containing key-value pairs',
      fallback: '',
    },
    relationFlag(context),
  ],
  run(call) {
    const relation = requireRelation(call);
    const written = parseKeyValues(call.positionals);
    const file = call.texts.get('file') ?? '';
    const settings = { ...(file === '' ? {} : parseSettingsFile(call.readFile(file))), ...written };
    const isApplication = call.switches.has('app');
    if (isApplication && !call.context.isLeader) {
      throw new ToolFailure('cannot write relation settings');
    }
    call.context.changes.write({ relationId: relation.id, isApplication }, settings);
    return undefined;
  },
};
