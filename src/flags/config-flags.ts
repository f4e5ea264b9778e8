import { equalAsPython } from '../store/python-json.ts';
import type { FlagRegistry } from './flag-registry.ts';

/** What config flags are made of: values by option name, as Juju gives them now and as the last good hook saw them. */
export interface ConfigState {
  /** Every option of the charm's config.yaml, with its default (null where it has none). */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly current: Readonly<Record<string, unknown>>;
  /** The values the last successful hook saw; undefined when there was none. */
  readonly previous: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Sets the flags that the reference's basic layer manages, for this hook only:
 *
 * - `config.changed` and `config.changed.<option>` where the value is not the one the last successful hook saw (every
 *   option counts in the first hook; an option that is new in an upgrade counts unless its value is null);
 * - `config.set.<option>` where the value is truthy by the reference's rule (`0`, `''`, `false`, null are not);
 * - `config.default.<option>` where the value equals the default.
 *
 * They never reach the store.
 */
export function manageConfigFlags(flags: FlagRegistry, state: ConfigState): void {
  const known = new Set([...Object.keys(state.current), ...Object.keys(state.previous ?? {})]);
  flags.keepForHookOnly(['config.changed', ...[...known].flatMap(flagsOfOption)]);
  for (const [option, fallback] of Object.entries(state.defaults)) {
    const value = state.current[option] ?? null;
    if (hasChanged(state, option, value)) {
      flags.setForHook('config.changed');
      flags.setForHook(`config.changed.${option}`);
    }
    toggleForHook(flags, `config.set.${option}`, Boolean(value));
    toggleForHook(flags, `config.default.${option}`, equalAsPython(value, fallback ?? null));
  }
}

function flagsOfOption(option: string): string[] {
  return ['changed', 'set', 'default'].map((kind) => `config.${kind}.${option}`);
}

function hasChanged({ previous }: ConfigState, option: string, value: unknown): boolean {
  if (previous === undefined) return true;
  return !equalAsPython(value, Object.hasOwn(previous, option) ? (previous[option] ?? null) : null);
}

function toggleForHook(flags: FlagRegistry, flag: string, on: boolean): void {
  if (on) flags.setForHook(flag);
  else flags.clear(flag);
}
