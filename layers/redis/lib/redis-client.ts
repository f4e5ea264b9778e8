import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import type { RedisClient } from './redis-connection.ts';

/** Uses a connection to a server, and lets go of it. @throws Error when there is none, or what `use` throws. */
export async function withClient<T>(
  address: RedisAddress,
  use: (client: RedisClient) => Promise<T>,
): Promise<T> {
  // Loaded here, since every hook would pay for redis's client at the top.
  const { connect } = await import('./redis-connection.ts');
  const client = await connect(address);
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
