import { Endpoint, type JsonValue, type Relation, when } from 'charms-reactive';

/** What one unit asks for: locks, to when it asked, as `2026-01-02 03:04:05.678000Z`. */
export type LockRequests = Readonly<Record<string, string>>;

/** The units of an application among themselves, each with the locks that it asks its leader for. */
export class CoordinatorPeers extends Endpoint {
  @when('endpoint.{endpoint_name}.changed')
  forgetChange(): void {
    this.clearFlag('changed');
    this.clearFlag('changed.coordinator');
  }

  /** Whether there is a relation to publish in; there is none yet in a unit's very first hooks, nor any more in its last. */
  get isThere(): boolean {
    return this.#peers !== undefined;
  }

  /** What each of the other units that are there asks for, and this one, as far as it is published. */
  requests(): Record<string, LockRequests> {
    const peers = this.#peers;
    if (!peers) return {};
    const others = [...peers.joinedUnits].map(
      ({ unitName, received }) => [unitName, received.coordinator] as const,
    );
    const all = [...others, [this.hook.unit, peers.toPublish.coordinator] as const];
    return Object.fromEntries(all.map(([unit, value]) => [unit, readRequests(value)]));
  }

  /** Publishes what this unit asks for from now on. */
  publish(requests: LockRequests): void {
    const peers = this.#peers;
    if (!peers || (Object.keys(requests).length === 0 && !('coordinator' in peers.toPublish))) return;
    peers.toPublish.coordinator = { ...requests };
  }

  /** It is not among `relations` in the hook in which the last of the others leaves. */
  get #peers(): Relation | undefined {
    const { name, relation } = this.hook;
    const isBroken = name.endsWith('-relation-broken') && relation?.endpoint === this.endpointName;
    const [id] = isBroken ? [] : this.tools.relationIds(this.endpointName);
    return id === undefined ? undefined : this.relation(id);
  }
}

/** What another unit wrote is not trusted: whatever is no request is left out. */
function readRequests(value: JsonValue | undefined): LockRequests {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
