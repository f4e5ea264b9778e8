import type { CharmDefinition, InterfaceModule, LayerModule } from 'charms-reactive';
import { readMetadata } from 'charms-reactive/testing';
import * as peers from '../../../interfaces/redis/peers.ts';
import * as provides from '../../../interfaces/redis/provides.ts';
import * as requires from '../../../interfaces/redis/requires.ts';

/** The interface's role files, as a bundle brings them. */
export const redisInterface: Readonly<Record<'provides' | 'requires' | 'peers', InterfaceModule>> = {
  provides: { role: 'provides', interface: 'redis', file: 'interfaces/redis/provides.ts', exports: provides },
  requires: { role: 'requires', interface: 'redis', file: 'interfaces/redis/requires.ts', exports: requires },
  peers: { role: 'peers', interface: 'redis', file: 'interfaces/redis/peers.ts', exports: peers },
};

/** A charm with the endpoint `redis` on one side of the interface, and the handlers of one file. */
export function charmOf(
  role: keyof typeof redisInterface,
  exports: LayerModule['exports'] = {},
): CharmDefinition {
  const metadata = { name: 'app', summary: 's', description: 'd', [role]: { redis: { interface: 'redis' } } };
  return {
    metadata: readMetadata(metadata, 'metadata.yaml'),
    layers: [{ name: 'app', file: 'reactive/app.ts', exports }],
    interfaces: [redisInterface[role]],
  };
}
