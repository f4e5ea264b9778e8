import { createClient } from '@redis/client';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { type Entry, parseEntry } from './entry.ts';

const KEY = 'guestbook:entries';
const SHOWN = 100;

/** A redis that says nothing for so long counts as gone; pings keep a quiet connection from looking so. */
const SILENCE_MILLISECONDS = 3_000;
const PING_MILLISECONDS = 1_000;

/** The entries, kept as a list in redis, newest first. While redis cannot be reached, every call is refused at once. */
export class Entries {
  readonly #client;
  readonly #log: (message: string) => void;
  #lastNews = '';

  /** `log` is told when redis is found and lost. */
  constructor({ host, port, password }: RedisAddress, log: (message: string) => void) {
    this.#log = log;
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
    await this.#client.lPush(KEY, JSON.stringify(entry));
  }

  /** The newest 100 entries. @throws Error when redis cannot be reached, or refuses. */
  async list(): Promise<Entry[]> {
    const texts = await this.#client.lRange(KEY, 0, SHOWN - 1);
    return texts.flatMap((text) => parseEntry(text) ?? []);
  }

  /** Lets go of redis; nothing can be asked after that. */
  close(): void {
    this.#client.destroy();
  }

  /** Once for each change: it may be without redis for days. */
  #tell(news: string): void {
    if (news !== this.#lastNews) this.#log(`redis: ${news}`);
    this.#lastNews = news;
  }
}
