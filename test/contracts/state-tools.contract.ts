import { describe, expect, it } from 'vitest';
import { type Begin, describeTools, type MakeTools, refusalOf } from './tools-under-test.ts';

/** The rules of state and storage that every implementation of `HookTools` keeps. */
export function describeStateTools(name: string, make: MakeTools): void {
  describeTools(name, make, (begin) => {
    describe('state', () => describeState(begin));
    describe('storage', () => describeStorage(begin));
  });
}

function describeState(begin: Begin): void {
  it('is empty at first, and then shows what this hook wrote', () => {
    const { tools } = begin();
    expect({ ...tools.stateGet() }).toEqual({});
    tools.stateSet({ a: '1', b: '' });
    tools.stateSet({ a: '2' });
    tools.stateSet({});
    expect({ ...tools.stateGet() }).toEqual({ a: '2', b: '' });
    tools.stateDelete('a');
    tools.stateDelete('missing');
    expect({ ...tools.stateGet() }).toEqual({ b: '' });
  });

  it('keeps what a hook wrote only when it succeeds', () => {
    const { tools, commit, rollback } = begin({ state: { kept: '1', old: '1' } });
    tools.stateSet({ kept: 'dropped', new: 'dropped' });
    tools.stateDelete('old');
    rollback();
    expect({ ...tools.stateGet() }).toEqual({ kept: '1', old: '1' });
    tools.stateSet({ kept: '2', new: '' });
    tools.stateDelete('old');
    commit();
    rollback();
    expect({ ...tools.stateGet() }).toEqual({ kept: '2', new: '' });
    tools.stateDelete('kept');
    tools.stateDelete('new');
    commit();
    expect({ ...tools.stateGet() }).toEqual({});
  });

  it('keeps keys and values to the letter, space around them too', () => {
    const { tools, commit } = begin();
    const state = {
      ' padded ': ' a\n',
      'a=b': 'c=d',
      yes: 'no',
      '-': '~',
      constructor: 'x',
      'é😀\u2028': '<&>\u0085\ufeff',
      ...JSON.parse('{"__proto__": "y"}'),
    };
    tools.stateSet(state);
    commit();
    expect(Object.entries(tools.stateGet()).sort()).toEqual(Object.entries(state).sort());
    tools.stateDelete(' padded ');
    tools.stateDelete('a=b');
    tools.stateDelete('__proto__');
    expect(Object.keys(tools.stateGet()).sort()).toEqual(['-', 'constructor', 'yes', 'é😀\u2028']);
  });

  it('has nothing under the names of what every object has', () => {
    const { tools } = begin();
    tools.stateSet({ a: '1' });
    expect(tools.stateGet().constructor).toBeUndefined();
    expect(tools.stateGet().toString).toBeUndefined();
  });

  it('takes values of 64 KiB and keys of 256 bytes, and refuses longer ones', () => {
    const { tools } = begin();
    const key = 'é'.repeat(128);
    const value = 'é'.repeat(32_768);
    tools.stateSet({ [key]: value });
    expect(tools.stateGet()[key] === value).toBe(true);
    const asked = [() => tools.stateSet({ [`${key}x`]: '1' }), () => tools.stateSet({ b: `${value}x` })];
    for (const ask of asked) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isRefused: false });
    expect(Object.keys(tools.stateGet())).toEqual([key]);
  });

  it('has no key without letters to delete', () => {
    expect(refusalOf(() => begin().tools.stateDelete('')).exitCode).toBe(2);
  });

  it('gives a fresh copy each time', () => {
    const { tools } = begin({ state: { a: '1' } });
    Object.assign(tools.stateGet(), { a: 'changed' });
    expect({ ...tools.stateGet() }).toEqual({ a: '1' });
  });
}

function describeStorage(begin: Begin): void {
  const storage = {
    'data/2': { kind: 'filesystem', location: '/srv/my data ' },
    'data/10': { kind: 'block', location: '/dev/sdb' },
    'database/3': { kind: 'filesystem', location: '' },
  } as const;

  it('is listed as text orders it, all of it or that of one name', () => {
    const { tools } = begin({ storage });
    expect(tools.storageList()).toEqual(['data/10', 'data/2', 'database/3']);
    expect(tools.storageList('data')).toEqual(['data/10', 'data/2']);
    expect(tools.storageList('none')).toEqual([]);
    expect(begin().tools.storageList()).toEqual([]);
  });

  it('is told apart by kind and location', () => {
    const { tools } = begin({ storage });
    for (const [id, instance] of Object.entries(storage)) expect(tools.storageGet(id)).toEqual(instance);
    Object.assign(tools.storageGet('data/2'), { location: 'changed' });
    expect(tools.storageGet('data/2').location).toBe('/srv/my data ');
  });

  it.each(['data/99', 'constructor', ''])('that is not there ("%s") is refused as not found', (id) => {
    const { tools } = begin({ storage });
    const refusal = refusalOf(() => tools.storageGet(id));
    expect(refusal).toMatchObject({ exitCode: 2, isNotFound: true, isGone: false });
  });

  it('is asked for when the hook succeeds', () => {
    const { tools, told, commit, rollback } = begin({ storage });
    tools.storageAdd('data', 3);
    rollback();
    tools.storageAdd('data');
    tools.storageAdd('database', 2);
    expect(told().requestedStorage).toEqual([]);
    commit();
    tools.storageAdd('data');
    commit();
    expect(told().requestedStorage).toEqual([
      ['data', 1],
      ['database', 2],
      ['data', 1],
    ]);
    expect(tools.storageList()).toHaveLength(3);
  });

  it.each([0, -1, 1.5, Number.NaN])('is refused where %s of it is asked for', (count) => {
    const { tools, told, commit } = begin();
    expect(refusalOf(() => tools.storageAdd('data', count)).exitCode).toBe(2);
    commit();
    expect(told().requestedStorage).toEqual([]);
  });
}
