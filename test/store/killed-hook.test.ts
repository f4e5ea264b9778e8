import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { writeScript } from '../tools/fake-tools-folder.ts';
import { type Amount, contentOf } from './generation.ts';
import type { Orders } from './hook-to-kill.ts';
import { runPython } from './python.ts';
import { type DumpedStore, PYTHON_UNIT_DATA } from './python-unit-data.ts';
import { cleanUpStores, makeFolder, openStore } from './store-folder.ts';

cleanUpStores();

const PROGRAM = fileURLToPath(new URL('./hook-to-kill.ts', import.meta.url));
const SMALL: Amount = { keys: 30, bytes: 3000 };
/** More than SQLite's cache holds, so that pages of the unfinished hook reach the file before its end. */
const LARGE: Amount = { keys: 44, bytes: 600_000 };

interface Killed {
  /** The number of the last hook that was reported as done; undefined when there was none. */
  readonly reported: number | undefined;
  readonly writes: number;
  readonly signal: NodeJS.Signals | null;
}

interface Run {
  readonly child: ChildProcess;
  /** Settles when the program reports its first hook, or ends. */
  readonly started: Promise<void>;
  readonly ended: Promise<Killed>;
}

/** Compiled once by the first run that ends by itself, since a killed one saves nothing. */
const compiled = mkdtempSync(path.join(tmpdir(), 'compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

function start(orders: Orders): Run {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
  let said = '';
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
      resolve();
    });
    child.on('close', () => resolve());
  });
  const ended = new Promise<Killed>((resolve) => {
    child.on('close', (_, signal) => {
      const [reported, writes] = said.trimEnd().split('\n').at(-1)?.split(' ') ?? [];
      resolve({ reported: reported ? Number(reported) : undefined, writes: Number(writes), signal });
    });
  });
  return { child, started, ended };
}

const storeOf = (charmDir: string): string => path.join(charmDir, '.unit-state.db');

/** A charm folder whose store is as the first hook left it. */
function makeCharmDir(amount: Amount): string {
  const charmDir = makeFolder();
  const store = openStore(storeOf(charmDir));
  store.update(contentOf(1, amount));
  store.flush();
  store.close();
  return charmDir;
}

/** Gives a charm a handler in another language; it never wants to run. */
function addExecutableHandler(charmDir: string): void {
  mkdirSync(path.join(charmDir, 'reactive'));
  writeScript(path.join(charmDir, 'reactive'), 'idle.sh', 'exit 1');
}

/** The copies that hooks work on, where they were killed before they could remove them. */
function scratchFolders(charmDir: string): string[] {
  return readdirSync(charmDir).filter((name) => name.startsWith('.unit-state.hook-'));
}

/** Which hook the store is as left by: exactly one, or the test fails. */
function generationIn(charmDir: string, amount: Amount): number {
  const store = new SqliteStore({ path: storeOf(charmDir) });
  try {
    const content = { ...store.getRange('') };
    const generation = Number(content.generation);
    expect(Object.keys(content).sort()).toEqual(Object.keys(contentOf(generation, amount)).sort());
    expect(content).toEqual(contentOf(generation, amount));
    return generation;
  } finally {
    store.close();
  }
}

/** The files of a store just as a killed hook left them, out of reach of whoever recovers the original. */
function copyStore(charmDir: string): string {
  const copy = path.join(makeFolder(), 'copy');
  mkdirSync(copy);
  for (const end of ['', '-journal']) {
    const file = storeOf(charmDir) + end;
    if (existsSync(file)) copyFileSync(file, storeOf(copy) + end);
  }
  return copy;
}

