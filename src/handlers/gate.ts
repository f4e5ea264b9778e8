/** How a round began, for what decides from it whether a handler may run. */
export interface RoundFacts {
  /** 0 for the handlers that wait for the hook itself, then the rounds of those that wait for flags, from 1. */
  readonly round: number;
  /** The flags that changed in the round before; in round 1, in the hook so far. */
  readonly changed: ReadonlySet<string>;
}

/**
 * A condition that is not about flags: it is asked each round, after the handler's flags were found to hold.
 *
 * Asking must change nothing that counts: a gate is asked again when the queue is tested again, and by a handler that then
 * does not run. What has to be remembered is remembered in `ran`.
 */
export interface Gate {
  isOpen(facts: RoundFacts): boolean;
  /** The handler ran to its end. */
  ran?(): void;
}
