import { compareCodePoints, dumpPythonJson, type JsonValue, parsePythonJson } from '../store/python-json.ts';
import { SetFingerprint } from '../store/set-fingerprint.ts';
import type { UnitStore } from '../store/unit-store.ts';
import type { Cause, FlagChange, FlagEdge } from './cause.ts';
import { assertFlagName, FLAG_PREFIX } from './flag-name.ts';
import { TriggerCascade } from './trigger-cascade.ts';
import { type StorableTrigger, type Trigger, TriggerTable } from './triggers.ts';

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

type FlagStore = Pick<UnitStore, 'get' | 'listTexts' | 'set' | 'unset'>;

/** What another process did to a flag in the store; `value` is undefined where it cleared it. */
export interface OutsideChange {
  readonly flag: string;
  readonly value: JsonValue | undefined;
}

/**
 * The flags of one hook, read from the store once, kept in memory, written back by `save`.
 *
 * A change is an edge (clear to set, or back). Its triggers fire at once, depth first, before the caller goes on, as in
 * the reference. Each change carries its cause.
 */
export class FlagRegistry implements Flags {
  readonly #store: FlagStore;
  readonly #flags: Map<string, JsonValue>;
  readonly #unsaved = new Set<string>();
  readonly #forHook = new Set<string>();
  readonly #triggers = new TriggerTable();
  readonly #listeners = new Set<FlagListener>();
  readonly #cascade = new TriggerCascade({
    triggers: this.#triggers,
    enter: (cause) => this.enter(cause),
    causeNow: () => this.#cause,
    flagsNow: () => this.fingerprint,
    apply: ({ flag, to }) => {
      const edge = to === 'set' ? this.#put(flag, null) : this.#take(flag);
      if (edge) this.#note(edge);
      return edge;
    },
  });
  /** Made when it is first asked for. */
  #fingerprint: SetFingerprint | undefined;
  #cause: Cause = { kind: 'unknown' };

  /** @throws Error, naming the key, for a flag whose value in the store is no JSON. */
  constructor(store: FlagStore) {
    this.#store = store;
    this.#flags = new Map();
    for (const { key, data } of store.listTexts(FLAG_PREFIX)) {
      this.#flags.set(key.slice(FLAG_PREFIX.length), data === 'null' ? null : store.get(key));
    }
  }

  set(flag: string, value: JsonValue = null): void {
    const edge = this.#put(flag, value);
    if (edge) this.#changed(edge);
  }

  clear(flag: string): void {
    const edge = this.#take(flag);
    if (edge) this.#changed(edge);
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

  /** Equal for equal sets of flags and, but for a chance of 1 in 2^64, for no others. Costs nothing to ask again. */
  get fingerprint(): string {
    if (!this.#fingerprint) {
      this.#fingerprint = new SetFingerprint();
      for (const flag of this.#flags.keys()) this.#fingerprint.flip(flag);
    }
    return this.#fingerprint.text;
  }

  registerTrigger(trigger: Trigger): void {
    this.#triggers.register(trigger);
  }

  /** What the triggers do that need nothing of this process: callbacks are left out. */
  get storableTriggers(): StorableTrigger[] {
    return this.#triggers.storable;
  }

  forgetTriggers(): void {
    this.#triggers.clear();
  }

  /** Marks flags that live no longer than this hook, set or not: whatever becomes of them, `save` drops them. */
  keepForHookOnly(flags: Iterable<string>): void {
    for (const flag of flags) this.#forHook.add(flag);
  }

  /** What makes the changes that come now. */
  get cause(): Cause {
    return this.#cause;
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

  /** Writes what changed into the store for other processes to see, flags that live for one hook among them. */
  share(): void {
    for (const flag of this.#unsaved) {
      const value = this.#flags.get(flag);
      if (value === undefined) this.#store.unset(FLAG_PREFIX + flag);
      else this.#store.set(FLAG_PREFIX + flag, value);
    }
    this.#unsaved.clear();
  }

  /**
   * Takes over what another process did in the store since `share`, in its order. Listeners are told of each change, with
   * the cause that holds here. Setting and clearing what triggers name was that process's; their callbacks are called here.
   */
  adopt(changes: readonly OutsideChange[]): void {
    const edges = changes.flatMap(({ flag, value }) => this.#adoptOne(flag, value));
    for (const edge of edges) this.#cascade.fire(edge, { callbacksOnly: true });
  }

  /** Tells listeners that `clear` was called by another process, though nothing may have changed. */
  noteClear(): void {
    for (const listener of this.#listeners) listener.clearCalled?.();
  }

  #adoptOne(flag: string, value: JsonValue | undefined): FlagEdge[] {
    const wasSet = this.#flags.has(flag);
    const isSet = value !== undefined;
    if (isSet) this.#flags.set(flag, value);
    else this.#flags.delete(flag);
    if (!isSet) this.noteClear();
    if (wasSet === isSet) return [];
    const edge: FlagEdge = { flag, to: isSet ? 'set' : 'clear' };
    this.#note(edge);
    return [edge];
  }

  #note(edge: FlagEdge): void {
    this.#fingerprint?.flip(edge.flag);
    const change: FlagChange = { ...edge, cause: this.#cause };
    for (const listener of this.#listeners) listener.changed?.(change);
  }

  #put(flag: string, value: JsonValue): FlagEdge | undefined {
    assertFlagName(flag);
    const kept = keepValue(flag, value);
    const isNew = !this.#flags.has(flag);
    this.#flags.set(flag, kept);
    this.#unsaved.add(flag);
    return isNew ? { flag, to: 'set' } : undefined;
  }

  #take(flag: string): FlagEdge | undefined {
    assertFlagName(flag);
    const wasSet = this.#flags.delete(flag);
    this.noteClear();
    if (!wasSet) return undefined;
    this.#unsaved.add(flag);
    return { flag, to: 'clear' };
  }

  #changed(edge: FlagEdge): void {
    this.#note(edge);
    this.#cascade.fire(edge);
  }
}

/** A copy, so that what becomes of the caller's object changes nothing; only what JSON can say. */
function keepValue(flag: string, value: JsonValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  try {
    return parsePythonJson(dumpPythonJson(value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`cannot set the flag "${flag}" with that value: ${reason}`, { cause: error });
  }
}
