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
      Object.assign(toPublish, { host, port, password, replica: undefined });
      // The ops library redis_k8s reads this key, and no JSON.
      toPublishRaw.hostname = host;
    }
  }

  /**
   * Publishes this unit's server in every relation, as a replica: one that can be read from, and refuses to be written to.
   * Who knows nothing of replicas takes the unit for one that offers no server.
   * @throws TypeError for a host or port that the other side could not read.
   */
  configureReplica({ host, port, password }: RedisAddress): void {
    assertAddress({ host, port });
    for (const relation of this.relations) {
      withdrawServer(relation);
      Object.assign(relation.toPublish, { replica: { host, port }, password });
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
    for (const relation of this.relations) {
      withdrawServer(relation);
      delete relation.toPublish.replica;
    }
  }
}

function withdrawServer({ toPublish }: Relation): void {
  for (const key of ['host', 'port', 'password', 'hostname']) delete toPublish[key];
}
