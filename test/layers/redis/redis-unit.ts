import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import Redis from '../../../layers/redis/reactive/redis.ts';
import { redisInterface } from '../../interfaces/redis/sides.ts';
import { readCharm, UnitRunner } from '../unit-runner.ts';

/** A unit of the charm `redis`. */
export function makeRedisUnit(unit = 'redis/0'): UnitRunner {
  return new UnitRunner(
    readCharm('redis', { exports: { default: Redis }, interfaces: [redisInterface.provides] }),
    unit,
  );
}

/** Relates a redis unit to a client of that name, with its hooks, and gives what it publishes there. */
export async function relateClient(unit: UnitRunner, id = 'db:0', client = 'guestbook/0') {
  const application = client.split('/')[0] ?? '';
  unit.relate({ ...unit.tools.model.relations, [id]: { application, units: { [client]: {} } } });
  await unit.hook({ name: 'db-relation-joined', relationId: id, remoteUnit: client });
  await unit.hook({ name: 'db-relation-changed', relationId: id, remoteUnit: client });
  return publishedBy(unit, id);
}

/** What a redis unit publishes in a relation, decoded. */
export function publishedBy(unit: UnitRunner, id = 'db:0') {
  const { host = 'null', port = 'null', password = 'null', hostname } = unit.tools.published[id]?.unit ?? {};
  return { host: JSON.parse(host), port: JSON.parse(port), password: JSON.parse(password), hostname };
}

/** A client of the server at an address; it lets go when the test ends. @throws when the server refuses it. */
export async function connectTo({ host, port, password }: { host: string; port: number; password?: string }) {
  const client = createClient({
    ...(password === undefined ? {} : { password }),
    socket: { host, port, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
