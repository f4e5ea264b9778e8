import { hook, Layer, when, whenNot } from 'charms-reactive';
import { RedisProvides } from 'charms-reactive/interfaces/redis/provides';
import { Apt } from 'charms-reactive/layers/apt/lib/apt';
import { choosePort, openOnly } from 'charms-reactive/layers/basic/lib/ports';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { isSettled } from '../lib/cluster-role.ts';
import { findRedisServer, readVersion } from '../lib/redis-package.ts';
import { RedisUnit } from '../lib/redis-unit.ts';
import { isSamePlace, type Replication } from '../lib/replication.ts';
import { runInRole } from '../lib/server-role.ts';

/**
 * Runs a redis server on the unit, as the primary or as a replica, and tells related applications where it is.
 *
 *     redis.installed   there is a redis-server to run
 *     redis.ready       it runs, as the configuration and the application say
 *     redis.stopping    for the hooks in which the unit goes: nothing is started any more
 */
export default class Redis extends Layer {
  readonly #redis = new RedisUnit(this.unit);
  /** What the server said of itself last in this hook. */
  #state: Replication | undefined;

  override registerTriggers(): void {
    this.unit.flags.registerTrigger({ when: 'config.changed', clearFlag: 'redis.ready' });
  }

  /** A machine that was restarted comes back by `start`, a new address by `config-changed`. */
  @hook('start', 'config-changed', 'update-status')
  async check(): Promise<void> {
    const { flags, log } = this.unit;
    if (!flags.isSet('redis.ready')) return;
    this.#state = await this.#redis.server.ask();
    if (this.#state && this.#isAsWanted(this.#state)) return;
    log.warning(
      this.#state
        ? 'the redis server is not as it should be; it is set anew'
        : 'the redis server does not answer; it is started again',
    );
    flags.clear('redis.ready');
  }

  /** The new charm may set it otherwise. */
  @hook('upgrade-charm')
  renew(): void {
    this.unit.flags.clear('redis.ready');
  }

  @whenNot('redis.installed', 'redis.stopping', 'apt.queued_installs')
  async install(): Promise<void> {
    const { config, flags } = this.unit;
    const name = new LayerOptions(this.unit, 'redis').string('package') || 'redis-server';
    const program = findRedisServer();
    if (!program && config.boolean('install') && !flags.isSet(`apt.installed.${name}`)) {
      return new Apt(this.unit).queueInstall(name, ['--no-install-recommends']);
    }
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
    const fault = this.#redis.findFault();
    if (fault) return status.blocked(fault);
    const [role, password] = [this.#redis.role, this.#redis.password.read()];
    if (!role || password === undefined) return status.waiting(this.#missing());
    const { server, hosts, peers } = this.#redis;
    const configured = config.number('port');
    // A hook that was killed after it had started the server has left no other word of it.
    const kept = server.address?.port ?? this.#redis.port;
    const port = await choosePort({ host: hosts[0] ?? '', configured, kept, isRunning: server.isRunning });
    if (port === undefined) {
      return status.blocked(`port ${configured} cannot be used: choose another one, or 0 for any`);
    }
    kv.set('redis.port', port);
    const settings = this.#redis.settings({ role, password });
    await runInRole({ unit: this.unit, redis: this.#redis, program, role, settings });
    const { place, term } = this.#redis;
    peers.publish({ ...place, clientHost: this.unit.ingressAddress('db'), term });
    openOnly(ports, port);
    flags.set('redis.ready');
    this.#state = await server.ask();
  }

  @when('redis.ready', 'endpoint.db.joined')
  publish(): void {
    const db = this.unit.endpoint('db', RedisProvides);
    const { password, peers, port, role, term } = this.#redis;
    const server = { host: this.unit.ingressAddress('db'), port };
    if (term !== undefined) db.configure({ ...server, password: password.read() });
    // Until another primary is there, the one before it is the one to write to.
    else if (role?.kind === 'replica') {
      db.configureReplica(server, { ...role.clientPlace, password: password.read() });
    }
    const { decision } = peers;
    if (!decision || !this.unit.flags.isSet('leadership.is_leader')) return;
    const isOwn = decision.primary === this.unit.name;
    if (isOwn ? term === decision.term : isSettled(peers, decision)) db.announcePrimary(decision.primary);
  }

  @hook('stop', 'remove')
  async stop(): Promise<void> {
    const { flags, ports, status } = this.unit;
    flags.setForHook('redis.stopping');
    flags.clear('redis.ready');
    await this.#redis.server.stop();
    openOnly(ports, 0);
    status.maintenance('stopped');
  }

  /** Not before: the worst that is said in a hook is heard, and a hook may mend what it found. */
  override atExit(): void {
    if (this.#state && this.unit.flags.isSet('redis.ready')) this.#tell(this.#state);
  }

  #isAsWanted({ primary }: Replication): boolean {
    const { role, server, hosts } = this.#redis;
    if (server.address?.host !== hosts[0]) return false;
    return role === undefined || isSamePlace(primary, role.kind === 'replica' ? role.place : undefined);
  }

  #tell({ isInSync }: Replication): void {
    const { status } = this.unit;
    const { hosts, port, role } = this.#redis;
    const where = `serving on ${hosts[0]}:${port}`;
    if (role?.kind === 'primary') status.active(`${where} as primary`);
    else if (role && isInSync) status.active(`${where} as a replica of ${role.primary}`);
    else if (role) status.waiting(`for the data of ${role.primary}`);
  }

  #missing(): string {
    const { decision, isThere } = this.#redis.peers;
    if (!isThere) return 'for the relation among the units of the application';
    return decision ? `for ${decision.primary} to be the primary` : 'for the leader to choose a primary';
  }

  /** Says why there can be no server, and tells everybody so. */
  async #block(why: string): Promise<void> {
    await this.#redis.server.stop();
    this.unit.endpoint('db', RedisProvides).withdraw();
    this.#redis.peers.withdraw();
    this.unit.status.blocked(why);
  }
}
