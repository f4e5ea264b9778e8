import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { withClient } from './redis-client.ts';
import type { RedisClient } from './redis-connection.ts';

/** A backup that was made. */
export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How long it may take. */
const LIMIT_MILLISECONDS = 30 * 60_000;

const POLL_MILLISECONDS = 100;

/** What redis calls the file in its folder that BGSAVE writes. */
const SNAPSHOT = 'dump.rdb';

/** All that redis may keep its data in. */
const DATA: readonly string[] = ['appendonlydir', 'appendonly.aof', SNAPSHOT];

/**
 * Has a server write all of its data into a file, and puts that where it is wanted, readable for the charm's user alone.
 * @throws Error when the server does not answer or fails to write.
 */
export async function makeBackup(work: {
  readonly address: RedisAddress;
  /** The server's folder. */
  readonly folder: string;
  readonly file: string;
}): Promise<Backup> {
  const { address, folder, file } = work;
  await withClient(address, writeSnapshot);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const [snapshot, draft] = [path.join(folder, SNAPSHOT), `${file}.new`];
  // The copy gets the same mode, from its first byte on.
  chmodSync(snapshot, 0o600);
  copyFileSync(snapshot, draft);
  renameSync(draft, file);
  rmSync(snapshot, { force: true });
  return { file, bytes: statSync(file).size, sha256: await hashFile(file) };
}

/** Keeps a copy of the data of a server that does not run; undefined where it has none. One that is there already stays. */
export function keepData(folder: string, copy: string): string | undefined {
  const data = DATA.filter((name) => existsSync(path.join(folder, name)));
  if (data.length === 0) return undefined;
  if (existsSync(copy)) return copy;
  const draft = `${copy}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  for (const name of data) cpSync(path.join(folder, name), path.join(draft, name), { recursive: true });
  renameSync(draft, copy);
  return copy;
}

/** Redis writes one file at a time: whatever it is about to write is waited for. */
async function writeSnapshot(client: RedisClient): Promise<void> {
  const deadline = Date.now() + LIMIT_MILLISECONDS;
  let isStarted = false;
  for (;;) {
    const { isWriting, isGood } = await readPersistence(client);
    if (isStarted && !isWriting) {
      if (isGood) return;
      throw new Error('redis could not write the file; its log says why');
    }
    if (Date.now() > deadline) throw new Error('redis did not end in time');
    isStarted ||= await start(client);
    await setTimeout(POLL_MILLISECONDS);
  }
}

async function start(client: RedisClient): Promise<boolean> {
  try {
    await client.sendCommand(['BGSAVE']);
    return true;
  } catch (error) {
    if (error instanceof Error && /in progress/.test(error.message)) return false;
    throw error;
  }
}

async function readPersistence(client: RedisClient) {
  const info = String(await client.sendCommand(['INFO', 'persistence']));
  return {
    isWriting: /^rdb_bgsave_in_progress:1/m.test(info),
    isGood: /^rdb_last_bgsave_status:ok/m.test(info),
  };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
