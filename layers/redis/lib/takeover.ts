import { setTimeout } from 'node:timers/promises';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { withClient } from './redis-client.ts';
import type { RedisServer } from './redis-server.ts';
import { askReplication, isSamePlace, type Place } from './replication.ts';

/** How long the copy of all data may take. */
const COPY_MILLISECONDS = 60_000;

/** How long writers are held up at most while the new primary gets what it lacks. */
const HAND_OVER_MILLISECONDS = 5_000;

const POLL_MILLISECONDS = 50;

/** Whether a server is there that still takes writes, and so has data that a copy may lack. */
export async function isPrimary(address: RedisAddress): Promise<boolean> {
  const state = await askReplication(address);
  return state !== undefined && state.primary === undefined;
}

/**
 * Has a server that is to be primary take over from the one before it, of which it is a replica: it gets all that one has
 * while that one takes no more writes; then the two change roles, so that nothing that was written is lost. Where that does not
 * work out in time, it is left to the caller to go on without it.
 *
 * @returns why it did not work out; undefined where it did.
 */
export async function takeOver(work: {
  readonly server: RedisServer;
  readonly predecessor: RedisAddress;
  /** Where the predecessor sees the server. */
  readonly announced: Place;
}): Promise<string | undefined> {
  const { server, predecessor, announced } = work;
  const isCopied = await server.waitUntil(
    ({ isInSync, primary }) => isInSync && isSamePlace(primary, predecessor),
    COPY_MILLISECONDS,
  );
  if (!isCopied) return 'its data could not be copied in time';
  try {
    await withClient(predecessor, async (client) => {
      await waitUntilOnline(async () => String(await client.sendCommand(['INFO', 'replication'])), announced);
      const timeout = String(HAND_OVER_MILLISECONDS);
      const target = [announced.host, String(announced.port)];
      await client.sendCommand(['FAILOVER', 'TO', ...target, 'FORCE', 'TIMEOUT', timeout]);
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const isDone = await server.waitUntil(
    ({ primary }) => primary === undefined,
    HAND_OVER_MILLISECONDS + COPY_MILLISECONDS / 10,
  );
  return isDone ? undefined : 'it did not hand over in time';
}

/** A replica that has all data counts as one a moment later, once it said so. */
async function waitUntilOnline(readInfo: () => Promise<string>, { host, port }: Place): Promise<void> {
  const deadline = Date.now() + HAND_OVER_MILLISECONDS;
  const line = `:ip=${host},port=${port},state=online`;
  while (!(await readInfo()).includes(line) && Date.now() < deadline) await setTimeout(POLL_MILLISECONDS);
}
