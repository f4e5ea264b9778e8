import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';

/** How long a server may take to answer before it counts as hung. */
const PATIENCE_MILLISECONDS = 2_000;

/** Uses a connection to a server, and lets go of it. @throws Error when there is none, or what `use` throws. */
export async function withClient<T>(
  address: RedisAddress,
  use: (client: RedisClient) => Promise<T>,
): Promise<T> {
  const client = await connect(address);
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

/** A connection to a server. */
export type RedisClient = Awaited<ReturnType<typeof connect>>;

async function connect({ host, port, password }: RedisAddress) {
  // Loaded here, since every hook would pay for it at the top.
  const { createClient } = await import('@redis/client');
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
