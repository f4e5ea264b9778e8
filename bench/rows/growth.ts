import { join } from 'node:path';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { changed } from '../hook-kinds.ts';
import type { Plan } from '../plan.ts';
import type { Cell, Report, Table } from '../report.ts';
import { medianOf } from '../statistics.ts';
import { startStopwatch } from '../stopwatch.ts';
import { type DispatchSize, prepareDispatch } from './dispatch-work.ts';
import { HookTurns } from './hook-turns.ts';

/** Measures the same at growing sizes: what is to be level, and what is to grow no faster than what it is for. */
export async function measureGrowth(plan: Plan): Promise<Report> {
  const dispatchOf = (size: Partial<DispatchSize>): DispatchSize => ({
    handlers: 0,
    flags: 0,
    links: 0,
    ...size,
  });
  const tables = [
    await growDispatch(plan, 'idle handlers', [10, 100, 1000, 3000], (handlers) => dispatchOf({ handlers })),
    await growDispatch(plan, 'flags in the store', [10, 100, 1000], (flags) => dispatchOf({ flags })),
    await growDispatch(plan, 'links of a chain', [10, 100, 1000], (links) =>
      dispatchOf({ handlers: links, flags: 1, links }),
    ),
    growStore(plan),
    await growUnits(plan),
  ];
  return { tables, verdicts: [] };
}

/** One size, and what it took in milliseconds of processor time. */
type Grown = readonly [size: number, milliseconds: number, ...more: Cell[]];

async function growDispatch(
  { tell, rounds, workshop }: Plan,
  what: string,
  sizes: readonly number[],
  sizeOf: (size: number) => DispatchSize,
): Promise<Table> {
  tell(`a dispatch as ${what} grow`);
  const works = sizes.map((size) => {
    const file = join(workshop.folder, `${what.replaceAll(' ', '-')}-${size}.db`);
    return { size, took: [] as number[], work: prepareDispatch(sizeOf(size), file) };
  });
  // In the first turns code is compiled and files come into memory.
  for (let round = -3; round < rounds * 2; round += 1) {
    for (const { work, took } of works) {
      const { processorMilliseconds } = await work.run();
      if (round >= 0) took.push(processorMilliseconds);
    }
  }
  return tabulate(
    `Growth: a dispatch, by ${what}`,
    works.map(({ size, took }): Grown => [size, medianOf(took)]),
  );
}

/** What a hook does with its store: opens it, reads the flags, reads a value, sets one, and commits. */
function growStore({ tell, rounds, workshop, isQuick }: Plan): Table {
  tell('a store as its keys grow');
  const sizes = isQuick ? [10, 100, 1000] : [10, 100, 1000, 10_000, 100_000];
  const stores = sizes.map((size) => {
    const path = join(workshop.folder, `keys-${size}.db`);
    const store = new SqliteStore({ path });
    for (let key = 0; key < size; key += 1) store.set(`bench.${key}`, { number: key });
    store.flush();
    store.close();
    return { size, path, took: [] as number[] };
  });
  for (let round = -3; round < rounds * 2; round += 1) {
    for (const { path, took } of stores) {
      const stop = startStopwatch();
      const store = new SqliteStore({ path });
      new FlagRegistry(store).list();
      store.get('bench.5');
      store.set('bench.6', { number: -round });
      store.flush();
      store.close();
      if (round >= 0) took.push(stop().processorMilliseconds);
    }
  }
  return tabulate(
    'Growth: a store opened, read, written and committed, by keys in it',
    stores.map(({ size, took }): Grown => [size, medianOf(took)]),
  );
}

async function growUnits(plan: Plan): Promise<Table> {
  const { workshop, isQuick } = plan;
  const charm = await workshop.deploy(join(import.meta.dirname, '../charms/web'), 'web-growth');
  const turns = new HookTurns(plan, charm, []);
  const grown = (isQuick ? [1, 10] : [1, 10, 100, 500]).map((units): Grown => {
    const { ours } = turns.measure(changed(units));
    return [units, medianOf(ours.map((cost) => cost.processorMilliseconds)), ours.at(-1)?.calls.length];
  });
  return tabulate('Growth: the whole process of a changed hook, by remote units', grown, ['tool calls']);
}

function tabulate(title: string, grown: readonly Grown[], more: readonly string[] = []): Table {
  const [, smallest = Number.NaN] = grown[0] ?? [];
  return {
    title,
    columns: ['size', 'processor ms', '× the smallest', 'µs for one', ...more],
    rows: grown.map(([size, milliseconds, ...rest]) => [
      String(size),
      milliseconds,
      milliseconds / smallest,
      (milliseconds * 1000) / size,
      ...rest,
    ]),
  };
}
