import { Endpoint } from 'charms-reactive';
import { assertAddress, type RedisAddress } from './redis-address.ts';

/** The side that offers a redis server. It sets no flags beyond the automatic ones. */
export class RedisProvides extends Endpoint {
  /**
   * Publishes this unit's server in every relation. Without a password, one published earlier is withdrawn.
   * @throws TypeError for a host or port that the other side could not read.
   */
  configure({ host, port, password }: RedisAddress): void {
    assertAddress({ host, port });
    for (const { toPublish, toPublishRaw } of this.relations) {
      Object.assign(toPublish, { host, port, password });
      // The ops library redis_k8s reads this key, and no JSON.
      toPublishRaw.hostname = host;
    }
  }

  /** Takes back what `configure` published: there is no server any more. */
  withdraw(): void {
    for (const { toPublish } of this.relations) {
      for (const key of ['host', 'port', 'password', 'hostname']) delete toPublish[key];
    }
  }
}
