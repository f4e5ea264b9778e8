import { coerceConfigValue } from '../../metadata/config-options.ts';
import type { ApplicationState, CharmState, ConfigValue, UnitState } from '../state/model-state.ts';

/**
 * What was given for a charm's options, checked and in their types: numbers, booleans, or the text a user would type;
 * null takes an option back to its default. Throws `ConfigValueError`, in Juju's words, for the first that does not fit.
 */
export function readSettings(
  charm: CharmState,
  settings: Readonly<Record<string, unknown>>,
): Record<string, ConfigValue | null> {
  const values: Record<string, ConfigValue | null> = {};
  for (const [name, given] of Object.entries(settings)) {
    if (!Object.hasOwn(charm.options, name) || (given !== null && given !== undefined)) {
      const text = typeof given === 'string' ? given : JSON.stringify(given);
      values[name] = coerceConfigValue({ options: charm.options, name, text });
    } else {
      values[name] = null;
    }
  }
  return values;
}

/** Sets an application's options to values that were checked; null takes one back to its default. */
export function applySettings(
  application: ApplicationState,
  settings: Readonly<Record<string, ConfigValue | null>>,
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) delete application.config[name];
    else application.config[name] = value;
  }
}

/** Every option with its value in effect: what was set, else the default, else null. */
export function effectiveConfig(application: ApplicationState): Record<string, ConfigValue | null> {
  const values: Record<string, ConfigValue | null> = {};
  for (const [name, option] of Object.entries(application.charm.options)) {
    values[name] = application.config[name] ?? option.default ?? null;
  }
  return values;
}

/**
 * Tells whether config-changed is due. It covers what was set, trust and the unit's address, as in Juju: to set an option to its
 * default is a change, to set it to what it is set to is none.
 */
export function configHash(application: ApplicationState, unit: UnitState): string {
  const settings = Object.entries(application.config).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([settings, unit.address, ...(application.trust ? ['trust'] : [])]);
}
