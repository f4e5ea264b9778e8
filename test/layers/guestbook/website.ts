import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import { Entries } from '../../../layers/guestbook/lib/entries.ts';
import { createWebServer } from '../../../layers/guestbook/lib/web-server.ts';
import { makeFolder } from '../folders.ts';

const HOST = '127.0.0.1';
const PASSWORD = 'open sesame';

/** A redis server of the test's own, which ends with it. */
export class PlainRedis {
  readonly address: { readonly host: string; readonly port: number; readonly password: string };
  readonly #folder = makeFolder();
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.address = { host: HOST, port, password: PASSWORD };
    onTestFinished(() => this.kill());
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<void> {
    const { port, password } = this.address;
    const args = ['--bind', HOST, '--port', String(port), '--requirepass', password, '--dir', this.#folder];
    this.#process = spawn('redis-server', [...args, '--appendonly', 'yes'], { stdio: 'ignore' });
    while (!(await this.#answers())) await setTimeout(20);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Runs a command as somebody else would. */
  async run(...command: string[]): Promise<void> {
    const { host, port, password } = this.address;
    const client = createClient({ password, socket: { host, port, reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    await client.sendCommand(command);
    client.destroy();
  }

  async #answers(): Promise<boolean> {
    return this.run('PING').then(
      () => true,
      () => false,
    );
  }
}

/** A redis server that runs. */
export async function startRedis(): Promise<PlainRedis> {
  const redis = new PlainRedis(await findFreePort());
  await redis.start();
  return redis;
}

/** A website over the entries in a redis, in this process; it ends with the test. Gives its base URL. */
export async function startWebsite(redis: PlainRedis, log: string[] = []): Promise<string> {
  const write = (message: string) => void log.push(message);
  const entries = new Entries({ redis: redis.address, key: 'guestbook:entries', shown: 100, log: write });
  await entries.connect();
  const server = createWebServer({ title: 'Guests', entries, log: write });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    entries.close();
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  return `http://${HOST}:${typeof address === 'object' && address ? address.port : 0}`;
}

/** A port that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Sends an entry as JSON. */
export function postEntry(website: string, entry: unknown): Promise<Response> {
  return fetch(`${website}/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof entry === 'string' ? entry : JSON.stringify(entry),
  });
}
