import { type Cause, describeEdge, type FlagEdge } from './cause.ts';
import type { EdgeEffects, TriggerTable } from './triggers.ts';

/** Triggers that chase each other without end. */
export class TriggerLoopError extends Error {
  override readonly name = 'TriggerLoopError';
  /** The edges that follow each other, the first repeated at the end. */
  readonly edges: readonly FlagEdge[];
  constructor(edges: readonly FlagEdge[]) {
    super(
      `cannot settle triggers: they go round: ${edges.map(describeEdge).join(', ')}; take one of them out`,
    );
    this.edges = edges;
  }
}

/** What triggers act on. */
export interface CascadeHost {
  readonly triggers: TriggerTable;
  /** Makes a cause the cause of every change from now on; the answer puts the former one back. */
  readonly enter: (cause: Cause) => () => void;
  readonly causeNow: () => Cause;
  /** Equal while the same flags are set. */
  readonly flagsNow: () => string;
  /** Sets or clears a flag and tells of it; undefined where it stood so already. */
  readonly apply: (edge: FlagEdge) => FlagEdge | undefined;
}

/** The triggers of one edge, being fired. */
interface Firing {
  readonly edge: FlagEdge;
  /** The flags when it began. */
  readonly flags: string;
  readonly effects: readonly (FlagEdge | (() => void))[];
  done: number;
  readonly leave: () => void;
}

/**
 * Fires the triggers of an edge and those of what they change, depth first, before the caller goes on:
 *
 *     +a ─┬─ set b ─── +b ─── set c          +a, +b, +c, then -d
 *         └─ clear d ─ -d
 *
 * What is under way stands in a list of its own, not on the language's stack, so that a chain may be of any length.
 */
export class TriggerCascade {
  readonly #host: CascadeHost;
  readonly #firing: Firing[] = [];

  constructor(host: CascadeHost) {
    this.#host = host;
  }

  /**
   * Fires what waits for an edge that just happened; with `callbacksOnly`, its callbacks alone.
   * @throws TriggerLoopError when triggers come back to where they were; whatever a callback throws.
   */
  fire(edge: FlagEdge, options: { readonly callbacksOnly?: boolean } = {}): void {
    const base = this.#firing.length;
    try {
      this.#begin(edge, options.callbacksOnly ?? false);
      while (this.#firing.length > base) this.#step(this.#firing.at(-1) as Firing);
    } finally {
      while (this.#firing.length > base) this.#firing.pop()?.leave();
    }
  }

  #begin(edge: FlagEdge, callbacksOnly: boolean): void {
    const found = this.#host.triggers.effectsOf(edge);
    if (!found) return;
    this.#refuseLoop(edge);
    const leave = this.#host.enter({ kind: 'trigger', change: edge, because: this.#host.causeNow() });
    const effects = callbacksOnly ? found.callbacks : listEffects(found);
    this.#firing.push({ edge, flags: this.#host.flagsNow(), effects, done: 0, leave });
  }

  #step(firing: Firing): void {
    const effect = firing.effects[firing.done];
    firing.done += 1;
    if (!effect) {
      this.#firing.pop();
      firing.leave();
    } else if (typeof effect === 'function') effect();
    else {
      const edge = this.#host.apply(effect);
      if (edge) this.#begin(edge, false);
    }
  }

  /**
   * The same edge among the same flags, while the first is still being dealt with, can only come round again; except
   * through a callback, which may be counting.
   */
  #refuseLoop(edge: FlagEdge): void {
    const flags = this.#host.flagsNow();
    const isSame = (earlier: Firing): boolean =>
      earlier.edge.flag === edge.flag && earlier.edge.to === edge.to && earlier.flags === flags;
    const start = this.#firing.findIndex(isSame);
    if (start < 0) return;
    const circle = this.#firing.slice(start);
    const isCounting = circle.some(({ effects, done }) => typeof effects[done - 1] === 'function');
    if (isCounting && circle.filter(isSame).length < MAX_RETURNS) return;
    const last = this.#firing.slice(this.#firing.findLastIndex(isSame));
    throw new TriggerLoopError([...last.map((firing) => firing.edge), edge]);
  }
}

/** How often callbacks may bring the same flags back: each time is a few calls deeper on the language's stack. */
const MAX_RETURNS = 100;

function listEffects({ setFlags, clearFlags, callbacks }: EdgeEffects): (FlagEdge | (() => void))[] {
  return [
    ...setFlags.map((flag): FlagEdge => ({ flag, to: 'set' })),
    ...clearFlags.map((flag): FlagEdge => ({ flag, to: 'clear' })),
    ...callbacks,
  ];
}
