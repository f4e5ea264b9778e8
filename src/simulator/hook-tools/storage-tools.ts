import type { HookContext } from '../agent/hook-context.ts';
import type { StorageState } from '../state/storage-state.ts';
import type { HookTool } from './hook-tool.ts';
import { parseStorageCount } from './storage-directive.ts';
import { refuseSurplus, type ToolFlag } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

const STORAGE_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*\/(?:0|[1-9]\d*)$/;

/** `storage-list`: the ids of the unit's storage, sorted as text. */
export const storageList: HookTool = {
  name: 'storage-list',
  usage: '[options] [<storage-name>]',
  summary: 'List storage attached to the unit.',
  details:
    'A storage name may be given, and only instances of that storage are listed then.\nThe ids may be given to storage-get with -s.',
  format: 'smart',
  run(call) {
    const [name = '', ...surplus] = call.positionals;
    refuseSurplus(surplus);
    const storage = storageOf(call.context).filter((one) => name === '' || one.name === name);
    return { value: storage.map(({ id }) => id).sort() };
  },
};

/** `storage-get`: kind and location of an instance: in storage hooks of their own, where no other is named. */
export const storageGet: HookTool = {
  name: 'storage-get',
  usage: '[options] [<key>]',
  summary: 'Print information for the storage instance with the specified ID.',
  details: 'When no <key> is supplied, all keys values are printed.',
  format: 'smart',
  flags: (context) => [storageFlag(context)],
  run(call) {
    const id = call.texts.get('storage') ?? call.context.hook.storage;
    if (id === undefined) throw new ToolUsageError('no storage instance specified');
    const [key = '', ...surplus] = call.positionals;
    refuseSurplus(surplus);
    const { kind, location } = requireStorage(call.context, id);
    if (key === '') return { value: { kind, location } };
    if (key === 'kind') return { value: kind };
    if (key === 'location') return { value: location };
    throw new ToolFailure(`invalid storage attribute ${JSON.stringify(key)}`);
  },
};

/** `storage-add`: held back until the hook succeeds; hooks of their own attach what was asked for. */
export const storageAdd: HookTool = {
  name: 'storage-add',
  usage: '<charm storage name>[=count] ...',
  summary: 'Add storage instances.',
  details: 'The count is how many instances of the storage to create: 1 where none is given.',
  run(call) {
    if (call.positionals.length === 0) throw new ToolUsageError('storage add requires a storage directive');
    const counts = new Map<string, number>();
    for (const directive of call.positionals) {
      const { name, count } = parseStorageCount(directive);
      if (counts.has(name))
        throw new ToolUsageError(`storage ${JSON.stringify(name)} specified more than once`);
      counts.set(name, count);
    }
    const { changes, application } = call.context;
    for (const name of counts.keys()) {
      const isDeclared = application.charm.metadata.storage.some((declared) => declared.name === name);
      if (!isDeclared) throw new ToolFailure(`storage ${JSON.stringify(name)} not found`);
    }
    for (const [name, count] of counts) changes.storage.request(name, count);
    return undefined;
  },
};

function storageFlag(context: HookContext): ToolFlag {
  return {
    key: 'storage',
    names: ['-s'],
    kind: 'text',
    help: 'Specify a storage instance by id',
    fallback: context.hook.storage ?? '',
    read: (text) => {
      if (!STORAGE_ID.test(text)) throw new Error(`invalid storage ID ${JSON.stringify(text)}`);
      return requireStorage(context, text).id;
    },
  };
}

function storageOf({ state, unit }: HookContext): StorageState[] {
  return Object.values(state.storage).filter((storage) => storage.unit === unit.name);
}

function requireStorage(context: HookContext, id: string): StorageState {
  const storage = storageOf(context).find((one) => one.id === id);
  if (storage === undefined) throw new ToolFailure('storage not found');
  return storage;
}
