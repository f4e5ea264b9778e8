import type { FlagRegistry } from '../flags/flag-registry.ts';
import type { Handler } from '../handlers/handler.ts';

/** Handlers that keep each other going without end. */
export class DispatchLoopError extends Error {
  override readonly name = 'DispatchLoopError';
  /** The handlers that ran since the state was there before, each once, in the order they ran. */
  readonly handlers: readonly string[];
  /** The flags that changed meanwhile, each once. */
  readonly flags: readonly string[];

  constructor(handlers: readonly string[], flags: readonly string[]) {
    const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
    super(
      `cannot settle: the handlers ${quoted(handlers)} go round, changing ${quoted(flags)} again and again; ` +
        'make one of them wait for a flag that the round does not bring back',
    );
    this.handlers = handlers;
    this.flags = flags;
  }
}

/** How often the same flags may come back while unit data goes on changing: a queue worked off item by item does so. */
const MAX_RETURNS = 10_000;

interface Round {
  /** The handlers that ran in it. */
  readonly handlers: string[];
  readonly changed: readonly string[];
}

/**
 * Notices that a dispatch came back to a state it has been in: the same flags, the same changes to act on, the same
 * handlers due. From there it could only do what it did before, unless a handler counts something: a state that comes
 * back with unit data changed is let pass, up to a number of times that no charm's work needs.
 */
export class LoopWatch {
  readonly #work: { readonly flags: FlagRegistry; readonly dataFingerprint: () => string };
  readonly #seen = new Map<string, { readonly round: number; readonly data: Set<string> }>();
  readonly #rounds: Round[] = [];

  constructor(work: { readonly flags: FlagRegistry; readonly dataFingerprint: () => string }) {
    this.#work = work;
  }

  /** @throws DispatchLoopError when the round about to begin is one that was. */
  refuseRepeat(queue: readonly Handler[], changed: ReadonlySet<string>): void {
    const state = [
      this.#work.flags.fingerprint,
      ...[...changed].sort(),
      '',
      ...queue.map(({ id }) => id),
    ].join('\0');
    const data = this.#work.dataFingerprint();
    const earlier = this.#seen.get(state);
    if (earlier && (earlier.data.has(data) || earlier.data.size >= MAX_RETURNS))
      throw this.#loopSince(earlier.round, changed);
    if (earlier) earlier.data.add(data);
    else this.#seen.set(state, { round: this.#rounds.length, data: new Set([data]) });
    this.#rounds.push({ handlers: [], changed: [...changed] });
  }

  /** A handler runs in the round that began last. */
  ran(handler: string): void {
    this.#rounds.at(-1)?.handlers.push(handler);
  }

  #loopSince(start: number, changed: ReadonlySet<string>): DispatchLoopError {
    const handlers = new Set(this.#rounds.slice(start).flatMap((round) => round.handlers));
    const flags = new Set([...this.#rounds.slice(start + 1).flatMap((round) => round.changed), ...changed]);
    return new DispatchLoopError([...handlers], [...flags]);
  }
}
