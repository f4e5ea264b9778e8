import type { Command } from 'commander';
import { parsePlainYaml } from '../../simulator/operator/plain-yaml.ts';
import { formatConfigValue, reportConfig } from '../../simulator/report/config-report.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { misuse } from './command-failure.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { findApplication } from './known-parts.ts';
import { addChangingCommand, askModel, changeModel } from './model-command.ts';
import { collectList, readGivenFile, readSettings } from './option-values.ts';
import { messageOf, print } from './output.ts';

/** Adds `config`, which shows an application's options or sets them. */
export function addConfigCommand(sim: Command): void {
  addChangingCommand(sim, 'config', 'show, set and reset the options of an application')
    .argument('<application>')
    .argument(
      '[key[=value]...]',
      'one key to print its value, or what to set; @file takes a value from a file',
    )
    .option('--file <file>', 'set what a YAML file says below the name of the application')
    .option('--reset <keys>', 'back to the default: key,key', collectList, [])
    .addOption(formatOption('yaml', 'json'))
    .action(async (application: string, words: readonly string[], flags: ConfigFlags, command: Command) => {
      const isChange = flags.file !== undefined || flags.reset.length > 0 || words.some(isSetting);
      if (isChange) {
        const settings = gatherSettings(application, words, flags);
        await changeModel(command, (model) => setConfig(model, application, settings));
      } else {
        await askModel(command, (model) => showConfig(model, { application, words, format: flags.format }));
      }
    });
}

/** What a config file says for an application: what is below its name. Throws where it has nothing there. */
export function readConfigFile(file: string, application: string): Record<string, unknown> {
  let document: unknown;
  const text = readGivenFile(file);
  try {
    document = parsePlainYaml(text);
  } catch (error) {
    throw misuse(`cannot read "${file}": ${messageOf(error)}`);
  }
  const settings = (document as Record<string, unknown> | null | undefined)?.[application];
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw misuse(`no settings found for "${application}" in "${file}": put them below its name`);
  }
  return { ...settings };
}

/** Sets options, and trust, which Juju counts among them. Null takes one back to its default. */
export async function setConfig(
  model: ModelHandle,
  application: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { trust, ...own } = settings;
  if (Object.keys(own).length > 0) await model.setConfig(application, own);
  if (trust !== undefined) await model.trust(application, String(trust) === 'true');
}

interface ConfigFlags {
  readonly file?: string;
  readonly reset: readonly string[];
  readonly format: DataFormat;
}

function isSetting(word: string): boolean {
  return word.includes('=');
}

function gatherSettings(
  application: string,
  words: readonly string[],
  flags: ConfigFlags,
): Record<string, unknown> {
  if (!words.every(isSetting)) throw misuse('cannot set and retrieve values simultaneously');
  const set = readSettings(words);
  const both = flags.reset.filter((name) => Object.hasOwn(set, name));
  if (both.length > 0) throw misuse(`cannot set and reset key "${both.join('", "')}" simultaneously`);
  return {
    ...(flags.file === undefined ? {} : readConfigFile(flags.file, application)),
    ...set,
    ...Object.fromEntries(flags.reset.map((name) => [name, null])),
  };
}

async function showConfig(
  model: ModelHandle,
  asked: { readonly application: string; readonly words: readonly string[]; readonly format: DataFormat },
): Promise<void> {
  const [key, ...more] = asked.words;
  if (more.length > 0) throw misuse('can only retrieve a single value, or all values');
  const application = findApplication(await model.snapshot(), asked.application);
  print(
    key === undefined
      ? formatData(reportConfig(application), asked.format)
      : formatConfigValue(application, key),
  );
}
