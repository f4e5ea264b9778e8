import type { FlagRegistry } from '../flags/flag-registry.ts';
import type { StorableTrigger } from '../flags/triggers.ts';
import type { RoundFacts } from '../handlers/gate.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';

/*
 * What the reference keeps in the store while it dispatches, under its own keys, so that its command line and ours, run by
 * an executable handler, know where the dispatch stands. None of it outlives the hook here.
 */

/** `restricted`, `hooks` or `other`. */
export const PHASE_KEY = 'reactive.dispatch.phase';
/** True once a flag was cleared, whether it was set or not. */
export const REMOVED_KEY = 'reactive.dispatch.removed_state';
/** Which flags changed in the round before, and how many rounds there were before this one. */
export const WATCH_KEY = 'reactive.state_watch';

const SET_TRIGGERS = 'reactive.flag_set_triggers.';
const CLEAR_TRIGGERS = 'reactive.flag_clear_triggers.';

/** Whether a key says where a dispatch stands, and nothing else. */
export function isRuntimeKey(key: string): boolean {
  return (
    [PHASE_KEY, REMOVED_KEY, WATCH_KEY].includes(key) ||
    [SET_TRIGGERS, CLEAR_TRIGGERS].some((prefix) => key.startsWith(prefix))
  );
}

/** Writes down where the dispatch stands. */
export function storeRound(store: UnitData, phase: string, { round, changed }: RoundFacts): void {
  store.set(PHASE_KEY, phase);
  store.set(REMOVED_KEY, false);
  store.set(WATCH_KEY, {
    iteration: Math.max(0, round - 1),
    changes: round > 1 ? [...changed] : [],
    pending: [],
  });
}

/** Writes down what triggers set and clear. */
export function storeTriggers(store: UnitData, triggers: readonly StorableTrigger[]): void {
  for (const { edge, setFlags, clearFlags } of triggers) {
    const prefix = edge.to === 'set' ? SET_TRIGGERS : CLEAR_TRIGGERS;
    store.set(prefix + edge.flag, { set_flag: setFlags, clear_flag: clearFlags });
  }
}

/** Registers the triggers that are written down, in a registry that may know them. */
export function loadTriggers(store: UnitData, flags: FlagRegistry): void {
  for (const [flag, effects] of Object.entries(store.getRange(SET_TRIGGERS, { strip: true }))) {
    for (const effect of readEffects(effects)) flags.registerTrigger({ when: flag, ...effect });
  }
  for (const [flag, effects] of Object.entries(store.getRange(CLEAR_TRIGGERS, { strip: true }))) {
    for (const effect of readEffects(effects)) flags.registerTrigger({ whenNot: flag, ...effect });
  }
}

/** Takes all of it out of the store. */
export function removeRuntimeKeys(store: UnitData): void {
  for (const key of [PHASE_KEY, REMOVED_KEY, WATCH_KEY]) store.unset(key);
  for (const prefix of [SET_TRIGGERS, CLEAR_TRIGGERS]) store.unsetRange(null, prefix);
}

function readEffects(value: JsonValue): ({ readonly setFlag: string } | { readonly clearFlag: string })[] {
  if (typeof value !== 'object' || value === null) return [];
  const read = (key: string): string[] => {
    const flags: unknown = Reflect.get(value, key);
    return Array.isArray(flags) ? flags.filter((flag) => typeof flag === 'string' && flag !== '') : [];
  };
  return [
    ...read('set_flag').map((setFlag) => ({ setFlag })),
    ...read('clear_flag').map((clearFlag) => ({ clearFlag })),
  ];
}
