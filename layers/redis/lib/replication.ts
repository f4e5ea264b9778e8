import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { withClient } from './redis-client.ts';
import type { RedisClient } from './redis-connection.ts';

/** What a server says of itself and of the copies of its data. */
export interface Replication {
  /** Whether it still reads its data from disk, and so answers no question about it. */
  readonly isLoading: boolean;
  /** Whom it copies; absent on a server that copies nobody. */
  readonly primary?: Place | undefined;
  /** Whether it has all that its primary had when they last spoke. True for one that copies nobody. */
  readonly isInSync: boolean;
  /** How long its primary has said nothing; undefined where they have no connection. */
  readonly silentSeconds?: number | undefined;
  /** How much of the stream of changes it has: the more, the newer its data. */
  readonly offset: number;
  /** How many keys it has. */
  readonly keys: number;
  /** The copies that are connected, with how much of the stream they have. */
  readonly replicas: readonly (Place & { readonly offset: number })[];
}

/** Where a server is. */
export type Place = Pick<RedisAddress, 'host' | 'port'>;

/** Asks a server; undefined for one that does not answer, or not to this password. */
export async function askReplication(address: RedisAddress): Promise<Replication | undefined> {
  return withClient(address, readReplication).catch(() => undefined);
}

/** Asks over a connection that is there. @throws Error when it does not answer. */
export async function readReplication(client: RedisClient): Promise<Replication> {
  return parseInfo(String(await client.sendCommand(['INFO'])));
}

/** Whether two places are the same. */
export function isSamePlace(one: Place | undefined, other: Place | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port;
}

/** What redis's INFO says, as lines of `name:value`. */
export function parseInfo(text: string): Replication {
  const lines = text.split(/\r?\n/).map((line) => line.split(/:(.*)/s));
  const info = new Map(lines.map(([name = '', value = '']) => [name, value]));
  const number = (name: string): number => Number(info.get(name) ?? 0);
  const isReplica = info.get('role') === 'slave';
  const isConnected = info.get('master_link_status') === 'up';
  return {
    isLoading: info.get('loading') === '1',
    primary: isReplica ? { host: info.get('master_host') ?? '', port: number('master_port') } : undefined,
    isInSync: !isReplica || isConnected,
    silentSeconds: isReplica && isConnected ? number('master_last_io_seconds_ago') : undefined,
    offset: number(isReplica ? 'slave_repl_offset' : 'master_repl_offset'),
    keys: sum(entriesLike(info, /^db\d+$/).map(({ keys }) => Number(keys))),
    replicas: entriesLike(info, /^slave\d+$/).map(({ ip = '', port, offset }) => ({
      host: ip,
      port: Number(port),
      offset: Number(offset),
    })),
  };
}

/** Values such as `keys=3,expires=0` of the names that fit. */
function entriesLike(info: ReadonlyMap<string, string>, name: RegExp): Record<string, string>[] {
  return [...info]
    .filter(([key]) => name.test(key))
    .map(([, value]) => Object.fromEntries(value.split(',').map((pair) => pair.split('=', 2))));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
