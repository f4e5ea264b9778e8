import path from 'node:path';
import type { Unit } from 'charms-reactive';
import { keepData } from './backup.ts';
import type { ClusterRole } from './cluster-role.ts';
import type { RedisSettings } from './redis-settings.ts';
import type { RedisUnit } from './redis-unit.ts';
import { isPrimary, takeOver } from './takeover.ts';

/** How long a hook waits for a replica to get all data; what takes longer goes on without it. */
const COPY_MILLISECONDS = 10_000;

/** What a server is run with. */
interface RoleWork {
  readonly unit: Unit;
  readonly redis: RedisUnit;
  /** The server's program. */
  readonly program: string;
  readonly role: ClusterRole;
  readonly settings: RedisSettings;
}

/**
 * Sees to it that the unit's server runs in its role: as the primary, once it has what the primary before it had, or as a
 * replica.
 * @throws Error, with the end of its log, when it does not come up.
 */
export async function runInRole(work: RoleWork): Promise<void> {
  const { unit, redis, role } = work;
  if (!redis.server.isRunning) unit.status.maintenance('starting redis-server');
  if (role.kind === 'primary') await runAsPrimary(work, role);
  else await runAsReplica(work);
  unit.kv.set('redis.is_primary', role.kind === 'primary');
  unit.kv.unset('redis.password');
}

/** It takes over once for each decision: later, whoever answers where its predecessor was is somebody else. */
async function runAsPrimary(
  { unit, redis, program, settings }: RoleWork,
  { term, predecessor: place }: Extract<ClusterRole, { kind: 'primary' }>,
): Promise<void> {
  const { kv, log } = unit;
  const predecessor = place && { ...place, password: settings.password };
  if (predecessor && kv.get('redis.term') !== term && (await isPrimary(predecessor))) {
    await redis.server.run(program, { ...settings, primary: place });
    const announced = { host: settings.announced, port: settings.port };
    const fault = await takeOver({ server: redis.server, predecessor, announced });
    if (fault) log.warning(`cannot take over from ${predecessor.host}:${predecessor.port}: ${fault}`);
  }
  await redis.server.run(program, settings);
  kv.set('redis.term', term);
}

async function runAsReplica({ unit, redis, program, settings }: RoleWork): Promise<void> {
  const { kv, log } = unit;
  // Earlier revisions of the charm kept data of each unit's own, which a replica gives up.
  if (kv.get('redis.password') !== null) {
    await redis.server.stop();
    const copy = keepData(redis.folder, path.join(redis.folder, 'backups', 'before-replication'));
    if (copy) log.warning(`this unit's own data gives way to the primary's; a copy is in "${copy}"`);
  }
  await redis.server.run(program, settings);
  await redis.server.waitUntil(({ isInSync }) => isInSync, COPY_MILLISECONDS);
}
