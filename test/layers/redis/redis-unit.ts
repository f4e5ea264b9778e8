import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import Apt from '../../../layers/apt/reactive/apt.ts';
import Leadership from '../../../layers/leadership/reactive/leadership.ts';
import Actions from '../../../layers/redis/reactive/actions.ts';
import Cluster from '../../../layers/redis/reactive/cluster.ts';
import Redis from '../../../layers/redis/reactive/redis.ts';
import { redisInterface } from '../../interfaces/redis/sides.ts';
import { readCharm, UnitRunner } from '../unit-runner.ts';

/** A unit of the charm `redis`: the leader, and alone among its peers, where nothing else is said. */
export function makeRedisUnit(unit = 'redis/0', settings: readonly string[] = []): UnitRunner {
  const { provides, peers } = redisInterface;
  const charm = readCharm('redis', {
    modules: {
      'reactive/actions.ts': { default: Actions },
      'reactive/cluster.ts': { default: Cluster },
      'reactive/redis.ts': { default: Redis },
    },
    stock: { leadership: Leadership, apt: Apt },
    options: { apt: { attempts: 1, retry_seconds: 0 }, redis: { settings: [...settings] } },
    interfaces: [provides, peers],
  });
  const runner = new UnitRunner(charm, unit);
  runner.tools.model.isLeader = true;
  runner.relate({ [CLUSTER]: { application: 'redis', units: {} } });
  return runner;
}

/** The id of the relation among peers. */
export const CLUSTER = 'cluster:0';

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

/** What an action answers, and why it failed if it did. */
export async function runAction(
  unit: UnitRunner,
  action: string,
  parameters: Readonly<Record<string, unknown>> = {},
) {
  unit.tools.action = { parameters, results: {}, log: [] };
  await unit.hook({ name: '', action });
  const { results, failure } = unit.tools.action;
  unit.tools.action = undefined;
  return { results, failure };
}
