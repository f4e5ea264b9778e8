import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';

/** What the charm tells the web server, as JSON in a file that holds a password and so must be private. */
export interface GuestbookSettings {
  /** The address to listen on. */
  readonly host: string;
  readonly port: number;
  /** The heading of the page. */
  readonly title: string;
  /** Where the entries are. */
  readonly redis: RedisAddress;
}
