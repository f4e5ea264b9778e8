import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { JsonValue } from '../../src/store/python-json.ts';
import { SqliteStore, UNIT_STORE_TABLES } from '../../src/store/sqlite-store.ts';
import { askRival } from '../against.ts';
import type { Plan } from '../plan.ts';
import type { Cell, Report, Verdict } from '../report.ts';
import { medianOf, medianRatio, takeTurns } from '../statistics.ts';
import { startStopwatch } from '../stopwatch.ts';

const KEYS = 1000;

/** A value as charms keep them. */
const makeValue = (number: number): JsonValue => ({ host: '10.0.0.1', port: number, options: ['a', 'b'] });

/** How many times the reference's gets and sets a second are to be ours. */
const LIMITS = { gets: 3, sets: 2 };

/** Measures gets and sets of the unit's store, beside bare statements of better-sqlite3, within one transaction. */
export function measureStore({ tell, rounds, rivals, workshop }: Plan): Report {
  tell('gets and sets of the store');
  const store = new SqliteStore({ path: join(workshop.folder, 'store.db') });
  const bare = openBare(join(workshop.folder, 'bare.db'));
  let round = 0;
  const setAll = (set: (key: string, value: JsonValue) => void) => (): void => {
    // Another value each time, since the store leaves alone what is the same.
    round += 1;
    for (let key = 0; key < KEYS; key += 1) set(`bench.${key}`, makeValue(round));
  };
  const getAll = (get: (key: string) => unknown) => (): void => {
    for (let key = 0; key < KEYS; key += 1) get(`bench.${key}`);
  };
  try {
    const took = takeTurns(rounds * 20, {
      bareSets: timeOf(setAll(bare.set)),
      sets: timeOf(() => {
        setAll((key, value) => store.set(key, value))();
        // Asking for a range brings what was gathered into the transaction.
        store.listKeys('no such key');
      }),
      bareGets: timeOf(getAll(bare.get)),
      gets: timeOf(getAll((key) => store.get(key))),
    });
    const asked = rivals.map((rival) => [rival.name, askRival(rival, 'bench-store')] as const);
    const rows = (['gets', 'sets'] as const).map((what, place): Cell[] => {
      const own = took[what];
      const floor = took[what === 'gets' ? 'bareGets' : 'bareSets'];
      const others = asked.flatMap(([, numbers]) => [
        numbers?.[place],
        numbers?.[place] === undefined ? undefined : perSecond(own) / numbers[place],
      ]);
      return [what, perSecond(own), perSecond(floor), medianRatio(floor, own), ...others];
    });
    const reference = Object.fromEntries(asked).reference;
    return {
      tables: [
        {
          title:
            'Store, in process: in a second of processor time, in one transaction; bare is a statement and JSON',
          columns: [
            ...['what', 'ours', 'bare better-sqlite3', '× bare'],
            ...rivals.flatMap(({ name }) => [name, `× ${name}`]),
          ],
          rows,
        },
      ],
      verdicts: reference ? judge(took, reference) : [],
    };
  } finally {
    store.close();
    bare.close();
  }
}

function judge(took: { readonly gets: number[]; readonly sets: number[] }, reference: number[]): Verdict[] {
  return (['gets', 'sets'] as const).map((what, place) => ({
    budget: 'P10',
    what: `${what} of the store, over reference`,
    measured: perSecond(took[what]) / (reference[place] ?? Number.NaN),
    limit: LIMITS[what],
    isMost: false,
  }));
}

function openBare(path: string): {
  readonly get: (key: string) => unknown;
  readonly set: (key: string, value: JsonValue) => void;
  readonly close: () => void;
} {
  const database = new Database(path);
  database.exec(`${UNIT_STORE_TABLES}; begin immediate`);
  const select = database.prepare('select data from kv where key = ?').pluck();
  const replace = database.prepare('insert or replace into kv (key, data) values (?, ?)');
  return {
    get: (key) => JSON.parse(String(select.get(key))),
    set: (key, value) => void replace.run(key, JSON.stringify(value)),
    close: () => void database.close(),
  };
}

function timeOf(act: () => void): () => number {
  return () => {
    const stop = startStopwatch();
    act();
    return stop().processorMilliseconds;
  };
}

function perSecond(milliseconds: readonly number[]): number {
  return (KEYS / medianOf(milliseconds)) * 1000;
}
