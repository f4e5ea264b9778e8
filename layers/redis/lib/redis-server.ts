import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Daemon } from 'charms-reactive/layers/basic/lib/daemon';
import { writePrivateFile } from 'charms-reactive/layers/basic/lib/private-file';
import { readVersion } from './redis-package.ts';

/** What the server is to be like. */
export interface RedisSettings {
  /** The address it listens on. */
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** In redis's own way, `64mb`; empty for no limit. */
  readonly maxmemory: string;
}

/** How long the server may take to answer before it counts as hung. */
const PATIENCE_MILLISECONDS = 2_000;

/** A unit's redis server: a process that lives longer than the hook, with its data in a folder of the unit. */
export class RedisServer {
  readonly #folder: string;
  readonly #configFile: string;
  readonly #daemon: Daemon;

  constructor(folder: string) {
    this.#folder = folder;
    this.#configFile = path.join(folder, 'redis.conf');
    this.#daemon = new Daemon({ name: 'redis-server', folder });
  }

  /** Whether its process runs. */
  get isRunning(): boolean {
    return this.#daemon.isRunning;
  }

  /** The port that it was started with; undefined where it does not run. */
  get heldPort(): number | undefined {
    return this.isRunning ? readPort(this.#configFile) : undefined;
  }

  /** Whether it runs, and answers at this address to this password. */
  async answers(settings: RedisSettings): Promise<boolean> {
    if (!this.isRunning) return false;
    return withClient(settings, (client) => client.ping()).then(
      (answer) => answer === 'PONG',
      () => false,
    );
  }

  /** Changes the limit of a server that runs, without a restart. */
  async limitMemory(settings: RedisSettings): Promise<void> {
    await withClient(settings, (client) => client.configSet('maxmemory', settings.maxmemory || '0'));
  }

  /**
   * Starts it and waits until it answers; one that runs is stopped first.
   * @throws Error, with the end of its log, when it does not come up.
   */
  async start(program: string, settings: RedisSettings): Promise<void> {
    const file = this.#configFile;
    const keepsTitle = await canKeepTitle(program);
    writePrivateFile(file, configFile({ folder: this.#folder, settings, keepsTitle }));
    await this.#daemon.start({
      command: program,
      args: [file],
      isReady: () => this.answers(settings),
    });
  }

  /** Stops it; one that does not run is fine. Its data stays. */
  async stop(): Promise<void> {
    await this.#daemon.stop();
  }
}

/** Whether a text says how much memory, in redis's own way. */
export function isMemorySize(text: string): boolean {
  return /^(\d{1,18}|\d{1,9}[kmg]b?)$/i.test(text);
}

/**
 * Redis writes its address over its command line and environment, by which others tell what a hook left running. From
 * 6.2 on it can be told not to; older ones do not start with that option.
 */
async function canKeepTitle(program: string): Promise<boolean> {
  const [major = 0, minor = 0] = (await readVersion(program)).split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}

function configFile(parts: {
  readonly folder: string;
  readonly settings: RedisSettings;
  readonly keepsTitle: boolean;
}): string {
  const { folder, settings, keepsTitle } = parts;
  return [
    `bind ${settings.host}`,
    `port ${settings.port}`,
    `requirepass ${settings.password}`,
    `maxmemory ${settings.maxmemory || '0'}`,
    // Redis unquotes as C does, which for a path is as JSON does.
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'save ""',
    ...(keepsTitle ? ['set-proc-title no'] : []),
    '',
  ].join('\n');
}

function readPort(configFile: string): number | undefined {
  try {
    const port = /^port (\d+)$/m.exec(readFileSync(configFile, 'utf8'))?.[1];
    return port === undefined ? undefined : Number(port);
  } catch {
    return undefined;
  }
}

async function withClient<T>(settings: RedisSettings, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(settings);
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

type Client = Awaited<ReturnType<typeof connect>>;

async function connect({ host, port, password }: RedisSettings) {
  // Loaded here, since every hook would pay for it at the top.
  const { createClient } = await import('@redis/client');
  const client = createClient({
    password,
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
