import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Amount } from './generation.ts';
import {
  addExecutableHandler,
  copyStore,
  countWrites,
  generationIn,
  generationsInPython,
  inTwoLanes,
  judge,
  LARGE,
  makeCharmDir,
  SMALL,
  scratchFolders,
  start,
  storeOf,
  untilCommit,
} from './hook-runs.ts';
import type { Orders } from './hook-to-kill.ts';
import { cleanUpStores } from './store-folder.ts';

cleanUpStores();

it('leaves the store as before the hook when killed at any write, around publishing or before the commit, and as after it when killed then', async () => {
  const total = await countWrites(SMALL);
  expect(total).toBeGreaterThan(50);
  const marks = Array.from({ length: 5 }, (_, index) => 1 + Math.floor((index * (total - 1)) / 4));
  const moments: { readonly killAt: NonNullable<Orders['killAt']>; readonly after: number }[] = [
    ...marks.map((killAt) => ({ killAt, after: 1 })),
    { killAt: 'before publish', after: 1 },
    { killAt: 'after publish', after: 1 },
    { killAt: 'before commit', after: 1 },
    { killAt: 'after commit', after: 2 },
  ];
  const results = await inTwoLanes(moments, async ({ killAt, after }) => {
    const charmDir = makeCharmDir(SMALL);
    const { signal } = await start({ charmDir, amount: SMALL, hooks: 1, killAt }).ended;
    const copy = copyStore(charmDir);
    return { killAt, signal, copy, after, generation: generationIn(charmDir, SMALL) };
  });
  for (const { killAt, signal, generation, after } of results)
    expect({ killAt, signal, generation }).toEqual({ killAt, signal: 'SIGKILL', generation: after });
  expect(
    generationsInPython(
      results.map(({ copy }) => copy),
      SMALL,
    ),
  ).toEqual(results.map(({ after }) => after));
});

it('keeps to one hook or the other in a charm with executable handlers, too, whose hooks work on a copy', async () => {
  const total = await countWrites(SMALL);
  const moments: { readonly killAt: NonNullable<Orders['killAt']>; readonly after: number }[] = [
    { killAt: 2, after: 1 },
    { killAt: total, after: 1 },
    { killAt: 'after publish', after: 1 },
    { killAt: 'before commit', after: 1 },
    { killAt: 'after commit', after: 2 },
  ];
  const copies = await inTwoLanes(moments, async ({ killAt, after }) => {
    const charmDir = makeCharmDir(SMALL);
    addExecutableHandler(charmDir);
    const { signal } = await start({ charmDir, amount: SMALL, hooks: 1, killAt }).ended;
    const copy = copyStore(charmDir);
    expect(scratchFolders(charmDir)).toHaveLength(1);
    expect({ killAt, signal, generation: generationIn(charmDir, SMALL) }).toEqual({
      killAt,
      signal: 'SIGKILL',
      generation: after,
    });
    await start({ charmDir, amount: SMALL, hooks: 1 }).ended;
    expect(generationIn(charmDir, SMALL)).toBe(after + 1);
    expect(scratchFolders(charmDir)).toEqual([]);
    return copy;
  });
  expect(generationsInPython(copies, SMALL)).toEqual(moments.map(({ after }) => after));
});

it('leaves the store of such a charm as after one whole hook when killed while a commit writes the file', async () => {
  const amount: Amount = { keys: 40, bytes: 60_000 };
  const charmDir = makeCharmDir(amount);
  addExecutableHandler(charmDir);
  const seen: { readonly copy: string; readonly generation: number }[] = [];
  for (let round = 0; round < 10; round += 2) {
    const { child, started, ended } = start({ charmDir, amount, hooks: 100_000 });
    await started;
    await untilCommit(charmDir, round);
    child.kill('SIGKILL');
    seen.push(await judge(charmDir, ended, amount));
  }
  expect(
    generationsInPython(
      seen.map(({ copy }) => copy),
      amount,
    ),
  ).toEqual(seen.map(({ generation }) => generation));
});

it('undoes a killed hook that had already begun to overwrite the file', async () => {
  const total = await countWrites({ ...LARGE, bytes: 10 });
  const copies: string[] = [];
  for (const killAt of [total - 20, 'before commit'] as const) {
    const charmDir = makeCharmDir(LARGE);
    const before = readFileSync(storeOf(charmDir));
    await start({ charmDir, amount: LARGE, hooks: 1, killAt }).ended;
    expect(readFileSync(storeOf(charmDir)).equals(before)).toBe(false);
    copies.push(copyStore(charmDir));
    expect(generationIn(charmDir, LARGE)).toBe(1);
  }
  expect(generationsInPython(copies, LARGE)).toEqual([1, 1]);
});

it('leaves the store as after one whole hook when killed at random moments', async () => {
  const lanes = [makeCharmDir(SMALL), makeCharmDir(SMALL)];
  const copies = await Promise.all(
    lanes.map(async (charmDir) => {
      const seen: { readonly copy: string; readonly generation: number }[] = [];
      for (let round = 0; round < 8; round += 1) {
        const { child, started, ended } = start({ charmDir, amount: SMALL, hooks: 100_000 });
        await started;
        await sleep(Math.random() * 40);
        child.kill('SIGKILL');
        seen.push(await judge(charmDir, ended, SMALL));
      }
      return seen;
    }),
  );
  const seen = copies.flat();
  expect(
    generationsInPython(
      seen.map(({ copy }) => copy),
      SMALL,
    ),
  ).toEqual(seen.map(({ generation }) => generation));
});

it('leaves the store as after one whole hook when killed while a commit writes the file', async () => {
  const amount: Amount = { keys: 40, bytes: 60_000 };
  const charmDir = makeCharmDir(amount);
  const seen: { readonly copy: string; readonly generation: number }[] = [];
  for (let round = 0; round < 10; round += 2) {
    const { child, started, ended } = start({ charmDir, amount, hooks: 100_000 });
    await started;
    await untilCommit(charmDir, round);
    child.kill('SIGKILL');
    seen.push(await judge(charmDir, ended, amount));
  }
  expect(
    generationsInPython(
      seen.map(({ copy }) => copy),
      amount,
    ),
  ).toEqual(seen.map(({ generation }) => generation));
});
