import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { shareFolder } from '../costly-work.ts';
import { writeScript } from '../tools/fake-tools-folder.ts';
import { type Amount, contentOf } from './generation.ts';
import type { Orders } from './hook-to-kill.ts';
import { runPython } from './python.ts';
import { type DumpedStore, PYTHON_UNIT_DATA } from './python-unit-data.ts';
import { makeFolder, openStore } from './store-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Enough for some pages. */
export const SMALL: Amount = { keys: 30, bytes: 3000 };
/** More than SQLite's cache holds, so that pages of the unfinished hook reach the file before its end. */
export const LARGE: Amount = { keys: 44, bytes: 600_000 };

/** How a program ended. */
export interface Killed {
  /** The number of the last hook that was reported as done; undefined when there was none. */
  readonly reported: number | undefined;
  readonly writes: number;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs hooks, one after the other. */
export interface Run {
  readonly child: ChildProcess;
  /** Settles when the program reports its first hook, or ends. */
  readonly started: Promise<void>;
  readonly ended: Promise<Killed>;
}

/** The program as one file, which starts in a third of the time. Compiled by the first run that ends by itself. */
const bundle = await shareFolder('hook-to-kill', async (folder) => {
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  await build({
    entryPoints: [path.join(ROOT, 'test/store/hook-to-kill.ts')],
    outfile: path.join(folder, 'program.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external',
  });
});

/** Starts a program that runs hooks as it is ordered to. */
export function start(orders: Orders): Run {
  const child = spawn(process.execPath, [path.join(bundle, 'program.mjs'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(bundle, 'compiled') },
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

/** Where a charm's store is. */
export const storeOf = (charmDir: string): string => path.join(charmDir, '.unit-state.db');

/** A charm folder whose store is as the first hook left it. */
export function makeCharmDir(amount: Amount): string {
  const charmDir = makeFolder();
  const store = openStore(storeOf(charmDir));
  store.update(contentOf(1, amount));
  store.flush();
  store.close();
  return charmDir;
}

/** Gives a charm a handler in another language; it never wants to run. */
export function addExecutableHandler(charmDir: string): void {
  mkdirSync(path.join(charmDir, 'reactive'));
  writeScript(path.join(charmDir, 'reactive'), 'idle.sh', 'exit 1');
}

/** The copies that hooks work on, where they were killed before they could remove them. */
export function scratchFolders(charmDir: string): string[] {
  return readdirSync(charmDir).filter((name) => name.startsWith('.unit-state.hook-'));
}

/** Which hook the store is as left by: exactly one, or the test fails. */
export function generationIn(charmDir: string, amount: Amount): number {
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
export function copyStore(charmDir: string): string {
  const copy = path.join(makeFolder(), 'copy');
  mkdirSync(copy);
  for (const end of ['', '-journal']) {
    const file = storeOf(charmDir) + end;
    if (existsSync(file)) copyFileSync(file, storeOf(copy) + end);
  }
  return copy;
}

/** Which hook each store is as left by, as python3 sees it. */
export function generationsInPython(copies: readonly string[], amount: Amount): number[] {
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

/** How many writes to the store one whole hook makes. */
export async function countWrites(amount: Amount): Promise<number> {
  const { writes, reported } = await start({ charmDir: makeCharmDir(amount), amount, hooks: 1 }).ended;
  expect(reported).toBe(2);
  return writes;
}

/** A killed program's store is as its last reported hook left it, or as the next one did, had it just committed. */
export async function judge(charmDir: string, ended: Promise<Killed>, amount: Amount) {
  const { reported = 0, signal } = await ended;
  expect(signal).toBe('SIGKILL');
  expect(reported).toBeGreaterThan(1);
  const copy = copyStore(charmDir);
  const generation = generationIn(charmDir, amount);
  expect([reported, reported + 1]).toContain(generation);
  return { copy, generation };
}

/** Watches for the first page that a commit writes, since nothing else touches the file, and lets it go on for a moment. */
export async function untilCommit(charmDir: string, moreMs: number): Promise<void> {
  const file = storeOf(charmDir);
  const touched = (): bigint => statSync(file, { bigint: true }).mtimeNs;
  const before = touched();
  const deadline = performance.now() + 20_000;
  while (touched() === before) {
    if (performance.now() > deadline) throw new Error(`no commit touched ${file}`);
    // Short enough to be in time, and long enough to leave the machine to the hook.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.3);
  }
  const end = performance.now() + moreMs;
  while (performance.now() < end);
}

/** Runs two at a time. */
export async function inTwoLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all([lane(), lane()]);
  return results;
}
