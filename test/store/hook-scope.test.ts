import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cleanUpStores, makeStorePath, openStore } from './store-folder.ts';

cleanUpStores();

it('numbers its runs from 1 and answers what the body answers', async () => {
  const store = openStore();
  expect(await store.hookScope('install', (revision) => `run ${revision}`)).toBe('run 1');
  expect(await store.hookScope('start', async (revision) => `run ${revision}`)).toBe('run 2');
});

it('commits when the body ends, so that the next process sees it', async () => {
  const file = makeStorePath();
  const store = openStore(file);
  await store.hookScope('install', async () => {
    store.set('a', 1);
    await sleep(1);
    store.set('b', 2);
  });
  store.close();
  expect(openStore(file).getRange('')).toEqual({ a: 1, b: 2 });
});

it.each([
  ['at once', () => Promise.reject(new Error('no luck'))],
  [
    'synchronously',
    () => {
      throw new Error('no luck');
    },
  ],
])('drops everything and rethrows when the body throws %s', async (_, fail) => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  await store.hookScope('first', () => store.set('a', 1));
  const failing = store.hookScope('second', () => {
    store.set('a', 2);
    store.set('b', 2);
    return fail();
  });
  await expect(failing).rejects.toThrow('no luck');
  expect(store.getRange('')).toEqual({ a: 1 });
  expect(store.history('a').map(({ hook }) => hook)).toEqual(['first']);
});

it('can be used again after a body that threw, on a store that was just made', async () => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  await expect(store.hookScope('first', () => Promise.reject(new Error('no luck')))).rejects.toThrow(
    'no luck',
  );
  expect(store.get('a')).toBeNull();
  await store.hookScope('second', () => store.set('a', 1));
  expect(store.get('a')).toBe(1);
  expect(store.history('a')).toHaveLength(1);
});

it('refuses a scope inside a scope, and leaves the outer one as it is', async () => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  await store.hookScope('outer', async () => {
    store.set('a', 1);
    await expect(store.hookScope('inner', () => store.set('a', 'inner'))).rejects.toThrow(/"inner"/);
    store.set('b', 2);
  });
  expect(store.getRange('')).toEqual({ a: 1, b: 2 });
  expect(store.history('b').map(({ hook }) => hook)).toEqual(['outer']);
});

it('records each change of a key as a revision, the last one of each run, oldest first', async () => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  await store.hookScope('install', () => {
    store.set('a', 0);
    store.set('a', { v: 1 });
    store.set('b', 'else');
  });
  await store.hookScope('config-changed', () => store.set('a', { v: 1 }));
  await store.hookScope('update-status', () => store.unset('a'));
  await store.hookScope('stop', () => {
    store.set('a', 3);
    store.unset('a');
    store.set('a', null);
  });
  const history = store.history('a');
  expect(history.map(({ revision, key, value, hook }) => ({ revision, key, value, hook }))).toEqual([
    { revision: 1, key: 'a', value: { v: 1 }, hook: 'install' },
    { revision: 3, key: 'a', value: 'DELETED', hook: 'update-status' },
    { revision: 4, key: 'a', value: null, hook: 'stop' },
  ]);
  expect(store.history('missing')).toEqual([]);
});

it('records keys that a range of keys unset, each by its own name', async () => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  await store.hookScope('install', () => store.update({ a: 1, b: 2 }, 'p.'));
  await store.hookScope('stop', () => store.unsetRange(null, 'p.'));
  expect(store.history('p.a').map(({ value }) => value)).toEqual([1, 'DELETED']);
  expect(store.history('p.b').map(({ value }) => value)).toEqual([2, 'DELETED']);
});

it('dates a revision with the moment its scope began, in UTC and without a zone', async () => {
  const store = openStore(makeStorePath(), { keepRevisions: true });
  const before = Date.now();
  await store.hookScope('install', () => store.set('a', 1));
  const after = Date.now();
  const [revision] = store.history('a');
  expect(revision?.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  const date = Date.parse(`${revision?.date}Z`);
  expect(date).toBeGreaterThanOrEqual(before);
  expect(date).toBeLessThanOrEqual(after);
});

it('records nothing outside a scope, and nothing where revisions are not kept', async () => {
  const kept = openStore(makeStorePath(), { keepRevisions: true });
  kept.set('a', 1);
  kept.flush();
  expect(kept.history('a')).toEqual([]);
  const plain = openStore();
  await plain.hookScope('install', () => plain.set('a', 1));
  expect(plain.history('a')).toEqual([]);
  expect(plain.get('a')).toBe(1);
});
