import {
  type FlagText,
  fromPattern,
  isAnything,
  mayBeSame,
  plainText,
  writeText,
} from '../../analysis/flag-text.ts';
import type { FlagEffect, ModelHandler, ModelTrigger, ReactiveModel } from '../../analysis/reactive-model.ts';
import type { CodePlace } from '../../analysis/syntax-tree.ts';

/** Someone that waits for a flag, or asks for it. */
export interface Waiter {
  readonly flag: FlagText;
  /** How it must stand; `read` where code asks, and `set` and `clear` where a trigger waits. */
  readonly kind: 'all' | 'any' | 'none' | 'not-all' | 'read' | 'set' | 'clear';
  readonly handler?: ModelHandler;
  readonly group: string;
  readonly place: CodePlace;
}

/** Someone that sets or clears a flag. */
export interface Maker {
  readonly flag: FlagText;
  readonly effect?: FlagEffect;
  readonly trigger?: ModelTrigger;
  readonly group: string;
  readonly place?: CodePlace;
}

/** Who sets, clears and waits for what. */
export class FlagTable {
  readonly setters: readonly Maker[];
  readonly clearers: readonly Maker[];
  readonly waiters: readonly Waiter[];
  /** Whether all that sets flags is known, and all that clears, and all that waits for them. */
  readonly isKnown: Readonly<Record<'set' | 'clear' | 'read', boolean>>;

  constructor(model: ReactiveModel) {
    const { effects, triggers, automatic, handlers, unknowns, ownGroup } = model;
    const made = (kind: 'set' | 'clear'): Maker[] => [
      ...effects.flatMap((effect) =>
        effect.kind === kind ? [{ flag: effect.flag, effect, group: effect.group, place: effect.place }] : [],
      ),
      ...triggers.flatMap((trigger) =>
        (kind === 'set' ? trigger.sets : trigger.clears).map((flag) => ({
          flag,
          trigger,
          group: trigger.group,
          place: trigger.place,
        })),
      ),
      ...automatic.map((flag) => ({ flag, group: 'the framework' })),
    ];
    this.setters = made('set');
    this.clearers = made('clear');
    this.waiters = [
      ...handlers.flatMap((handler) =>
        handler.conditions.flatMap((condition) =>
          'flags' in condition
            ? condition.flags.map((flag) => ({
                flag: fromPattern(flag),
                kind: condition.kind,
                handler,
                group: handler.group,
                place: handler.place,
              }))
            : [],
        ),
      ),
      ...effects.flatMap(({ kind, flag, group, place }) =>
        kind === 'read' ? [{ flag, kind, group, place }] : [],
      ),
      ...triggers.map(({ edge, flag, group, place }) => ({ flag, kind: edge, group, place })),
    ];
    const isFree = (of: 'set' | 'clear' | 'read'): boolean => !unknowns.some((one) => one.of === of);
    const asksForAll = this.waiters.some(
      ({ kind, flag, group }) => isAnything(flag) && (kind !== 'read' || group === ownGroup),
    );
    this.isKnown = {
      set: isFree('set'),
      clear: isFree('set') && isFree('clear'),
      read: isFree('set') && isFree('read') && !asksForAll,
    };
  }

  settersOf(flag: FlagText): readonly Maker[] {
    return this.setters.filter((one) => mayBeSame(one.flag, flag));
  }

  clearersOf(flag: FlagText): readonly Maker[] {
    return this.clearers.filter((one) => mayBeSame(one.flag, flag));
  }

  waitersFor(flag: FlagText): readonly Waiter[] {
    return this.waiters.filter((one) => !isAnything(one.flag) && mayBeSame(one.flag, flag));
  }

  /** The flags that are set by their full names. */
  get names(): readonly string[] {
    return [...new Set(this.setters.flatMap(({ flag }) => plainText(flag) ?? []))].sort();
  }
}

/** Groups what is about the same flag, in the order in which the flags come. */
export function byFlag<T extends { readonly flag: FlagText }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = writeText(one.flag);
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
