import { isIP } from 'node:net';
import type { JsonValue, RelatedUnit } from 'charms-reactive';

/** How a redis server is reached. */
export interface RedisAddress {
  /** An IP address or a host name. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Absent where the server asks for none. */
  readonly password?: string | undefined;
}

/**
 * The address that a unit published, in the form of either protocol that goes by this name: `host`, `port` and
 * `password` as JSON, or `hostname` and `port` as plain text. Undefined where any part of it is missing or malformed:
 * what the other side wrote is never trusted.
 */
export function readAddress({ received, receivedRaw }: RelatedUnit): RedisAddress | undefined {
  const host = [received.host, receivedRaw.hostname].find(isHost);
  const port = readPort(received.port);
  if (host === undefined || !isPort(port)) return undefined;
  return withPassword({ host, port }, received.password);
}

/** The address of a replica that a unit published, as `{"host", "port"}` in `replica`; undefined as for `readAddress`. */
export function readReplica({ received }: RelatedUnit): RedisAddress | undefined {
  return withPassword(readPlace(received.replica), received.password);
}

/** A host and a port as `{"host", "port"}`; undefined where either is missing or malformed. */
export function readPlace(value: JsonValue | undefined): Omit<RedisAddress, 'password'> | undefined {
  const { host, port } = Object(value) as { readonly host?: JsonValue; readonly port?: JsonValue };
  return isHost(host) && isPort(port) ? { host, port } : undefined;
}

/** @throws TypeError for an address that the other side could not read. */
export function assertAddress({ host, port }: RedisAddress): void {
  if (!isHost(host)) {
    throw new TypeError(`cannot publish the redis server: host "${host}" is no address and no host name`);
  }
  if (!isPort(port)) {
    throw new TypeError(`cannot publish the redis server: port ${port} is no number from 1 to 65535`);
  }
}

/** One that is empty counts as none; one that is no text spoils the address. */
function withPassword(
  place: Omit<RedisAddress, 'password'> | undefined,
  value: JsonValue | undefined,
): RedisAddress | undefined {
  const password = value || undefined;
  if (place === undefined || password === undefined) return place;
  return typeof password === 'string' ? { ...place, password } : undefined;
}

/** Some publish the number as a text. */
function readPort(value: JsonValue | undefined): unknown {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
}

/** Whether a value is an IP address or a host name, as a text. */
export function isHost(value: unknown): value is string {
  // In this order: an address of IPv4 looks like a name, and `node:net` takes a while to load.
  return typeof value === 'string' && (HOST_NAME.test(value) || isIP(value) !== 0);
}

const HOST_NAME = /^(?=.{1,253}$)\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?$/;

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
