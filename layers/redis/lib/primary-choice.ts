import { askReplication, type Replication } from './replication.ts';

/** A unit that may become the primary, and what its server said. */
export interface Candidate {
  readonly unit: string;
  /** Undefined where it did not answer. */
  readonly state: Replication | undefined;
}

/** A replica that heard from its primary so lately proves that it lives; a primary speaks every 10 seconds at least. */
const HEARD_SECONDS = 15;

/**
 * The unit with the newest data; of equals the one that is primary already, then the one with the most keys, then the one with
 * the lowest number. Units whose server does not answer come last. Undefined where there is none at all.
 */
export function choosePrimary(candidates: readonly Candidate[]): string | undefined {
  return [...candidates].sort(compareCandidates)[0]?.unit;
}

/** Whether one of the replicas shows that the primary lives, however it is with our own way to it. */
export function isHeard(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ state }) => (state?.silentSeconds ?? Number.POSITIVE_INFINITY) <= HEARD_SECONDS);
}

/** Asks the servers of units, all at once. */
export async function askCandidates(
  units: readonly { readonly unit: string; readonly host: string; readonly port: number }[],
  password: string | undefined,
): Promise<Candidate[]> {
  return Promise.all(
    units.map(async ({ unit, host, port }) => ({
      unit,
      state: await askReplication({ host, port, password }),
    })),
  );
}

function compareCandidates(one: Candidate, other: Candidate): number {
  return (
    compareDown(one.state ? 1 : 0, other.state ? 1 : 0) ||
    compareDown(one.state?.offset ?? 0, other.state?.offset ?? 0) ||
    compareDown(one.state?.primary ? 0 : 1, other.state?.primary ? 0 : 1) ||
    compareDown(one.state?.keys ?? 0, other.state?.keys ?? 0) ||
    numberOf(one.unit) - numberOf(other.unit)
  );
}

function compareDown(one: number, other: number): number {
  return other - one;
}

function numberOf(unit: string): number {
  return Number(unit.split('/')[1]);
}
