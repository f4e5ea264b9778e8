import { registerTrigger, runningUnit } from '../charm/running-unit.ts';
import type { Trigger } from '../flags/triggers.ts';
import type { JsonValue } from '../store/python-json.ts';
import { isPythonTrue } from './python-truth.ts';

/** Sets a flag, with its triggers, at once; kept when the hook succeeds. `value` is stored with it. */
export function set_flag(flag: string, value: JsonValue = null): void {
  runningUnit('set_flag').flags.set(flag, value);
}

/** Clears a flag, with its triggers, at once; kept when the hook succeeds. One that is not set is fine. */
export function clear_flag(flag: string): void {
  runningUnit('clear_flag').flags.clear(flag);
}

/** Sets or clears a flag by whether Python would take `should_set` for true: an empty list clears it. */
export function toggle_flag(flag: string, should_set: unknown): void {
  runningUnit('toggle_flag').flags.toggle(flag, isPythonTrue(should_set));
}

/** What `register_trigger` takes: exactly one of `when` and `when_not`, and at least one of the others. */
export interface CompatTrigger {
  readonly when?: string;
  readonly when_not?: string;
  readonly set_flag?: string;
  readonly clear_flag?: string;
  readonly callback?: () => void;
}

/**
 * Sets or clears a flag, or calls back, at once, whenever another flag is set or cleared. As a module is loaded it is
 * registered for every hook, while a hook runs for the rest of that hook.
 *
 * @throws TypeError unless it waits for exactly one flag and has something to do.
 */
export function register_trigger(trigger: CompatTrigger): void {
  const { when, when_not: whenNot, set_flag: setFlag, clear_flag: clearFlag, callback } = trigger;
  registerTrigger({ when, whenNot, setFlag, clearFlag, callback } as Trigger);
}

/** Whether a flag is set. */
export function is_flag_set(flag: string): boolean {
  return runningUnit('is_flag_set').flags.isSet(flag);
}

/** Whether every flag is set; true of none. */
export function all_flags_set(...flags: string[]): boolean {
  return runningUnit('all_flags_set').flags.areAllSet(...flags);
}

/** Whether one of the flags is set; false of none. */
export function any_flags_set(...flags: string[]): boolean {
  return runningUnit('any_flags_set').flags.isAnySet(...flags);
}

/** Every flag that is set, sorted. */
export function get_flags(): string[] {
  return runningUnit('get_flags').flags.list();
}

/** Those of the flags that are not set, each once, sorted. */
export function get_unset_flags(...flags: string[]): string[] {
  return runningUnit('get_unset_flags').flags.unset(...flags);
}

/** The value a flag was set with, null for most; `fallback` when it is not set. */
export function get_state(flag: string, fallback: JsonValue = null): JsonValue {
  const value = runningUnit('get_state').flags.value(flag);
  return value === undefined ? fallback : value;
}

/** Every flag that is set, with its value. */
export function get_states(): Record<string, JsonValue> {
  const { flags } = runningUnit('get_states');
  return Object.fromEntries(flags.list().map((flag) => [flag, flags.value(flag) ?? null]));
}

/** A state is a string; for code that wraps the names of its states. */
export function State(name: string): string {
  return name;
}

/** For classes that list the states of a layer or a relation. */
export class StateList {}

export {
  all_flags_set as all_states,
  any_flags_set as any_states,
  clear_flag as remove_state,
  is_flag_set as is_state,
  set_flag as set_state,
  toggle_flag as toggle_state,
};
