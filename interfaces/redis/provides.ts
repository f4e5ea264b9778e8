import { Endpoint, type Relation } from 'charms-reactive';
import { assertAddress, type RedisAddress } from './redis-address.ts';

/** The side that offers a redis server. It sets no flags beyond the automatic ones. */
export class RedisProvides extends Endpoint {
  /**
   * Publishes this unit's server in every relation, as one to write to. Without a password, one published earlier is
   * withdrawn.
   * @throws TypeError for a host or port that the other side could not read.
   */
  configure({ host, port, password }: RedisAddress): void {
    assertAddress({ host, port });
    for (const { toPublish, toPublishRaw } of this.relations) {
      publishServer({ toPublish, toPublishRaw }, { host, port, password });
      delete toPublish.replica;
    }
  }

  /**
   * Publishes in every relation where the primary of this unit's server is, for whoever asks any unit, and beside it this
   * unit's server itself: one that can be read from, and refuses to be written to.
   * @throws TypeError for a host or port that the other side could not read.
   */
  configureReplica(replica: Pick<RedisAddress, 'host' | 'port'>, primary: RedisAddress): void {
    assertAddress(replica);
    assertAddress(primary);
    for (const relation of this.relations) {
      publishServer(relation, primary);
      relation.toPublish.replica = { host: replica.host, port: replica.port };
    }
  }

  /**
   * Publishes in every relation which unit is the primary, for the application. It settles whom the other side writes to
   * where a unit that was lost still publishes itself.
   * @throws NotLeaderError on a unit that does not lead.
   */
  announcePrimary(unit: string): void {
    for (const { toPublishApp } of this.relations) {
      if (toPublishApp.primary !== unit) toPublishApp.primary = unit;
    }
  }

  /** Takes back what `configure` or `configureReplica` published: this unit has no server any more. */
  withdraw(): void {
    for (const { toPublish } of this.relations) {
      for (const key of ['host', 'port', 'password', 'hostname', 'replica']) delete toPublish[key];
    }
  }
}

function publishServer(
  { toPublish, toPublishRaw }: Pick<Relation, 'toPublish' | 'toPublishRaw'>,
  { host, port, password }: RedisAddress,
): void {
  Object.assign(toPublish, { host, port, password });
  // The ops library redis_k8s reads this key, and no JSON.
  toPublishRaw.hostname = host;
}
