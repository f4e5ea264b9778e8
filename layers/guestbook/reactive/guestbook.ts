import path from 'node:path';
import { hook, Layer, when, whenNot } from 'charms-reactive';
import { RedisRequires, type RedisServer } from 'charms-reactive/interfaces/redis/requires';
import { Daemon } from 'charms-reactive/layers/basic/lib/daemon';
import { choosePort, openOnly } from 'charms-reactive/layers/basic/lib/ports';
import { writePrivateFile } from 'charms-reactive/layers/basic/lib/private-file';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { makeEntry } from '../lib/entry.ts';
import { type GuestbookSettings, readPort } from '../lib/settings.ts';

/**
 * Serves a guestbook on the web, with its entries in the redis that the charm is related to.
 *
 *     guestbook.serving    the web server runs, with the redis and the configuration of now
 *     guestbook.welcomed   on a leader: the first entry is there
 *     guestbook.stopping   for the hooks in which the unit goes: nothing is started any more
 */
export default class Guestbook extends Layer {
  readonly #folder = path.join(this.unit.hook.charmDir, '.guestbook');
  readonly #settingsFile = path.join(this.#folder, 'settings.json');
  readonly #server = new Daemon({ name: 'guestbook-server', folder: this.#folder });

  override registerTriggers(): void {
    this.unit.flags.registerTrigger({ when: 'config.changed', clearFlag: 'guestbook.serving' });
  }

  /** A machine that was restarted comes back by `start`, a new address by `config-changed`. */
  @hook('start', 'config-changed', 'update-status')
  async check(): Promise<void> {
    const { flags, log } = this.unit;
    if (!flags.isSet('guestbook.serving') || (await isUp(this.#address()))) return;
    log.warning('the web server does not answer; it is started again');
    flags.clear('guestbook.serving');
  }

  /** The new charm brings a new web server. */
  @hook('upgrade-charm')
  renew(): void {
    this.unit.flags.clear('guestbook.serving');
  }

  @whenNot('endpoint.redis.joined')
  needRedis(): void {
    this.unit.status.blocked('needs a relation to redis');
  }

  @when('endpoint.redis.joined')
  @whenNot('endpoint.redis.available')
  awaitRedis(): void {
    this.unit.status.waiting('redis has not said yet where it is');
  }

  @whenNot('endpoint.redis.available')
  async rest(): Promise<void> {
    await this.#end();
  }

  @when('endpoint.redis.available')
  choose(): void {
    const { flags, kv } = this.unit;
    const chosen = this.#redis();
    if (chosen?.application !== this.#keptApplication) flags.clear('guestbook.welcomed');
    kv.set('guestbook.redis', chosen?.application ?? null);
    if (this.unit.dataChanged('guestbook.redis', chosen ?? null)) flags.clear('guestbook.serving');
  }

  /** Every hook looks at all that redis says. */
  @when('endpoint.redis.changed')
  forgetChanges(): void {
    const { flags } = this.unit;
    const changes = flags.list().filter((flag) => flag.startsWith('endpoint.redis.changed.'));
    for (const flag of changes) flags.clear(flag);
  }

  @when('endpoint.redis.available')
  @whenNot('guestbook.serving', 'guestbook.stopping')
  async serve(): Promise<void> {
    const { config, flags, kv, ports, status } = this.unit;
    const redis = this.#redis();
    if (!redis) return;
    const { host, port: stored } = this.#address();
    const kept = this.#heldPort() ?? stored;
    const configured = config.number('port');
    const port = await choosePort({ host, configured, kept, isRunning: this.#server.isRunning });
    if (port === undefined) {
      return status.blocked(`port ${configured} cannot be used: choose another one, or 0 for any`);
    }
    status.maintenance('starting the web server');
    kv.set('guestbook.port', port);
    await this.#start({ host, port, title: config.string('title'), redis, ...this.#listing });
    openOnly(ports, port);
    flags.set('guestbook.serving');
    status.active(`serving on ${urlOf({ host, port })}`);
  }

  /** One unit alone begins the guestbook. Where another one did before it led, nothing is added. */
  @when('leadership.is_leader', 'guestbook.serving')
  @whenNot('guestbook.welcomed')
  async welcome(): Promise<void> {
    const { config, flags, log } = this.unit;
    const redis = this.#redis();
    const message = config.string('welcome');
    if (!redis || message === '') return;
    // Loaded here, since every hook would pay for redis's client at the top.
    const { Entries } = await import('../lib/entries.ts');
    const entries = new Entries({ redis, ...this.#listing, log: (news) => log.debug(news) });
    try {
      await entries.connect();
      await entries.addFirst(makeEntry({ name: config.string('title'), message }));
      flags.set('guestbook.welcomed');
    } catch (error) {
      log.warning(`cannot begin the guestbook: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      entries.close();
    }
  }

  @hook('stop', 'remove')
  async stop(): Promise<void> {
    this.unit.flags.setForHook('guestbook.stopping');
    await this.#end();
  }

  /**
   * Each redis application has entries of its own: the one that was chosen is left only when it is gone. Which of its units
   * is the primary is its own affair.
   */
  #redis(): RedisServer | undefined {
    const servers = this.unit.endpoint('redis', RedisRequires).servers();
    return servers.find(({ application }) => application === this.#keptApplication) ?? servers[0];
  }

  /** Earlier revisions of the charm kept the name of a unit. */
  get #keptApplication(): string | undefined {
    const kept = this.unit.kv.get('guestbook.redis');
    return typeof kept === 'string' ? kept.split('/')[0] : undefined;
  }

  /** What of the entries a charm that includes this layer may choose. */
  get #listing() {
    const options = new LayerOptions(this.unit, 'guestbook');
    return { key: options.string('key') || 'guestbook:entries', shown: options.number('shown') || 100 };
  }

  /** Where the web server is reached; port 0 until it first ran. */
  #address(): Address {
    const { address, kv } = this.unit;
    return { host: address, port: Number(kv.get('guestbook.port', 0)) };
  }

  /** The port of a web server that runs: a hook that was killed after it had started it has left no other word of it. */
  #heldPort(): number | undefined {
    return this.#server.isRunning ? readPort(this.#settingsFile) : undefined;
  }

  async #start(settings: GuestbookSettings): Promise<void> {
    const file = this.#settingsFile;
    writePrivateFile(file, JSON.stringify(settings));
    await this.#server.start({
      command: process.execPath,
      args: [path.join(this.unit.hook.charmDir, 'programs', 'guestbook-server.js'), file],
      isReady: () => isUp(settings),
    });
  }

  async #end(): Promise<void> {
    this.unit.flags.clear('guestbook.serving');
    await this.#server.stop();
    openOnly(this.unit.ports, 0);
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

async function isUp(address: Address): Promise<boolean> {
  const request = fetch(`${urlOf(address)}health`, { signal: AbortSignal.timeout(2_000) });
  return request.then(
    ({ ok }) => ok,
    () => false,
  );
}
