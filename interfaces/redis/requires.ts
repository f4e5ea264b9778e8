import { Endpoint, when } from 'charms-reactive';
import { type RedisAddress, readAddress } from './redis-address.ts';

/** A redis server on offer: how it is reached, and whose it is. */
export interface RedisServer extends RedisAddress {
  /** The unit that offers it: `redis/0`. */
  readonly unit: string;
  /** The unit's application: `redis`. */
  readonly application: string;
}

/** The side that uses redis servers. `endpoint.<name>.available` is set while there is at least one. */
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

  /** The servers on offer, by relation, then by unit number; units with missing or malformed data are left out. */
  servers(): RedisServer[] {
    return this.allJoinedUnits.flatMap((unit) => {
      const address = readAddress(unit);
      return address ? [{ unit: unit.unitName, application: unit.applicationName, ...address }] : [];
    });
  }

  /** The servers' addresses alone: the reference's method. */
  relationData(): RedisAddress[] {
    return this.servers().map(({ unit, application, ...address }) => address);
  }
}
