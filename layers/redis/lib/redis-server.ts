import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import { Daemon } from 'charms-reactive/layers/basic/lib/daemon';
import { writePrivateFile } from 'charms-reactive/layers/basic/lib/private-file';
import { withClient } from './redis-client.ts';
import type { RedisClient } from './redis-connection.ts';
import { readVersion } from './redis-package.ts';
import {
  fixedLines,
  liveSettings,
  type RedisSettings,
  readIfThere,
  readOwnAddress,
  writeSettings,
} from './redis-settings.ts';
import { askReplication, isSamePlace, type Replication, readReplication } from './replication.ts';

const POLL_MILLISECONDS = 50;

/** How long writers are held up at most while replicas catch up with a server that stops. */
const DRAIN_MILLISECONDS = 3_000;

/** A unit's redis server: a process that lives longer than the hook, with its data in a folder of the unit. */
export class RedisServer {
  readonly #folder: string;
  readonly #settingsFile: string;
  readonly #daemon: Daemon;

  constructor(folder: string) {
    this.#folder = folder;
    this.#settingsFile = path.join(folder, 'redis.conf');
    this.#daemon = new Daemon({ name: 'redis-server', folder });
  }

  /** Whether its process runs. */
  get isRunning(): boolean {
    return this.#daemon.isRunning;
  }

  /** Where it answers, and to which password, by what it was started with; undefined where it does not run. */
  get address(): RedisAddress | undefined {
    return this.isRunning ? readOwnAddress(this.#settingsFile) : undefined;
  }

  /** What it says of itself; undefined where it does not answer. */
  async ask(): Promise<Replication | undefined> {
    const { address } = this;
    return address && askReplication(address);
  }

  /**
   * Sees to it that it runs with these settings. What can be is changed without a restart.
   * @throws Error, with the end of its log, when it does not come up.
   */
  async run(program: string, settings: RedisSettings): Promise<void> {
    const keepsTitle = await canKeepTitle(program);
    const text = writeSettings(settings, { folder: this.#folder, keepsTitle });
    const isChanged = text !== readIfThere(this.#settingsFile);
    const isKept = this.#isFixedSame(text, settings) && (await this.#change(settings));
    if (isChanged || !isKept) writePrivateFile(this.#settingsFile, text);
    if (!isKept) await this.#start(program);
  }

  /** Waits until it is as a condition says. False when it is not in time. */
  async waitUntil(isSo: (state: Replication) => boolean, milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const state = await this.ask();
      if (state && isSo(state)) return true;
      if (Date.now() > deadline) return false;
      await setTimeout(POLL_MILLISECONDS);
    }
  }

  /** Stops it; one that does not run is fine. Its data stays. Replicas first get what they lack, if that does not take long. */
  async stop(): Promise<void> {
    const { address } = this;
    if (address) await withClient(address, drain).catch(() => undefined);
    await this.#daemon.stop();
  }

  #isFixedSame(text: string, settings: RedisSettings): boolean {
    const live = liveSettings(settings);
    return fixedLines(readIfThere(this.#settingsFile), live) === fixedLines(text, live);
  }

  /** Changes a server that runs. False where it does not, or does not answer. */
  async #change(settings: RedisSettings): Promise<boolean> {
    const { address } = this;
    if (!address) return false;
    const change = (client: RedisClient) => changeLive(client, settings);
    return withClient(address, change).then(
      () => true,
      () => false,
    );
  }

  async #start(program: string): Promise<void> {
    await this.#daemon.start({
      command: program,
      args: [this.#settingsFile],
      isReady: async () => (await this.ask())?.isLoading === false,
    });
  }
}

async function changeLive(client: RedisClient, settings: RedisSettings): Promise<void> {
  const { isLoading, primary: copied } = await readReplication(client);
  if (isLoading) throw new Error('the server still reads its data');
  for (const [name, value] of Object.entries(liveSettings(settings))) {
    await client.sendCommand(['CONFIG', 'SET', name, value]);
  }
  const { primary } = settings;
  if (isSamePlace(copied, primary)) return;
  const [host, port] = primary ? [primary.host, String(primary.port)] : ['NO', 'ONE'];
  await client.sendCommand(['REPLICAOF', host, port]);
}

/** Holds up writers until one replica has everything, so that nothing is lost with this server. */
async function drain(client: RedisClient): Promise<void> {
  const { replicas } = await readReplication(client);
  if (replicas.length === 0) return;
  // They tell how far they are once a second, or at once where they are asked; redis does not ask while it holds up writers.
  await client.sendCommand(['WAIT', '1', '1000']);
  // Redis before 6.2 cannot hold up writers alone: it is then left to luck that there are none.
  await client.sendCommand(['CLIENT', 'PAUSE', String(DRAIN_MILLISECONDS), 'WRITE']).catch(() => undefined);
  const deadline = Date.now() + DRAIN_MILLISECONDS;
  while (Date.now() < deadline) {
    const state = await readReplication(client);
    if (state.replicas.some(({ offset }) => offset >= state.offset)) return;
    await setTimeout(POLL_MILLISECONDS);
  }
}

/**
 * Redis writes its address over its command line and environment, by which others tell what a hook left running. From
 * 6.2 on it can be told not to; older ones do not start with that option.
 */
async function canKeepTitle(program: string): Promise<boolean> {
  const [major = 0, minor = 0] = (await readVersion(program)).split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}
