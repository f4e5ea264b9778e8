import { setTimeout } from 'node:timers/promises';
import type { Unit } from 'charms-reactive';
import type { PrimaryDecision, RedisMember, RedisPeers } from 'charms-reactive/interfaces/redis/peers';
import { askCandidates, choosePrimary, isHeard } from './primary-choice.ts';
import { askReplication, type Place } from './replication.ts';
import type { SharedPassword } from './shared-password.ts';

/** How often a primary is asked before it counts as lost, and how soon again: it may be about to start anew. */
const ATTEMPTS = 3;
const ATTEMPT_MILLISECONDS = 500;

/**
 * The leader's part: sees to it that the application has a primary, and always the same one, whoever leads, unless it is lost
 * or leaves. Decisions are published; each unit then does its own.
 */
export class PrimaryKeeper {
  readonly #unit: Unit;
  readonly #peers: RedisPeers;
  readonly #shared: SharedPassword;
  /** This unit's own server, as its peers see it. */
  readonly #own: Omit<RedisMember, 'unit'>;

  constructor(
    unit: Unit,
    parts: {
      readonly peers: RedisPeers;
      readonly shared: SharedPassword;
      readonly own: Omit<RedisMember, 'unit'>;
    },
  ) {
    this.#unit = unit;
    this.#peers = parts.peers;
    this.#shared = parts.shared;
    this.#own = parts.own;
  }

  /** Decides anew where that is due. */
  async keep(): Promise<void> {
    const { decision } = this.#peers;
    if (!decision) return this.#isLeaving ? undefined : this.#peers.decide({ primary: this.#unit.name });
    if (decision.primary === this.#unit.name) {
      return this.#isLeaving ? this.#replace(decision, { mustAnswer: false }) : undefined;
    }
    if (this.#isGone(decision.primary)) return this.#replace(decision, { mustAnswer: false });
    if (this.#unit.isHook('update-status') && (await this.#isLost(decision))) {
      return this.#replace(decision, { mustAnswer: true });
    }
  }

  /** Where none of the others has a server, it is this unit; where this one leaves, the primary stays what it is. */
  async #replace(decision: PrimaryDecision, { mustAnswer }: { readonly mustAnswer: boolean }): Promise<void> {
    const { primary } = decision;
    const candidates = await this.#askCandidates(primary);
    const chosen = choosePrimary(candidates.filter(({ state }) => state !== undefined || !mustAnswer));
    const fallback = mustAnswer || this.#isLeaving ? undefined : this.#unit.name;
    const next = chosen ?? fallback;
    if (next === undefined) return;
    this.#unit.log.warning(`${primary} is lost or leaves: ${next} is the primary from now on`);
    this.#peers.decide({ primary: next, predecessor: this.#placeToTakeOverFrom(decision) });
  }

  /** A primary that never came to be one has less than the one before it. */
  #placeToTakeOverFrom({ primary, term, predecessor }: PrimaryDecision): Place | undefined {
    const member = this.#servers.find(({ unit }) => unit === primary);
    return member?.term === term ? member : (predecessor ?? member);
  }

  /** Silent, and to its replicas too: what is only cut off from the leader goes on serving. */
  async #isLost({ primary }: PrimaryDecision): Promise<boolean> {
    const member = this.#servers.find(({ unit }) => unit === primary);
    for (let attempt = 1; member && attempt <= ATTEMPTS; attempt += 1) {
      if (await askReplication({ ...member, password: this.#shared.read() })) return false;
      await setTimeout(ATTEMPT_MILLISECONDS);
    }
    return !isHeard(await this.#askCandidates(primary));
  }

  #askCandidates(primary: string) {
    const others = this.#servers.filter(({ unit }) => unit !== primary && !this.#isGone(unit));
    return askCandidates(others, this.#shared.read());
  }

  /** All servers that are known, this unit's included. */
  get #servers(): RedisMember[] {
    const own = { unit: this.#unit.name, ...this.#own };
    return [...(this.#own.port === 0 ? [] : [own]), ...this.#peers.members()];
  }

  /** Whether a unit is removed, or will be. Juju says so before it tells the other units, or not at all to a new leader. */
  #isGone(unit: string): boolean {
    if (unit === this.#unit.name) return this.#isLeaving;
    const { units } = this.#unit.tools.goalState();
    const status = units[unit]?.status;
    return Object.hasOwn(units, this.#unit.name) && (status === undefined || status === 'dying');
  }

  get #isLeaving(): boolean {
    return this.#unit.hook.relation?.departingUnit === this.#unit.name;
  }
}
