import { isScalar } from 'yaml';
import { type ConfigType, readConfigValue, readWrittenValue } from './config-values.ts';
import { describeValue, type Field, readDocument, toRecord } from './field.ts';
import { parseYamlDocument, yamlValue } from './yaml-text.ts';

export type { ConfigType };

/** A config option as config.yaml declares it. */
export interface ConfigOption {
  readonly type: ConfigType;
  /** In the type of the option. Absent or null: the option has no value until it is set. */
  readonly default?: string | number | boolean | null;
  readonly description?: string;
}

/** The options by name, in file order, as an object without a prototype. */
export type ConfigOptions = Readonly<Record<string, ConfigOption>>;

/** Reads the text of a config.yaml. Throws `MetadataError` where it is no YAML, and as `readConfigOptions` does. */
export function parseConfigOptions(text: string, file: string): ConfigOptions {
  const document = parseYamlDocument(text, file);
  return readOptions(yamlValue(document, file), file, (name) => {
    // JavaScript cannot tell 1.0 from 1, and Juju takes only the second for an int.
    const node = document.getIn(['options', name, 'default'], true);
    return isScalar(node) && typeof node.value === 'number' && /[.eE]/.test(node.source ?? '')
      ? node.source
      : undefined;
  });
}

/**
 * Reads a config.yaml that is already parsed: a mapping with `options`, which may be empty. The rules are Juju's: a
 * default must fit its option's type, which is string where none is given; unknown keys are ignored.
 * Throws one `MetadataError` with everything found wrong.
 */
export function readConfigOptions(value: unknown, file: string): ConfigOptions {
  return readOptions(value, file, () => undefined);
}

/** What was typed for an option cannot be its value, or there is no such option. */
export class ConfigValueError extends Error {
  override readonly name = 'ConfigValueError';
}

/**
 * Turns what was typed for an option (`juju config app name=text`) into a value of the option's type, by Juju's rules:
 * a string is taken as it is, also when empty; an int is in base 10. Throws `ConfigValueError` for an option that is not
 * declared or a text that does not fit.
 */
export function coerceConfigValue(setting: {
  readonly options: ConfigOptions;
  readonly name: string;
  readonly text: string;
}): string | number | boolean {
  const { options, name, text } = setting;
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const known = Object.keys(options).map((key) => `"${key}"`);
    throw new ConfigValueError(
      `cannot set config option "${name}": unknown option "${name}"; the charm has ${known.join(', ') || 'none'}`,
    );
  }
  const value = readWrittenValue(option.type, text, 10);
  if (value === undefined) {
    throw new ConfigValueError(
      `cannot set config option "${name}": option "${name}" expected ${option.type}, got ${describeValue(text)}`,
    );
  }
  return value;
}

/** `floatText` tells how a default was written, where it was written as a float. */
type FloatText = (name: string) => string | undefined;

function readOptions(value: unknown, file: string, floatText: FloatText): ConfigOptions {
  return readDocument(value, file, (root) => {
    const options = root.members().get('options');
    if (options === undefined) {
      if (root.isMapping) root.fault('"options" is missing; write "options: {}" where there are none');
      return toRecord<ConfigOption>([]);
    }
    return toRecord(options.entries().map(([name, field]) => [name, readOption(field, floatText(name))]));
  });
}

function readOption(field: Field, floatText: string | undefined): ConfigOption {
  // Juju takes an option with nothing said about it for a string.
  const fields = field.isNull ? new Map<string, Field>() : field.members();
  const type = readType(fields.get('type'));
  const description = fields.get('description');
  const text = description === undefined || description.isNull ? undefined : readText(description);
  const fallback = fields.get('default');
  return {
    type,
    ...(fallback === undefined ? {} : { default: readDefault(fallback, type, floatText) }),
    ...(text === undefined ? {} : { description: text }),
  };
}

function readType(field: Field | undefined): ConfigType {
  if (field === undefined || field.isNull || field.value === '') return 'string';
  return field.oneOf('string', 'int', 'float', 'boolean', 'secret') ?? 'string';
}

function readText(field: Field): string | undefined {
  return typeof field.value === 'number' || typeof field.value === 'boolean'
    ? String(field.value)
    : field.string();
}

function readDefault(
  field: Field,
  type: ConfigType,
  floatText: string | undefined,
): string | number | boolean | null {
  if (field.isNull) return null;
  const value = type === 'int' && floatText !== undefined ? undefined : readConfigValue(type, field.value);
  if (value === undefined) {
    field.fault(`expected ${type}, got ${floatText ?? describeValue(field.value)}`);
    return null;
  }
  return value;
}
