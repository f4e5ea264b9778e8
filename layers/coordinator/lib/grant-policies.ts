import type { LocksByUnit } from './lock-ledger.ts';

/** A unit's turn to be given a lock, or not. */
export interface LockTurn {
  readonly lock: string;
  readonly unit: string;
  /** The units that hold the lock. */
  readonly holders: readonly string[];
  /** The units that wait for it, who asked first coming first; the one in question among them. */
  readonly queue: readonly string[];
  /** Every lock that is granted. */
  readonly grants: LocksByUnit;
}

/** Says whether a unit is given a lock now. It runs on the leader. */
export type GrantPolicy = (turn: LockTurn) => boolean;

/**
 * One unit at a time: who holds a lock is given whatever it asks for, and nobody else anything. Different locks keep tasks
 * apart by name, and never run on two units at once.
 */
export function grantToOneUnit({ unit, queue, grants }: LockTurn): boolean {
  const holders = Object.keys(grants);
  return holders.length > 0 ? holders.includes(unit) : queue[0] === unit;
}

/** One unit at a time for each lock. */
export function grantEachLockOnce({ unit, holders, queue }: LockTurn): boolean {
  return holders.length === 0 && queue[0] === unit;
}

/** The policy that the option `class` names, by the reference's names, with or without their module. @throws Error for others. */
export function findPolicy(name: string): GrantPolicy {
  const policy = POLICIES.get(name.split('.').at(-1) ?? '');
  if (policy) return policy;
  throw new Error(
    `cannot use the coordinator "${name}": there is ${[...POLICIES.keys()].join(' and ')}; for another, set a policy in registerTriggers`,
  );
}

const POLICIES = new Map<string, GrantPolicy>([
  ['SimpleCoordinator', grantToOneUnit],
  ['Serial', grantEachLockOnce],
]);
