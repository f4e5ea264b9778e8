import type { PrimaryDecision, RedisPeers } from 'charms-reactive/interfaces/redis/peers';
import type { Place } from './replication.ts';

/** What a unit is to be. */
export type ClusterRole =
  | { readonly kind: 'primary'; readonly term: number; readonly predecessor: Place | undefined }
  | {
      readonly kind: 'replica';
      readonly primary: string;
      readonly place: Place;
      /** Where clients reach the primary. */
      readonly clientPlace: Place;
    };

/**
 * What the application says that a unit is to be. Undefined as long as nobody is chosen, and until who is chosen says that it is
 * the primary now: before that, the one before it may still take writes, and must not be made to forget them.
 */
export function readRole(peers: RedisPeers, unit: string): ClusterRole | undefined {
  const { decision } = peers;
  if (!decision) return undefined;
  const { primary, term, predecessor } = decision;
  if (primary === unit) return { kind: 'primary', term, predecessor };
  const member = peers.members().find((one) => one.unit === primary);
  if (member?.term !== term) return undefined;
  const { host, port, clientHost = host } = member;
  return { kind: 'replica', primary, place: { host, port }, clientPlace: { host: clientHost, port } };
}

/** Whether who was chosen is the primary by now, as far as its peers can tell. */
export function isSettled(peers: RedisPeers, { primary, term }: PrimaryDecision): boolean {
  return peers.members().some((member) => member.unit === primary && member.term === term);
}
