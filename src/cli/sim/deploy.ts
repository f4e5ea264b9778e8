import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readCharm } from '../../simulator/operator/charm-folder.ts';
import { formatBase } from '../../simulator/report/charm-base.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { deployBundle, prepareBundle } from './bundle-deploy.ts';
import { type CharmSource, classifyPath, openCharmSource } from './charm-source.ts';
import { misuse } from './command-failure.ts';
import { readConfigFile, setConfig } from './config.ts';
import { findApplication } from './known-parts.ts';
import { addChangingCommand, changeModel, changeOrMakeModel } from './model-command.ts';
import { collect, collectList, readCount, readPairs, readSettings } from './option-values.ts';
import { say, sayIgnoredOptions } from './output.ts';

/** What Juju's deploy and refresh have that a model does not. */
const IGNORED_OPTIONS = ['--base', '--constraints', '--channel', '--revision', '--bind'];

/** Adds `deploy` and `refresh`. */
export function addDeployCommands(sim: Command): void {
  addCharmCommand(
    addChangingCommand(sim, 'deploy', 'deploy a charm or a bundle; it makes the model where there is none')
      .argument('<charm | bundle>', "a charm's folder, a .charm, a layer (built first), or a bundle.yaml")
      .argument('[application]', "the application's name (default: the charm's)")
      .option('-n, --num-units <count>', 'how many units', readCount)
      .option(
        '--config <key=value | file>',
        'set an option, or what a YAML file says; may be given again',
        collect,
        [],
      )
      .option('--to <machines>', 'machines that are there, by number: 0,1', collectList, [])
      .option('--trust', "let the charm ask for the cloud's credentials")
      .option('--storage <name=count>', 'how much of a storage a unit gets; may be given again', collect, [])
      .option('--overlay <file>', 'lay a file over the bundle; may be given again', collect, []),
  ).action(async (given: string, application: string | undefined, flags: DeployFlags, command: Command) => {
    sayIgnoredOptions(flags, IGNORED_OPTIONS);
    if (classifyPath(given) === 'bundle') await deployGivenBundle(given, application, flags, command);
    else await deployCharm(given, application, flags, command);
  });
  addCharmCommand(
    addChangingCommand(sim, 'refresh', 'bring new code to an application: its units run upgrade-charm')
      .argument('<application>')
      .requiredOption('--path <charm>', "a charm's folder, a .charm, or a layer (built first)")
      .option('--force-units', 'to units in error too, at once')
      .option(
        '--config <key=value | file>',
        'set an option, or what a YAML file says; may be given again',
        collect,
        [],
      )
      .option('--trust', "let the charm ask for the cloud's credentials"),
  ).action((application: string, flags: RefreshFlags, command: Command) => {
    sayIgnoredOptions(flags, IGNORED_OPTIONS);
    return refresh(application, flags, command);
  });
}

interface CharmFlags {
  readonly config: readonly string[];
  readonly resource: readonly string[];
  readonly trust?: boolean;
}

interface DeployFlags extends CharmFlags {
  readonly numUnits?: number;
  readonly to: readonly string[];
  readonly storage: readonly string[];
  readonly overlay: readonly string[];
}

interface RefreshFlags extends CharmFlags {
  readonly path: string;
  readonly forceUnits?: boolean;
}

function addCharmCommand(command: Command): Command {
  command.option(
    '--resource <name=file>',
    'a file for a resource of the charm; may be given again',
    collect,
    [],
  );
  command.option('--force', 'accepted');
  for (const name of IGNORED_OPTIONS) command.addOption(new Option(`${name} <value>`).hideHelp());
  return command;
}

async function deployGivenBundle(
  given: string,
  application: string | undefined,
  flags: DeployFlags,
  command: Command,
): Promise<void> {
  const isForCharm =
    application !== undefined ||
    flags.numUnits !== undefined ||
    [flags.config, flags.to, flags.storage, flags.resource].some((values) => values.length > 0);
  if (isForCharm) {
    throw misuse(
      'options provided but not supported when deploying a bundle: say it in the bundle, or in an --overlay',
    );
  }
  const bundle = await prepareBundle(given, flags.overlay);
  try {
    await changeOrMakeModel(command, (model) => deployBundle(model, bundle));
  } finally {
    bundle.dispose();
  }
}

async function deployCharm(
  given: string,
  application: string | undefined,
  flags: DeployFlags,
  command: Command,
): Promise<void> {
  if (flags.overlay.length > 0) throw misuse('--overlay is for bundles');
  const storage = readPairs(flags.storage);
  const resources = readResources(flags.resource);
  const source = await openCharmSource(given);
  try {
    const { metadata, base } = readCharm(source.folder);
    const name = application ?? metadata.name;
    const config = readConfig(flags.config, name);
    const on = base === undefined ? '' : ` on ${formatBase(base)}`;
    say(`Located local charm "${metadata.name}", revision 0`);
    say(`Deploying "${name}" from local charm "${metadata.name}", revision 0${on}`);
    await changeOrMakeModel(command, (model) =>
      model.deploy(source.folder, {
        application: name,
        config,
        storage,
        resources,
        to: flags.to,
        trust: flags.trust ?? false,
        ...(flags.numUnits === undefined ? {} : { units: flags.numUnits }),
      }),
    );
  } finally {
    source.dispose();
  }
}

async function refresh(application: string, flags: RefreshFlags, command: Command): Promise<void> {
  const resources = readResources(flags.resource);
  const config = readConfig(flags.config, application);
  await changeModel(command, async (model) => {
    findApplication(await model.snapshot(), application);
    const source = await openCharmSource(flags.path);
    try {
      await refreshFrom(model, { source, application, flags, resources });
    } finally {
      source.dispose();
    }
    if (Object.keys(config).length > 0) await setConfig(model, application, config);
    if (flags.trust) await model.trust(application, true);
  });
}

async function refreshFrom(
  model: ModelHandle,
  what: {
    readonly source: CharmSource;
    readonly application: string;
    readonly flags: RefreshFlags;
    readonly resources: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { source, application, flags, resources } = what;
  const { metadata } = readCharm(source.folder);
  const revision = await model.refresh(application, source.folder, {
    forceUnits: flags.forceUnits ?? false,
    resources,
  });
  say(`Added local charm "${metadata.name}", revision ${revision}, to the model`);
}

/** `key=value`, or a file with options below the application's name. */
function readConfig(given: readonly string[], application: string): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const text of given) {
    const isPair = text.includes('=');
    Object.assign(settings, isPair ? readSettings([text]) : readConfigFile(text, application));
  }
  return settings;
}

/** Files by resource, absolute; what is no file may be the name of an image, and stays as it is. */
export function readResources(given: readonly string[]): Record<string, string> {
  const entries = Object.entries(readPairs(given)).map(([name, file]) => {
    const path = resolve(file);
    return [name, existsSync(path) ? path : file] as const;
  });
  return Object.fromEntries(entries);
}
