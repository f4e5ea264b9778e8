import { beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { DryModel } from '../dry-model.ts';
import { answer, refusal } from '../tool-caller.ts';

let model: DryModel;

/** wp/0 has data/0, data/10 and disk/2; wp/1 has data/1; nobody has data/3. */
beforeEach(() => {
  model = new DryModel();
  model.deploy('wp', {
    metadata:
      'storage:\n  data: {type: filesystem, multiple: {range: 0-4}}\n  disk: {type: block, multiple: {range: 0+}}\n',
    units: 2,
  });
  model.settle();
  model.state.nextStorage = 11;
  addStorage('data/0', 'wp/0');
  addStorage('data/10', 'wp/0');
  addStorage('disk/2', 'wp/0');
  addStorage('data/1', 'wp/1');
  addStorage('data/3', null);
});

function addStorage(id: string, unit: string | null): void {
  const [name = ''] = id.split('/');
  model.state.storage[id] = {
    ...{ id, name, kind: name === 'disk' ? 'block' : 'filesystem', location: `/at/${id}` },
    ...{ life: 'alive', unit },
  };
}

function hook(storage?: string): HookContext {
  if (storage === undefined) return model.context('wp/0', { kind: 'update-status', name: 'update-status' });
  return model.context('wp/0', { kind: 'storage-attached', name: 'data-storage-attached', storage });
}

describe('storage-list', () => {
  it('lists what this unit has, or what it has of one storage', () => {
    expect(answer(hook(), 'storage-list')).toBe('data/0\ndata/10\ndisk/2\n');
    expect(answer(hook(), 'storage-list', '--format=json', 'disk')).toBe('["disk/2"]\n');
    expect(answer(hook(), 'storage-list', '--format=json', 'none')).toBe('[]\n');
    expect(refusal(hook(), 'storage-list', 'a', 'b')).toBe('2 ERROR unrecognized args: ["b"]');
  });
});

describe('storage-get', () => {
  it('tells kind and location, of the hook own storage where no other is named', () => {
    expect(answer(hook('data/0'), 'storage-get')).toBe('kind: filesystem\nlocation: /at/data/0\n');
    expect(answer(hook('data/0'), 'storage-get', 'location')).toBe('/at/data/0\n');
    expect(answer(hook('data/0'), 'storage-get', '-s', 'disk/2', 'kind')).toBe('block\n');
    expect(answer(hook(), 'storage-get', '--format=json', '-s', 'disk/2')).toBe(
      '{"kind":"block","location":"/at/disk/2"}\n',
    );
  });

  it('refuses what is not this unit storage, and attributes that there are not', () => {
    expect(refusal(hook(), 'storage-get')).toBe('2 ERROR no storage instance specified');
    expect(refusal(hook(), 'storage-get', '-s', 'data')).toBe(
      '2 ERROR invalid value "data" for option -s: invalid storage ID "data"',
    );
    for (const id of ['data/1', 'data/3', 'data/9']) {
      expect(refusal(hook(), 'storage-get', '-s', id)).toBe(
        `2 ERROR invalid value "${id}" for option -s: storage not found`,
      );
    }
    expect(refusal(hook('data/0'), 'storage-get', 'size')).toBe('1 ERROR invalid storage attribute "size"');
  });
});

describe('storage-add', () => {
  it('makes instances once the hook has succeeded, and none before', () => {
    const context = hook();
    answer(context, 'storage-add', 'data', 'disk=2');
    expect(answer(context, 'storage-list')).toBe('data/0\ndata/10\ndisk/2\n');
    context.changes.commit();
    const names = Object.values(model.state.storage).map(({ name, unit }) => `${name} ${unit}`);
    expect(names.slice(5)).toEqual(['data wp/0', 'disk wp/0', 'disk wp/0']);
  });

  it('fails the hook, which makes none, where the charm may not have as many', () => {
    const context = hook();
    answer(context, 'storage-add', 'disk');
    answer(context, 'storage-add', 'data=2');
    answer(context, 'storage-add', 'data');
    expect(() => context.changes.commit()).toThrow('at most 4 instances supported, 5 specified');
    expect(Object.keys(model.state.storage)).toHaveLength(5);
  });

  it('asks for nothing when it refuses', () => {
    const context = hook();
    expect(refusal(context, 'storage-add', 'data', 'none=1')).toBe('1 ERROR storage "none" not found');
    context.changes.commit();
    expect(Object.keys(model.state.storage)).toHaveLength(5);
  });

  it.each([
    [[], 'storage add requires a storage directive'],
    [['data=pool'], 'only count can be specified for "data"'],
    [['data=2,10G'], 'only count can be specified for "data"'],
    [['data', 'data=2'], 'storage "data" specified more than once'],
    [['=2'], 'expected "name=directive" or "name", got "=2"'],
    [
      ['data=0'],
      'cannot parse directive for storage "data": cannot parse count: count must be greater than zero, got "0"',
    ],
    [
      ['data='],
      'cannot parse directive for storage "data": storage directives require at least one field to be specified',
    ],
    [['data=?'], 'cannot parse directive for storage "data": unrecognized storage directive "?"'],
  ])('refuses %j', (args, text) => {
    expect(refusal(hook(), 'storage-add', ...args)).toBe(`2 ERROR ${text}`);
  });
});
