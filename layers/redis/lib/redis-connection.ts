import { createClient } from '@redis/client';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';

/** How long a server may take to answer before it counts as hung. */
const PATIENCE_MILLISECONDS = 2_000;

/** A connection to a server. */
export type RedisClient = Awaited<ReturnType<typeof connect>>;

/** Connects to a server; destroy what it gives when done. @throws Error when it does not answer, or refuses. */
export async function connect({ host, port, password }: RedisAddress) {
  const client = createClient({
    ...(password === undefined ? {} : { password }),
    socket: {
      host,
      port,
      connectTimeout: PATIENCE_MILLISECONDS,
      socketTimeout: PATIENCE_MILLISECONDS,
      reconnectStrategy: false,
    },
  });
  // What goes wrong is thrown by the calls as well.
  client.on('error', () => undefined);
  return client.connect();
}
