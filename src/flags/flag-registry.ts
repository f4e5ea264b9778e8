import { compareCodePoints, type JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import { type Cause, describeEdge, type FlagChange, type FlagEdge } from './cause.ts';
import { assertFlagName, FLAG_PREFIX } from './flag-name.ts';
import { SetFingerprint } from './set-fingerprint.ts';
import { type EdgeEffects, type Trigger, TriggerTable } from './triggers.ts';

/** The flags as handlers see and change them. */
export interface Flags {
  /** Sets a flag, with its triggers, at once. `value` (null unless given) is stored with it. */
  set(flag: string, value?: JsonValue): void;
  /** Clears a flag, with its triggers, at once; one that is not set is fine. */
  clear(flag: string): void;
  /** Sets or clears a flag by `on`. */
  toggle(flag: string, on: boolean): void;
  /** Sets a flag until this hook ends: it is never stored, whatever happens to it later in the hook. */
  setForHook(flag: string): void;
  isSet(flag: string): boolean;
  /** Whether every one of the flags is set; true of none. */
  areAllSet(...flags: string[]): boolean;
  /** Whether one of the flags is set; false of none. */
  isAnySet(...flags: string[]): boolean;
  /** Those of `flags` that are not set, each once, sorted. */
  unset(...flags: string[]): string[];
  /** Every flag that is set, sorted by code point. */
  list(): string[];
  /** The value a flag was set with; undefined when it is not set. */
  value(flag: string): JsonValue | undefined;
  /**
   * Sets or clears a flag, or calls back, whenever another flag is set or cleared, before anything else happens.
   * A trigger lasts as long as this process: register it where the charm's code is loaded.
   * @throws TypeError unless it waits for exactly one flag and has something to do.
   */
  registerTrigger(trigger: Trigger): void;
}

/** Told about each call that may change what matches. */
export interface FlagListener {
  /** A flag really changed. */
  changed?(change: FlagChange): void;
  /** `clear` was called, whether the flag was set or not. */
  clearCalled?(): void;
}

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

/**
 * The flags of one hook, read from the store once, kept in memory, written back by `save`.
 *
 * A change is an edge (clear to set, or back). Its triggers fire at once, depth first, before the caller goes on, as in
 * the reference. Each change carries its cause.
 */
export class FlagRegistry implements Flags {
  readonly #store: UnitData;
  readonly #flags: Map<string, JsonValue>;
  readonly #unsaved = new Set<string>();
  readonly #forHook = new Set<string>();
  readonly #triggers = new TriggerTable();
  readonly #listeners = new Set<FlagListener>();
  readonly #active: { readonly edge: FlagEdge; readonly flags: ReadonlySet<string> }[] = [];
  readonly #fingerprint = new SetFingerprint();
  #cause: Cause = { kind: 'unknown' };

  constructor(store: UnitData) {
    this.#store = store;
    this.#flags = new Map(Object.entries(store.getRange(FLAG_PREFIX, { strip: true })));
    for (const flag of this.#flags.keys()) this.#fingerprint.flip(flag);
  }

  set(flag: string, value: JsonValue = null): void {
    assertFlagName(flag);
    const isNew = !this.#flags.has(flag);
    this.#flags.set(flag, value);
    this.#unsaved.add(flag);
    if (isNew) this.#changed({ flag, to: 'set' });
  }

  clear(flag: string): void {
    assertFlagName(flag);
    const wasSet = this.#flags.delete(flag);
    for (const listener of this.#listeners) listener.clearCalled?.();
    if (!wasSet) return;
    this.#unsaved.add(flag);
    this.#changed({ flag, to: 'clear' });
  }

  toggle(flag: string, on: boolean): void {
    if (on) this.set(flag);
    else this.clear(flag);
  }

  setForHook(flag: string): void {
    assertFlagName(flag);
    this.#forHook.add(flag);
    this.set(flag);
  }

  isSet(flag: string): boolean {
    return this.#flags.has(flag);
  }

  areAllSet(...flags: string[]): boolean {
    return flags.every((flag) => this.#flags.has(flag));
  }

  isAnySet(...flags: string[]): boolean {
    return flags.some((flag) => this.#flags.has(flag));
  }

  unset(...flags: string[]): string[] {
    return [...new Set(flags)].filter((flag) => !this.#flags.has(flag)).sort(compareCodePoints);
  }

  list(): string[] {
    return [...this.#flags.keys()].sort(compareCodePoints);
  }

  value(flag: string): JsonValue | undefined {
    return this.#flags.get(flag);
  }

  /** Whether some set flag satisfies a predicate; for conditions with wildcards. */
  some(matches: (flag: string) => boolean): boolean {
    for (const flag of this.#flags.keys()) if (matches(flag)) return true;
    return false;
  }

  /** Equal for equal sets of flags and, but for a chance of 1 in 2^64, for no others. Costs nothing to ask. */
  get fingerprint(): string {
    return this.#fingerprint.text;
  }

  registerTrigger(trigger: Trigger): void {
    this.#triggers.register(trigger);
  }

  forgetTriggers(): void {
    this.#triggers.clear();
  }

  /** Marks flags that live no longer than this hook, set or not: whatever becomes of them, `save` drops them. */
  keepForHookOnly(flags: Iterable<string>): void {
    for (const flag of flags) this.#forHook.add(flag);
  }

  /** Makes `cause` the cause of every change from now on; the answer puts the former one back. */
  enter(cause: Cause): () => void {
    const former = this.#cause;
    this.#cause = cause;
    return () => {
      this.#cause = former;
    };
  }

  listen(listener: FlagListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what changed into the store; flags that live for one hook are taken out of it. */
  save(): void {
    for (const flag of new Set([...this.#unsaved, ...this.#forHook])) {
      const value = this.#flags.get(flag);
      if (value === undefined || this.#forHook.has(flag)) this.#store.unset(FLAG_PREFIX + flag);
      else this.#store.set(FLAG_PREFIX + flag, value);
    }
    this.#unsaved.clear();
  }

  #changed(edge: FlagEdge): void {
    this.#fingerprint.flip(edge.flag);
    const change: FlagChange = { ...edge, cause: this.#cause };
    for (const listener of this.#listeners) listener.changed?.(change);
    const effects = this.#triggers.effectsOf(edge);
    if (effects) this.#fire(edge, effects);
  }

  #fire(edge: FlagEdge, effects: EdgeEffects): void {
    this.#refuseLoop(edge);
    this.#active.push({ edge, flags: new Set(this.#flags.keys()) });
    const leave = this.enter({ kind: 'trigger', change: edge, because: this.#cause });
    try {
      for (const flag of effects.setFlags) this.set(flag);
      for (const flag of effects.clearFlags) this.clear(flag);
      for (const callback of effects.callbacks) callback();
    } finally {
      leave();
      this.#active.pop();
    }
  }

  /** The same edge among the same flags, while the first is still being dealt with, can only come round again. */
  #refuseLoop(edge: FlagEdge): void {
    const start = this.#active.findIndex(
      (earlier) =>
        earlier.edge.flag === edge.flag &&
        earlier.edge.to === edge.to &&
        earlier.flags.size === this.#flags.size &&
        [...earlier.flags].every((flag) => this.#flags.has(flag)),
    );
    if (start >= 0) throw new TriggerLoopError([...this.#active.slice(start).map(({ edge: e }) => e), edge]);
  }
}
