import { hook, Layer, when, whenAny, whenNot } from 'charms-reactive';
import type { ClusterRole } from '../lib/cluster-role.ts';
import { PrimaryKeeper } from '../lib/primary-keeper.ts';
import { RedisUnit } from '../lib/redis-unit.ts';

/** What the units of the application agree on: a password, and which of them is the primary. */
export default class RedisCluster extends Layer {
  readonly #redis = new RedisUnit(this.unit);

  /** The leader decides who is the primary; whatever is decided, each unit sets its own server by it. */
  @when('redis.installed')
  @whenNot('redis.stopping')
  async settleRoles(): Promise<void> {
    const { flags } = this.unit;
    const { peers } = this.#redis;
    if (!peers.isThere) return;
    if (flags.isSet('leadership.is_leader')) await this.#lead();
    const { role } = this.#redis;
    if (!role) return;
    if (this.unit.dataChanged('redis.role', [comparable(role), peers.credentials]))
      flags.clear('redis.ready');
  }

  /** The secret keeps its id when its content is another. */
  @hook('secret-changed')
  usePassword(): void {
    this.unit.flags.clear('redis.ready');
  }

  /** Every hook looks at all that peers say. */
  @whenAny('endpoint.cluster.peer.joined', 'endpoint.cluster.peer.changed', 'endpoint.cluster.peer.departed')
  forgetPeerChanges(): void {
    const { flags } = this.unit;
    const isPassing = (flag: string) => /^endpoint\.cluster\.(peer|changed)\./.test(flag);
    for (const flag of flags.list().filter(isPassing)) flags.clear(flag);
  }

  async #lead(): Promise<void> {
    const { peers, password: shared, place, term } = this.#redis;
    // Earlier revisions of the charm kept a password of each unit's own: this unit's clients know that one.
    const earlier = this.unit.kv.get('redis.password');
    shared.ensure(typeof earlier === 'string' ? earlier : undefined);
    await new PrimaryKeeper(this.unit, { peers, shared, own: { ...place, term } }).keep();
  }
}

/** What has the server set anew when it changes. */
function comparable(role: ClusterRole): ClusterRole {
  return role.kind === 'primary' ? { ...role, predecessor: undefined } : role;
}
