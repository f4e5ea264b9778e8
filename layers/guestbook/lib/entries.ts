import { createClient } from '@redis/client';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { type Entry, parseEntry } from './entry.ts';

/** The entries of one guestbook. */
export interface EntriesPlace {
  readonly redis: RedisAddress;
  /** The list's name in redis. */
  readonly key: string;
  /** How many are listed. */
  readonly shown: number;
  /** Told when redis is found and lost. */
  readonly log: (message: string) => void;
}

/** A redis that says nothing for so long counts as gone; pings keep a quiet connection from looking so. */
const SILENCE_MILLISECONDS = 3_000;
const PING_MILLISECONDS = 1_000;

/** One step, so that it is done whole or not at all. */
const ADD_FIRST = "if redis.call('SETNX', KEYS[1], 1) == 1 then redis.call('RPUSH', KEYS[2], ARGV[1]) end";

/** The entries, kept as a list in redis, newest first. While redis cannot be reached, every call is refused at once. */
export class Entries {
  readonly #client;
  readonly #place: EntriesPlace;
  #lastNews = '';

  constructor(place: EntriesPlace) {
    const { host, port, password } = place.redis;
    this.#place = place;
    this.#client = createClient({
      ...(password === undefined ? {} : { password }),
      socket: {
        host,
        port,
        connectTimeout: SILENCE_MILLISECONDS,
        socketTimeout: SILENCE_MILLISECONDS,
        reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 2_000),
      },
      pingInterval: PING_MILLISECONDS,
      disableOfflineQueue: true,
    });
    this.#client.on('error', (error: Error) => this.#tell(error.message));
    this.#client.on('ready', () => this.#tell('connected'));
  }

  /** Connects. Settles when the first try is over, however it went: it goes on trying, also when it loses redis later. */
  async connect(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#client.once('ready', resolve);
      this.#client.once('error', () => resolve());
      this.#client.connect().catch(() => resolve());
    });
  }

  /** Adds an entry. @throws Error when redis cannot be reached, or refuses. */
  async add(entry: Entry): Promise<void> {
    await this.#client.lPush(this.#place.key, JSON.stringify(entry));
  }

  /**
   * Adds an entry unless this was called before, by anyone, with any entry: what several do at once is done once.
   * @throws Error when redis cannot be reached, or refuses.
   */
  async addFirst(entry: Entry): Promise<void> {
    const { key } = this.#place;
    await this.#client.eval(ADD_FIRST, {
      keys: [`${key}:first`, key],
      arguments: [JSON.stringify(entry)],
    });
  }

  /** The newest entries. @throws Error when redis cannot be reached, or refuses. */
  async list(): Promise<Entry[]> {
    const texts = await this.#client.lRange(this.#place.key, 0, this.#place.shown - 1);
    return texts.flatMap((text) => parseEntry(text) ?? []);
  }

  /** Lets go of redis; nothing can be asked after that. */
  close(): void {
    this.#client.destroy();
  }

  /** Once for each change: it may be without redis for days. */
  #tell(news: string): void {
    if (news !== this.#lastNews) this.#place.log(`redis: ${news}`);
    this.#lastNews = news;
  }
}
