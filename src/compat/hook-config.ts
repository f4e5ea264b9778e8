import type { Config, ConfigValue } from '../charm/config.ts';

/** The charm's options by name, with what charm-helpers' `Config` adds. None can be changed. */
export type HookConfig = Readonly<Record<string, ConfigValue>> & {
  /** Whether an option differs from what the last successful hook saw; true for every option before the first. */
  changed(option: string): boolean;
  /** What the last successful hook saw of an option; null when it saw none. */
  previous(option: string): ConfigValue;
  /** An option's value; `fallback` where it has none. */
  get(option: string, fallback?: ConfigValue): ConfigValue;
};

/** Options that have the name of one of the methods are read by `get`. */
export function hookConfig(config: Config): HookConfig {
  const methods = {
    changed: { value: (option: string) => config.changed(option) },
    previous: { value: (option: string) => config.previousValue(option) },
    get: {
      value: (option: string, fallback: ConfigValue = null) => config.current[option] ?? fallback,
    },
  };
  return Object.freeze(
    Object.create(null, { ...Object.getOwnPropertyDescriptors(config.current), ...methods }),
  );
}
