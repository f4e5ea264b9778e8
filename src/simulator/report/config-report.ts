import { formatGoFloat } from '../hook-tools/go-float.ts';
import type { ApplicationState, ConfigValue } from '../state/model-state.ts';
import { sortNaturally } from './structured-text.ts';

/** An application's config as `juju config` has it. */
export interface ConfigReport {
  readonly application: string;
  /** What Juju itself has to set about any application. */
  readonly 'application-config': Readonly<Record<string, SettingReport>>;
  readonly charm: string;
  readonly settings: Readonly<Record<string, SettingReport>>;
}

/** An option with its value in effect, and where that comes from. */
export interface SettingReport {
  readonly default?: ConfigValue;
  readonly description: string;
  readonly source: 'unset' | 'default' | 'user';
  readonly type: string;
  readonly value?: ConfigValue;
}

/** `juju config <application>`. */
export function reportConfig(application: ApplicationState): ConfigReport {
  const { options, metadata } = application.charm;
  const settings = Object.entries(options).map(([name, option]) => {
    const set = Object.hasOwn(application.config, name) ? application.config[name] : undefined;
    return [name, reportSetting({ ...option, description: option.description ?? '', set })] as const;
  });
  const trust = reportSetting({
    type: 'bool',
    default: false,
    description: 'Does this application have access to trusted credentials',
    set: application.trust,
  });
  return {
    application: application.name,
    'application-config': { trust },
    charm: metadata.name,
    settings: sortNaturally(Object.fromEntries(settings)),
  };
}

/**
 * What `juju config <application> <key>` prints: the value in effect, or nothing where there is none. Throws, in Juju's
 * words, for an option that there is not.
 */
export function formatConfigValue(application: ApplicationState, key: string): string {
  const { settings, 'application-config': own } = reportConfig(application);
  const setting = [settings, own].find((record) => Object.hasOwn(record, key))?.[key];
  if (setting === undefined) {
    throw new Error(`key "${key}" not found in "${application.name}" application config or charm settings.`);
  }
  const { value = '' } = setting;
  return `${typeof value === 'number' ? formatGoFloat(value) : value}\n`;
}

/** A value that is set, but to the default, is told as the default (Juju's rule). */
function reportSetting(option: {
  readonly type: string;
  readonly default?: ConfigValue | null;
  readonly description: string;
  readonly set: ConfigValue | undefined;
}): SettingReport {
  const { type, description, set } = option;
  const fallback = option.default ?? undefined;
  const isSet = set !== undefined && set !== fallback;
  const value = isSet ? set : fallback;
  const unset = fallback === undefined ? 'unset' : 'default';
  return {
    ...(fallback === undefined ? {} : { default: fallback }),
    description,
    source: isSet ? 'user' : unset,
    type,
    ...(value === undefined ? {} : { value }),
  };
}