/** Which hook each store is as left by, as python3 sees it. */
function generationsInPython(copies: readonly string[], amount: Amount): number[] {
  const dumps = runPython(
    `${PYTHON_UNIT_DATA}
print(json.dumps([dump(sqlite3.connect(path)) for path in json.load(sys.stdin)]))`,
    copies.map(storeOf),
  ) as DumpedStore[];
  return dumps.map(({ kv, integrity }) => {
    expect(integrity).toBe('ok');
    const content = Object.fromEntries(Object.entries(kv).map(([key, text]) => [key, JSON.parse(text)]));
    const generation = Number(content.generation);
    expect(content).toEqual(contentOf(generation, amount));
    return generation;
  });
}

async function countWrites(amount: Amount): Promise<number> {
  const { writes, reported } = await start({ charmDir: makeCharmDir(amount), amount, hooks: 1 }).ended;
  expect(reported).toBe(2);
  return writes;
}

it('leaves the store as before the hook when killed at any write, around publishing or before the commit, and as after it when killed then', async () => {
  const total = await countWrites(SMALL);
  expect(total).toBeGreaterThan(50);
  const marks = Array.from({ length: 8 }, (_, index) => 1 + Math.floor((index * (total - 1)) / 7));
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
  for (const { killAt, after } of moments) {
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
    expect(generationsInPython([copy], SMALL)).toEqual([after]);
    await start({ charmDir, amount: SMALL, hooks: 1 }).ended;
    expect(generationIn(charmDir, SMALL)).toBe(after + 1);
    expect(scratchFolders(charmDir)).toEqual([]);
  }
});

it('leaves the store of such a charm as after one whole hook when killed while a commit writes the file', async () => {
  const amount: Amount = { keys: 40, bytes: 60_000 };
  const charmDir = makeCharmDir(amount);
  addExecutableHandler(charmDir);
  const seen: { readonly copy: string; readonly generation: number }[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { child, started, ended } = start({ charmDir, amount, hooks: 100_000 });
    await started;
    await untilCommit(charmDir);
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
  const total = await countWrites(LARGE);
  for (const killAt of [total - 20, 'before commit'] as const) {
    const charmDir = makeCharmDir(LARGE);
    const before = readFileSync(storeOf(charmDir));
    await start({ charmDir, amount: LARGE, hooks: 1, killAt }).ended;
    expect(readFileSync(storeOf(charmDir)).equals(before)).toBe(false);
    const copy = copyStore(charmDir);
    expect(generationIn(charmDir, LARGE)).toBe(1);
    expect(generationsInPython([copy], LARGE)).toEqual([1]);
  }
});

it('leaves the store as after one whole hook when killed at 40 random moments', async () => {
  const lanes = [makeCharmDir(SMALL), makeCharmDir(SMALL)];
  const copies = await Promise.all(
    lanes.map(async (charmDir) => {
      const seen: { readonly copy: string; readonly generation: number }[] = [];
      for (let round = 0; round < 20; round += 1) {
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
  for (let round = 0; round < 10; round += 1) {
    const { child, started, ended } = start({ charmDir, amount, hooks: 100_000 });
    await started;
    await untilCommit(charmDir);
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

/** A killed program's store is as its last reported hook left it, or as the next one did, had it just committed. */
async function judge(charmDir: string, ended: Promise<Killed>, amount: Amount) {
  const { reported = 0, signal } = await ended;
  expect(signal).toBe('SIGKILL');
  expect(reported).toBeGreaterThan(1);
  const copy = copyStore(charmDir);
  const generation = generationIn(charmDir, amount);
  expect([reported, reported + 1]).toContain(generation);
  return { copy, generation };
}

/** Watches without a pause for the first page that a commit writes: nothing else touches the file. */
async function untilCommit(charmDir: string): Promise<void> {
  const file = storeOf(charmDir);
  const touched = (): bigint => statSync(file, { bigint: true }).mtimeNs;
  const before = touched();
  for (let looks = 0; looks < 1_000_000; looks += 1) if (touched() !== before) return;
  throw new Error(`no commit touched ${file}`);
}

/** Runs two at a time. */
async function inTwoLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all([lane(), lane()]);
  return results;
}
