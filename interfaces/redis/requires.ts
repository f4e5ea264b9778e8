import { Endpoint, type JsonValue, type RelatedUnit, when } from 'charms-reactive';
import { type RedisAddress, readAddress, readReplica } from './redis-address.ts';

/** A redis server on offer: how it is reached, and whose it is. */
export interface RedisServer extends RedisAddress {
  /** The unit that offers it: `redis/0`. */
  readonly unit: string;
  /** The unit's application: `redis`. */
  readonly application: string;
}

/** The side that uses redis servers. `endpoint.<name>.available` is set while there is at least one to write to. */
export class RedisRequires extends Endpoint {
  override registerTriggers(): void {
    this.registerTrigger({ whenNot: 'joined', clearFlag: 'available' });
  }

  /** Before any handler runs, so that none acts on a server that has just left. */
  override manageFlags(): void {
    this.toggleFlag('available', this.servers().length > 0);
  }

  /** Endpoints' handlers run after the charm's, which may wait for `changed` as well. */
  @when('endpoint.{endpoint_name}.changed')
  forgetChange(): void {
    this.clearFlag('changed');
  }

  /**
   * The servers on offer that can be written to, by relation, then by unit number; units with missing or malformed data are
   * left out, and so are replicas. Where an application says which of its units is the primary, and that one offers a server,
   * it is the only one of them: another may have been lost before it could take itself back. While there are replicas alone
   * it is the primary that they name.
   */
  servers(): RedisServer[] {
    return [...this.relations].flatMap((relation) => {
      const all: RedisServer[] = [];
      const own: RedisServer[] = [];
      const first: RedisServer[] = [];
      // One look at each: there may be hundreds.
      for (const unit of relation.joinedUnits) {
        const server = serverOf(unit, readAddress);
        if (!server) continue;
        all.push(server);
        if (readReplica(unit)) continue;
        own.push(server);
        if (isNamed(unit, relation.receivedApp.primary)) first.push(server);
      }
      return [first, own, distinct(all)].find(({ length }) => length > 0) ?? [];
    });
  }

  /** The servers that can be read from only, by relation, then by unit number. */
  replicas(): RedisServer[] {
    return this.allJoinedUnits.flatMap((unit) => serverOf(unit, readReplica) ?? []);
  }

  /** The servers' addresses alone: the reference's method. */
  relationData(): RedisAddress[] {
    return this.servers().map(({ unit, application, ...address }) => address);
  }
}

function serverOf(
  unit: RelatedUnit,
  read: (unit: RelatedUnit) => RedisAddress | undefined,
): RedisServer | undefined {
  const address = read(unit);
  return address && { unit: unit.unitName, application: unit.applicationName, ...address };
}

function distinct(servers: readonly RedisServer[]): RedisServer[] {
  const places = new Map(servers.toReversed().map((server) => [`${server.host} ${server.port}`, server]));
  return servers.filter((server) => places.get(`${server.host} ${server.port}`) === server);
}

/** An application from another model goes by another name here, but its units keep their numbers. */
function isNamed({ unitName }: RelatedUnit, primary: JsonValue | undefined): boolean {
  return typeof primary === 'string' && primary.includes('/') && numberOf(primary) === numberOf(unitName);
}

function numberOf(unit: string): string | undefined {
  return unit.split('/')[1];
}
