import type { GrantPolicy } from './grant-policies.ts';

/** Units to locks to when they asked for them. */
export type LocksByUnit = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What became of a lock. */
export type LockEvent = (event: {
  readonly what: 'granted' | 'refused' | 'released';
  readonly lock: string;
  readonly unit: string;
}) => void;

/**
 * Who asks for which lock, and who was granted it. A grant repeats the time of the request: it holds as long as the unit still
 * asks with that very time, so that taking the request back gives the lock back.
 */
export class LockLedger {
  readonly #requests: Map<string, Map<string, string>>;
  readonly #grants: Map<string, Map<string, string>>;
  readonly #policy: GrantPolicy;
  readonly #onEvent: LockEvent;

  constructor(books: {
    readonly requests: LocksByUnit;
    readonly grants: LocksByUnit;
    readonly policy: GrantPolicy;
    readonly onEvent: LockEvent;
  }) {
    this.#requests = toMaps(books.requests);
    this.#grants = toMaps(books.grants);
    this.#policy = books.policy;
    this.#onEvent = books.onEvent;
  }

  get grants(): LocksByUnit {
    return toRecords(this.#grants);
  }

  /** What a unit asks for: locks to times. */
  requestsOf(unit: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#requests.get(unit) ?? []);
  }

  /** Whether a unit holds a lock now. */
  holds(unit: string, lock: string): boolean {
    const asked = this.#requests.get(unit)?.get(lock);
    return asked !== undefined && asked === this.#grants.get(unit)?.get(lock);
  }

  /** Notes that a unit asks for a lock; one that asks already keeps its place. */
  ask(unit: string, lock: string, time: string): void {
    const locks = this.#requests.get(unit) ?? new Map<string, string>();
    this.#requests.set(unit, locks);
    if (!locks.has(lock)) locks.set(lock, time);
  }

  /** Takes back a unit's requests for what it holds. */
  giveBack(unit: string): void {
    for (const lock of Object.keys(this.requestsOf(unit))) {
      if (this.holds(unit, lock)) this.#requests.get(unit)?.delete(lock);
    }
  }

  /** What the leader does: takes in what is no longer asked for, then grants what can be, who asked first going first. */
  settle(): void {
    for (const [unit, locks] of this.#grants) {
      for (const lock of [...locks.keys()].filter((one) => !this.holds(unit, one))) {
        locks.delete(lock);
        this.#onEvent({ what: 'released', lock, unit });
      }
    }
    const waiting = [...this.#requests].flatMap(([unit, locks]) =>
      Array.from(locks, ([lock, time]) => ({ unit, lock, time })),
    );
    for (const { unit, lock } of waiting.sort(byTime)) this.grant(unit, lock);
  }

  /** What the leader does: grants a lock that a unit asks for, if it can be. */
  grant(unit: string, lock: string): boolean {
    const time = this.#requests.get(unit)?.get(lock);
    if (time === undefined) return false;
    if (this.holds(unit, lock)) return true;
    const holders = [...this.#requests.keys()].filter((one) => this.holds(one, lock));
    const queue = [...this.#requests]
      .flatMap(([one, locks]) => {
        const since = locks.get(lock);
        return since === undefined || holders.includes(one) ? [] : [{ unit: one, time: since }];
      })
      .sort(byTime)
      .map((one) => one.unit);
    const isGranted = this.#policy({ lock, unit, holders, queue, grants: this.grants });
    this.#onEvent({ what: isGranted ? 'granted' : 'refused', lock, unit });
    if (!isGranted) return false;
    const locks = this.#grants.get(unit) ?? new Map<string, string>();
    this.#grants.set(unit, locks.set(lock, time));
    return true;
  }
}

/** Of two that asked at one time the lower unit comes first, so that every run is the same. */
function byTime(
  one: { readonly time: string; readonly unit: string },
  other: { readonly time: string; readonly unit: string },
): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1;
  return one.unit.localeCompare(other.unit, 'en', { numeric: true });
}

function toMaps(locks: LocksByUnit): Map<string, Map<string, string>> {
  return new Map(Object.entries(locks).map(([unit, times]) => [unit, new Map(Object.entries(times))]));
}

/** Without units that have none. */
function toRecords(locks: ReadonlyMap<string, ReadonlyMap<string, string>>): LocksByUnit {
  return Object.fromEntries(
    [...locks].flatMap(([unit, times]) => (times.size > 0 ? [[unit, Object.fromEntries(times)]] : [])),
  );
}
