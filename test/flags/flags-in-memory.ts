import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';

/** Flags over a store in memory, with a log of every real change as it happens: `+a`, `-a`. */
export function makeFlags(): {
  readonly flags: FlagRegistry;
  readonly store: SqliteStore;
  readonly log: string[];
} {
  const store = new SqliteStore({ path: ':memory:' });
  const flags = new FlagRegistry(store);
  const log: string[] = [];
  flags.listen({ changed: ({ flag, to }) => log.push(`${to === 'set' ? '+' : '-'}${flag}`) });
  return { flags, store, log };
}
