import type { FlagEdge } from './cause.ts';

/** What to do, at once, when a flag is set (`when`) or cleared (`whenNot`). */
export type Trigger = TriggerSource & TriggerEffect;

/** Exactly one of the two. */
export type TriggerSource =
  | { readonly when: string; readonly whenNot?: undefined }
  | { readonly whenNot: string; readonly when?: undefined };

/** At least one of the three; flags are set first, then cleared, then the callback is called. */
export type TriggerEffect = Partial<TriggerEffects> &
  (Pick<TriggerEffects, 'setFlag'> | Pick<TriggerEffects, 'clearFlag'> | Pick<TriggerEffects, 'callback'>);

interface TriggerEffects {
  readonly setFlag: string;
  readonly clearFlag: string;
  readonly callback: () => void;
}

/** The effects that wait for one edge, in the order in which they were registered; the same one counts once. */
export interface EdgeEffects {
  readonly setFlags: readonly string[];
  readonly clearFlags: readonly string[];
  readonly callbacks: readonly (() => void)[];
}

/** What one edge does, as plain data. */
export interface StorableTrigger {
  readonly edge: FlagEdge;
  readonly setFlags: readonly string[];
  readonly clearFlags: readonly string[];
}

/** The triggers of one hook. They are never stored: a charm registers them anew in each process. */
export class TriggerTable {
  readonly #effects = new Map<
    string,
    { setFlags: string[]; clearFlags: string[]; callbacks: (() => void)[] }
  >();

  /** @throws TypeError unless the trigger has one of `when` and `whenNot`, and something to do. */
  register(trigger: Trigger): void {
    const edge = edgeOf(trigger);
    if (!trigger.setFlag && !trigger.clearFlag && !trigger.callback) {
      throw new TypeError(
        `cannot register a trigger on "${edge.flag}": it has nothing to do; give setFlag, clearFlag or callback`,
      );
    }
    const key = keyOf(edge);
    const effects = this.#effects.get(key) ?? { setFlags: [], clearFlags: [], callbacks: [] };
    this.#effects.set(key, effects);
    addOnce(effects.setFlags, trigger.setFlag);
    addOnce(effects.clearFlags, trigger.clearFlag);
    addOnce(effects.callbacks, trigger.callback);
  }

  effectsOf(edge: FlagEdge): EdgeEffects | undefined {
    return this.#effects.get(keyOf(edge));
  }

  /** The edges that set or clear flags, in the order of their first trigger. */
  get storable(): StorableTrigger[] {
    return [...this.#effects].flatMap(([key, { setFlags, clearFlags }]) =>
      setFlags.length + clearFlags.length > 0 ? [{ edge: edgeOfKey(key), setFlags, clearFlags }] : [],
    );
  }

  clear(): void {
    this.#effects.clear();
  }
}

function edgeOf(trigger: {
  readonly when?: string | undefined;
  readonly whenNot?: string | undefined;
}): FlagEdge {
  if (trigger.when && trigger.whenNot) {
    throw new TypeError(
      `cannot register a trigger on both "${trigger.when}" set and "${trigger.whenNot}" cleared: register two`,
    );
  }
  if (trigger.when) return { flag: trigger.when, to: 'set' };
  if (trigger.whenNot) return { flag: trigger.whenNot, to: 'clear' };
  throw new TypeError('cannot register a trigger: give the flag it waits for, as when or whenNot');
}

function keyOf(edge: FlagEdge): string {
  return `${edge.to} ${edge.flag}`;
}

function edgeOfKey(key: string): FlagEdge {
  const space = key.indexOf(' ');
  return { to: key.slice(0, space) as FlagEdge['to'], flag: key.slice(space + 1) };
}

function addOnce<T>(list: T[], item: T | undefined): void {
  if (item !== undefined && !list.includes(item)) list.push(item);
}
