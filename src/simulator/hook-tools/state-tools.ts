import type { HookTool } from './hook-tool.ts';
import { parseKeyValues, parseSettingsFile } from './key-values.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

const LONGEST_KEY = 256;
const LONGEST_VALUE = 65_536;

/** `state-get`: what the unit keeps in the model, with this hook's own changes. */
export const stateGet: HookTool = {
  name: 'state-get',
  usage: '[options] [<key>]',
  summary: 'Print server-side-state value.',
  format: 'smart',
  flags: () => [
    {
      key: 'strict',
      names: ['--strict'],
      kind: 'boolean',
      help: 'Return an error if the requested key does not exist',
      fallback: 'false',
    },
  ],
  run(call) {
    const [key = '-', ...surplus] = call.positionals;
    refuseSurplus(surplus);
    const { charmState } = call.context.changes;
    if (key === '' || key === '-') {
      // Juju has no map at all where nothing was kept, which only JSON shows.
      return { value: charmState ?? (call.format === 'json' ? null : {}) };
    }
    if (charmState !== null && Object.hasOwn(charmState, key)) return { value: charmState[key] };
    if (call.switches.has('strict')) throw new ToolFailure(`${JSON.stringify(key)} not found`);
    return { value: '' };
  },
};

/** `state-set`: held back until the hook succeeds. */
export const stateSet: HookTool = {
  name: 'state-set',
  usage: '[options] key=value [key=value ...]',
  summary: 'Set server-side-state values.',
  flags: () => [
    {
      key: 'file',
      names: ['--file'],
      kind: 'text',
      help: 'File containing key-value pairs',
      fallback: '',
    },
  ],
  run(call) {
    const written = parseKeyValues(call.positionals);
    const file = call.texts.get('file') ?? '';
    const settings = { ...(file === '' ? {} : parseSettingsFile(call.readFile(file))), ...written };
    if (Object.keys(settings).length === 0) return undefined;
    for (const [key, value] of Object.entries(settings)) refuseTooLong(key, value);
    call.context.changes.charmState = { ...call.context.changes.charmState, ...settings };
    return undefined;
  },
};

/** `state-delete`: held back until the hook succeeds; a missing key is fine. */
export const stateDelete: HookTool = {
  name: 'state-delete',
  usage: '<key>',
  summary: 'Delete server-side-state key value pair.',
  run(call) {
    const [key = '', ...surplus] = call.positionals;
    if (key === '') throw new ToolUsageError('missing required key');
    refuseSurplus(surplus);
    const { charmState } = call.context.changes;
    if (charmState === null) return undefined;
    const kept = Object.entries(charmState).filter(([name]) => name !== key);
    call.context.changes.charmState = Object.fromEntries(kept);
    return undefined;
  },
};

function refuseTooLong(key: string, value: string): void {
  const [keyLength, valueLength] = [Buffer.byteLength(key), Buffer.byteLength(value)];
  if (keyLength > LONGEST_KEY) {
    throw new ToolFailure(`max allowed key length (${LONGEST_KEY}) exceeded: ${keyLength}`);
  }
  if (valueLength > LONGEST_VALUE) {
    throw new ToolFailure(`max allowed value length (${LONGEST_VALUE}) exceeded: ${valueLength}`);
  }
}
