import { Endpoint, type JsonValue, type RelatedUnit, type Relation, when } from 'charms-reactive';
import { assertAddress, isHost, type RedisAddress, readAddress, readPlace } from './redis-address.ts';

/** Another unit of the same application. */
export interface RedisPeer {
  /** `redis/1`. */
  readonly unit: string;
  /** Its address, as Juju tells it. */
  readonly address: string;
}

/** A unit's server, as the unit tells its peers. */
export interface RedisMember {
  /** `redis/1`. */
  readonly unit: string;
  readonly host: string;
  readonly port: number;
  /** The host by which clients reach it, where that is another one. */
  readonly clientHost?: string | undefined;
  /** The decision that made the unit the primary, once it is; absent on a replica. */
  readonly term?: number | undefined;
}

/** What the leader decided: who is the primary. */
export interface PrimaryDecision {
  /** `redis/1`. */
  readonly primary: string;
  /** One more with each decision, so that a unit knows one that is new to it. */
  readonly term: number;
  /** Where the primary before it is, which may still have data that the new one lacks. */
  readonly predecessor?: Pick<RedisAddress, 'host' | 'port'> | undefined;
}

/** The password that all units share: as it is, or the id of the secret that holds it. */
export interface SharedCredentials {
  readonly password?: string | undefined;
  readonly secret?: string | undefined;
}

/**
 * The units of one application among themselves. `endpoint.<name>.peer.joined`, `.peer.changed` and `.peer.departed` say
 * what happened; clearing them is up to the charm, once it has dealt with it.
 */
export class RedisPeers extends Endpoint {
  @when('endpoint.{endpoint_name}.joined')
  peerJoined(): void {
    this.setFlag('peer.joined');
  }

  /** `changed` is cleared, or it would bring `peer.changed` back in every hook. */
  @when('endpoint.{endpoint_name}.changed')
  peerChanged(): void {
    this.setFlag('peer.changed');
    this.clearFlag('changed');
  }

  @when('endpoint.{endpoint_name}.departed')
  peerDeparted(): void {
    this.setFlag('peer.departed');
  }

  /** The other units and their addresses, by unit number; a unit whose address Juju has not told yet is left out. */
  peers(): RedisPeer[] {
    return this.allJoinedUnits.flatMap(({ unitName, receivedRaw }) => {
      const address = receivedRaw['ingress-address'] ?? receivedRaw['private-address'];
      return isHost(address) ? [{ unit: unitName, address }] : [];
    });
  }

  /** Whether there is a relation to publish in; there is none in a unit's very first hooks. */
  get isThere(): boolean {
    return this.#relation !== undefined;
  }

  /** The other units that told where their server is, by unit number; one that leaves in this hook comes last. */
  members(): RedisMember[] {
    const relation = this.#relation;
    if (!relation) return [];
    const { relation: event } = this.hook;
    const leaving = event?.endpoint === this.endpointName ? event.remoteUnit : undefined;
    const units = [...relation.joinedUnits];
    const isListed = leaving === undefined || units.some(({ unitName }) => unitName === leaving);
    return [...units, ...(isListed ? [] : [relation.unit(leaving)])].flatMap(
      (unit) => readMember(unit) ?? [],
    );
  }

  /**
   * Publishes this unit's server for its peers; `term` once it is the primary.
   * @throws TypeError for a host or port that they could not read.
   */
  publish({ host, port, clientHost, term }: Omit<RedisMember, 'unit'>): void {
    assertAddress({ host, port });
    const other = clientHost === host ? undefined : clientHost;
    const relation = this.#relation;
    if (relation) Object.assign(relation.toPublish, { host, port, 'client-host': other, term });
  }

  /** Takes back what `publish` published. */
  withdraw(): void {
    const relation = this.#relation;
    if (!relation) return;
    for (const key of ['host', 'port', 'client-host', 'term']) delete relation.toPublish[key];
  }

  /** What the leader decided; undefined as long as it has not. In the hook that decides, the new decision. */
  get decision(): PrimaryDecision | undefined {
    const { primary, term, predecessor } = this.#relation?.toPublishApp ?? {};
    if (typeof primary !== 'string' || !isTerm(term)) return undefined;
    return { primary, term, predecessor: readPlace(predecessor) };
  }

  /**
   * Decides who is the primary, for all units.
   * @throws NotLeaderError on a unit that does not lead.
   */
  decide({ primary, predecessor }: Omit<PrimaryDecision, 'term'>): void {
    const term = (this.decision?.term ?? 0) + 1;
    const place = predecessor && { host: predecessor.host, port: predecessor.port };
    const relation = this.#relation;
    if (relation) Object.assign(relation.toPublishApp, { primary, term, predecessor: place });
  }

  /** The password that the leader shares; empty as long as it shares none. */
  get credentials(): SharedCredentials {
    const bag = this.#relation?.toPublishApp ?? {};
    return { password: textOf(bag.password), secret: textOf(bag['password-secret']) };
  }

  /**
   * Shares the password with all units.
   * @throws NotLeaderError on a unit that does not lead.
   */
  share({ password, secret }: SharedCredentials): void {
    const relation = this.#relation;
    if (relation) Object.assign(relation.toPublishApp, { password, 'password-secret': secret });
  }

  /** It is not among `relations` in the hook in which the last of the others leaves. */
  get #relation(): Relation | undefined {
    const [id] = this.tools.relationIds(this.endpointName);
    return id === undefined ? undefined : this.relation(id);
  }
}

function readMember(unit: RelatedUnit): RedisMember | undefined {
  const address = readAddress(unit);
  const { term, 'client-host': clientHost } = unit.received;
  return (
    address && {
      unit: unit.unitName,
      host: address.host,
      port: address.port,
      clientHost: isHost(clientHost) ? clientHost : undefined,
      term: isTerm(term) ? term : undefined,
    }
  );
}

function isTerm(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
