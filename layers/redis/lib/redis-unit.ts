import path from 'node:path';
import type { Unit } from 'charms-reactive';
import { RedisPeers } from 'charms-reactive/interfaces/redis/peers';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { type ClusterRole, readRole } from './cluster-role.ts';
import { RedisServer } from './redis-server.ts';
import { isMemorySize, MEMORY_POLICIES, type RedisSettings } from './redis-settings.ts';
import type { Place } from './replication.ts';
import { SharedPassword } from './shared-password.ts';

/** What all handlers of the charm know of the unit. */
export class RedisUnit {
  /** The server's folder. */
  readonly folder: string;
  readonly server: RedisServer;
  readonly #unit: Unit;
  #password: SharedPassword | undefined;

  constructor(unit: Unit) {
    this.#unit = unit;
    this.folder = path.join(unit.hook.charmDir, '.redis');
    this.server = new RedisServer(this.folder);
  }

  get peers(): RedisPeers {
    return this.#unit.endpoint('cluster', RedisPeers);
  }

  get password(): SharedPassword {
    this.#password ??= new SharedPassword(this.#unit, this.peers);
    return this.#password;
  }

  /** What the application says that this unit is to be; undefined as long as that is not settled. */
  get role(): ClusterRole | undefined {
    return readRole(this.peers, this.#unit.name);
  }

  /** The decision by which this unit is the primary, as its server was last set; undefined for a replica. */
  get term(): number | undefined {
    const { kv } = this.#unit;
    return kv.get('redis.is_primary') === true ? Number(kv.get('redis.term')) : undefined;
  }

  /** Of the server; 0 until it first ran. */
  get port(): number {
    return Number(this.#unit.kv.get('redis.port', 0));
  }

  /** The addresses that the server listens on. */
  get hosts(): string[] {
    return [...new Set(['db', 'cluster'].map((endpoint) => this.#unit.bindAddress(endpoint)))];
  }

  /** Where peers reach the server. */
  get place(): Place {
    return { host: this.#unit.ingressAddress('cluster'), port: this.port };
  }

  /** What is wrong with the configuration; undefined where nothing is. */
  findFault(): string | undefined {
    const { config } = this.#unit;
    const [maxmemory, policy] = [config.string('maxmemory'), config.string('maxmemory-policy')];
    if (maxmemory !== '' && !isMemorySize(maxmemory)) {
      return `maxmemory "${maxmemory}" is no size: give one such as 64mb`;
    }
    if (MEMORY_POLICIES.includes(policy)) return undefined;
    return `maxmemory-policy "${policy}" is none: give one of ${MEMORY_POLICIES.join(', ')}`;
  }

  /** What the server is to be like, by the configuration. */
  settings({ role, password }: { readonly role: ClusterRole; readonly password: string }): RedisSettings {
    const { config } = this.#unit;
    return {
      hosts: this.hosts,
      port: this.port,
      announced: this.place.host,
      password,
      maxmemory: config.string('maxmemory'),
      maxmemoryPolicy: config.string('maxmemory-policy'),
      primary: role.kind === 'replica' ? role.place : undefined,
      further: new LayerOptions(this.#unit, 'redis').list('settings'),
    };
  }
}
