import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { hook, Layer, when, whenNot } from 'charms-reactive';
import { RedisProvides } from 'charms-reactive/interfaces/redis/provides';
import { choosePort, openOnly } from 'charms-reactive/layers/basic/lib/ports';
import { findRedisServer, installRedisServer, readVersion } from '../lib/redis-package.ts';
import { isMemorySize, RedisServer, type RedisSettings } from '../lib/redis-server.ts';

/**
 * Runs a redis server on the unit and tells related applications where it is.
 *
 *     redis.installed   there is a redis-server to run
 *     redis.ready       it runs, as the configuration says
 *     redis.stopping    for the hooks in which the unit goes: nothing is started any more
 */
export default class Redis extends Layer {
  readonly #server = new RedisServer(path.join(this.unit.hook.charmDir, '.redis'));

  override registerTriggers(): void {
    this.unit.flags.registerTrigger({ when: 'config.changed', clearFlag: 'redis.ready' });
  }

  /** A machine that was restarted comes back by `start`, a new address by `config-changed`. */
  @hook('start', 'config-changed', 'update-status')
  async check(): Promise<void> {
    const { flags, log } = this.unit;
    if (!flags.isSet('redis.ready') || (await this.#server.answers(this.#settings()))) return;
    log.warning('the redis server does not answer; it is started again');
    flags.clear('redis.ready');
  }

  @whenNot('redis.installed', 'redis.stopping')
  async install(): Promise<void> {
    const { config, flags, status } = this.unit;
    if (!findRedisServer() && config.boolean('install')) {
      status.maintenance('installing redis-server');
      try {
        await installRedisServer();
      } catch (error) {
        return this.#block(error instanceof Error ? error.message : String(error));
      }
    }
    const program = findRedisServer();
    if (!program) return this.#block('redis-server is not installed');
    this.unit.setApplicationVersion(await readVersion(program));
    flags.set('redis.installed');
  }

  @when('redis.installed')
  @whenNot('redis.ready', 'redis.stopping')
  async serve(): Promise<void> {
    const { config, flags, kv, ports, status } = this.unit;
    const program = findRedisServer();
    if (!program) return flags.clear('redis.installed');
    const { host, port: stored, password, maxmemory } = this.#settings();
    if (maxmemory !== '' && !isMemorySize(maxmemory)) {
      return status.blocked(`maxmemory "${maxmemory}" is no size: give one such as 64mb`);
    }
    const configured = config.number('port');
    // A hook that was killed after it had started the server has left no other word of it.
    const kept = this.#server.heldPort ?? stored;
    const port = await choosePort({ host, configured, kept, isRunning: this.#server.isRunning });
    if (port === undefined) {
      return status.blocked(`port ${configured} cannot be used: choose another one, or 0 for any`);
    }
    kv.set('redis.password', password);
    kv.set('redis.port', port);
    await this.#run(program, { host, port, password, maxmemory });
    openOnly(ports, port);
    flags.set('redis.ready');
    status.active(`serving on ${host}:${port}`);
  }

  @when('redis.ready', 'endpoint.db.joined')
  publish(): void {
    const { port, password } = this.#settings();
    this.#db.configure({ host: this.unit.ingressAddress('db'), port, password });
  }

  @hook('stop', 'remove')
  async stop(): Promise<void> {
    const { flags, ports, status } = this.unit;
    flags.setForHook('redis.stopping');
    flags.clear('redis.ready');
    await this.#server.stop();
    openOnly(ports, 0);
    status.maintenance('stopped');
  }

  get #db(): RedisProvides {
    return this.unit.endpoint('db', RedisProvides);
  }

  /** What the server is to be like; with port 0 and a new password until it first ran. */
  #settings(): RedisSettings {
    const { config, kv } = this.unit;
    return {
      host: this.unit.bindAddress('db'),
      port: Number(kv.get('redis.port', 0)),
      password: String(kv.get('redis.password', randomBytes(24).toString('base64url'))),
      maxmemory: config.string('maxmemory'),
    };
  }

  async #run(program: string, settings: RedisSettings): Promise<void> {
    if (await this.#server.answers(settings)) return this.#server.limitMemory(settings);
    this.unit.status.maintenance('starting redis-server');
    await this.#server.start(program, settings);
  }

  /** Says why there can be no server, and tells related applications so. */
  async #block(why: string): Promise<void> {
    await this.#server.stop();
    this.#db.withdraw();
    this.unit.status.blocked(why);
  }
}
