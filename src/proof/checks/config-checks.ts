import { readText } from '../charm-files.ts';
import { type CharmCheck, reasonOf } from '../charm-view.ts';
import { type Finding, fault, info, warning } from '../finding.ts';
import { nameType, quote, writeList, writeValue } from '../python-words.ts';
import { readYaml, type YamlEntry, type YamlKind, type YamlValue } from '../yaml-value.ts';

const FILE = 'config.yaml';

/** What defaults of each type may be. A boolean passes for an integer, as in Python, and an integer for no float. */
const KINDS: Readonly<Record<string, readonly YamlKind[]>> = {
  string: ['string'],
  int: ['integer', 'boolean'],
  float: ['float'],
  boolean: ['boolean'],
  // Since Juju 3.4, which the reference is older than.
  secret: ['string'],
};

const OPTION_KEYS = ['default', 'description', 'type'];

/** What a user can configure: each option has a type, a default of that type, and a description. */
export const checkConfig: CharmCheck = ({ files }) => {
  const text = readText(files, FILE);
  if (text === undefined) return [info('config', 'File config.yaml not found.')];
  let config: YamlValue;
  try {
    config = readYaml(text);
  } catch (error) {
    return [refuse(`Cannot parse config.yaml: ${reasonOf(error)}`)];
  }
  if (!config.isMapping) return [refuse('config.yaml not parsed into a dictionary.', config.line)];
  const options = config.get('options');
  if (options === undefined) return [refuse('config.yaml must have an "options" key.')];
  return [...checkOtherKeys(config), ...checkOptions(options)];
};

function checkOtherKeys(config: YamlValue): readonly Finding[] {
  const others = config.entries().filter(({ key }) => key !== 'options');
  const [first] = others;
  if (first === undefined) return [];
  const keys = writeList(
    others
      .map(({ key }) => key)
      .sort()
      .map(quote),
  );
  return [warning('config', `Ignored keys in config.yaml: ${keys}`, { file: FILE, line: first.line })];
}

function checkOptions(options: YamlValue): readonly Finding[] {
  if (options.isMapping) return options.entries().flatMap(checkOption);
  return [refuse('config.yaml: options section is not parsed as a dictionary', options.line)];
}

function checkOption({ key: name, value: option, line }: YamlEntry): readonly Finding[] {
  const place = { file: FILE, line, key: name };
  const warn = (text: string): Finding => warning('config', `config.yaml: ${text}`, place);
  const badName = /^[a-z0-9]+(?:[\w-]*[a-z0-9]+)?$/i.test(name)
    ? []
    : [refuse(`config.yaml: ${name} does not conform to naming pattern`, line, name)];
  if (!option.isMapping) {
    return [...badName, refuse(`config.yaml: data for option ${name} is not a dict`, line, name)];
  }
  const keys = option.entries().map(({ key }) => key);
  const missing = OPTION_KEYS.filter((key) => !keys.includes(key));
  const unknown = keys.filter((key) => !OPTION_KEYS.includes(key)).sort();
  const description = option.get('description');
  return [
    ...badName,
    ...(missing.length > 0 ? [warn(`option ${name} does not have the keys: ${missing.join(', ')}`)] : []),
    ...(unknown.length > 0 ? [warn(`option ${name} has unknown keys: ${unknown.join(', ')}`)] : []),
    ...(description === undefined || description.text?.trim()
      ? []
      : [warn(`description of option ${name} should be a non-empty string`)]),
    ...checkDefault(name, option, place),
  ];
}

function checkDefault(
  name: string,
  option: YamlValue,
  place: { readonly file: string; readonly line: number; readonly key: string },
): readonly Finding[] {
  const [given, fallback] = [option.get('type'), option.get('default')];
  const type = given === undefined ? 'string' : writeValue(given);
  const kinds = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kinds === undefined) {
    return [warning('config', `config.yaml: option ${name} has an invalid type (${type})`, place)];
  }
  if (fallback === undefined || kinds.includes(fallback.kind)) return [];
  if (fallback.kind === 'null') {
    return [info('config', `config.yaml: option ${name} has no default value`, place)];
  }
  const text = `config.yaml: type of option ${name} is specified as ${type}, but the type of the default value is ${nameType(fallback)}`;
  return [fault('config', text, place)];
}

function refuse(text: string, line?: number, key?: string): Finding {
  return fault('config', text, {
    file: FILE,
    ...(line === undefined ? {} : { line }),
    ...(key === undefined ? {} : { key }),
  });
}
