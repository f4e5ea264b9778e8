import { readFileSync } from 'node:fs';
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
  /** What they are called there. */
  readonly key: string;
  /** How many of them are shown. */
  readonly shown: number;
}

/** The port in such a file; undefined where there is none that can be read. */
export function readPort(file: string): number | undefined {
  try {
    const { port } = JSON.parse(readFileSync(file, 'utf8')) as Partial<GuestbookSettings>;
    return Number.isInteger(port) ? port : undefined;
  } catch {
    return undefined;
  }
}
