import { Endpoint, when } from 'charms-reactive';
import { isHost } from './redis-address.ts';

/** Another unit of the same application. */
export interface RedisPeer {
  /** `redis/1`. */
  readonly unit: string;
  /** Its address, as Juju tells it. */
  readonly address: string;
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
}
