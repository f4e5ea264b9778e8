import type { JsonValue, Unit } from 'charms-reactive';
import { CoordinatorPeers } from 'charms-reactive/interfaces/coordinator/peers';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { findPolicy, type GrantPolicy } from './grant-policies.ts';
import { type LockEvent, LockLedger, type LocksByUnit } from './lock-ledger.ts';

type Level = 'debug' | 'info' | 'warning' | 'error';

const LEVELS: readonly string[] = ['debug', 'info', 'warning', 'error'] satisfies Level[];

/** Where requests wait while there is no relation to publish them in. */
const UNPUBLISHED = 'coordinator.requests';

const REQUESTED = 'coordinator.requested.';
const GRANTED = 'coordinator.granted.';

/** The locks of an application's units, in one hook of one of them: get it with `coordinatorOf`. */
export class Coordinator {
  readonly #unit: Unit;
  readonly #options: LayerOptions;
  #policy: GrantPolicy | undefined;
  #ledger: LockLedger | undefined;

  constructor(unit: Unit) {
    this.#unit = unit;
    this.#options = new LayerOptions(unit, 'coordinator');
  }

  /**
   * Asks for a lock, and tells whether it is there. Where it is, `coordinator.granted.<lock>` is set, and it is given back at
   * the end of this hook. Where it is not, `coordinator.requested.<lock>` is set, and a hook to come has it.
   *
   * Guard it: asked for in every hook, locks go round the units without end.
   */
  acquire(lock: string): boolean {
    const { flags, name, isLeader } = this.#unit;
    const ledger = this.#books();
    ledger.ask(name, lock, timestamp());
    // Nobody would tell the leader of its own request.
    const isGranted = ledger.holds(name, lock) || (isLeader && ledger.grant(name, lock));
    flags.set(`${isGranted ? GRANTED : REQUESTED}${lock}`);
    this.#log('debug', `${isGranted ? 'Granted' : 'Requested'} ${lock} lock`);
    return isGranted;
  }

  /** Does something that needs a lock, if it is needed and the lock is there; undefined where it was not done. */
  require<T>(lock: string, isNeeded: () => boolean, act: () => T): T | undefined {
    const isDue = this.isGranted(lock) || isNeeded();
    return isDue && this.acquire(lock) ? act() : undefined;
  }

  /** Whether this unit holds a lock. */
  isGranted(lock: string): boolean {
    return this.#books().holds(this.#unit.name, lock);
  }

  /** Whether this unit asked for a lock and still does, held or not. */
  isRequested(lock: string): boolean {
    return Object.hasOwn(this.#books().requestsOf(this.#unit.name), lock);
  }

  /** Takes another policy than the option `class` names, for the leader; call it in `registerTriggers`. */
  setPolicy(policy: GrantPolicy): void {
    this.#policy = policy;
  }

  /** Brings the books and the flags up to date, before any handler runs. For this layer. */
  start(): void {
    const { flags, name, isLeader } = this.#unit;
    const ledger = this.#books();
    if (isLeader) ledger.settle();
    const requested = Object.keys(ledger.requestsOf(name));
    const held = requested.filter((lock) => ledger.holds(name, lock));
    for (const [prefix, locks] of [
      [REQUESTED, requested],
      [GRANTED, held],
    ] as const) {
      const wanted = locks.map((lock) => prefix + lock);
      const stale = flags.list().filter((flag) => flag.startsWith(prefix) && !wanted.includes(flag));
      for (const flag of stale) flags.clear(flag);
      for (const flag of wanted) flags.set(flag);
    }
  }

  /** Gives back what this unit holds, and says what it asks for, and as leader who holds what. For this layer. */
  finish(): void {
    const { name, isLeader, kv, tools } = this.#unit;
    const ledger = this.#books();
    ledger.giveBack(name);
    if (isLeader) {
      ledger.settle();
      const { grants } = ledger;
      if (JSON.stringify(grants) !== JSON.stringify(this.#readGrants())) {
        tools.leaderSet({ coordinator: JSON.stringify(grants) });
      }
    }
    const requests = ledger.requestsOf(name);
    if (this.#peers.isThere) {
      this.#peers.publish(requests);
      kv.unset(UNPUBLISHED);
    } else if (Object.keys(requests).length > 0) kv.set(UNPUBLISHED, { ...requests });
    else kv.unset(UNPUBLISHED);
  }

  get #peers(): CoordinatorPeers {
    return this.#unit.endpoint('coordinator', CoordinatorPeers);
  }

  #books(): LockLedger {
    this.#ledger ??= this.#openBooks();
    return this.#ledger;
  }

  #openBooks(): LockLedger {
    const { kv, name } = this.#unit;
    const published = this.#peers.requests();
    const own = { ...readLocks(kv.get(UNPUBLISHED)), ...published[name] };
    return new LockLedger({
      requests: { ...published, [name]: own },
      grants: this.#readGrants(),
      policy: this.#policy ?? findPolicy(this.#options.string('class') || 'SimpleCoordinator'),
      onEvent: (event) => this.#note(event),
    });
  }

  #readGrants(): LocksByUnit {
    const { coordinator = '{}' } = this.#unit.tools.leaderGet();
    const grants: unknown = JSON.parse(coordinator);
    if (typeof grants !== 'object' || grants === null) return {};
    return Object.fromEntries(Object.entries(grants).map(([unit, locks]) => [unit, readLocks(locks)]));
  }

  #note({ what, lock, unit }: Parameters<LockEvent>[0]): void {
    const how = { granted: 'Granted', refused: 'Not yet granted', released: 'Taken back' }[what];
    this.#log('info', `${how}: ${lock} lock, unit ${unit}`);
  }

  #log(level: Level, message: string): void {
    const least = LEVELS.indexOf(this.#options.string('log_level').toLowerCase());
    if (LEVELS.indexOf(level) >= least) this.#unit.log[level](`Coordinator: ${message}`);
  }
}

const coordinators = new WeakMap<Unit, Coordinator>();

/** The locks of this unit's application, the same object throughout a hook. */
export function coordinatorOf(unit: Unit): Coordinator {
  const coordinator = coordinators.get(unit) ?? new Coordinator(unit);
  coordinators.set(unit, coordinator);
  return coordinator;
}

function readLocks(value: JsonValue): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** As the reference writes it, to the microsecond; they sort as text. */
function timestamp(): string {
  return new Date().toISOString().replace('T', ' ').replace('Z', '000Z');
}
