import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { columnsOf, formatTable } from '../../simulator/report/text-table.ts';
import type { AddressPlan } from '../../simulator/state/model-state.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { isModel, makeModel, openModelAlone, openModelAt } from './model-access.ts';
import { modelOption, placeOf } from './model-command.ts';
import { findModelPlace, type ModelPlace, modelsFolder } from './model-place.ts';
import { readCount } from './option-values.ts';
import { messageOf, print, say } from './output.ts';

/** Adds the commands that make models, list them and take them away. */
export function addModelsCommands(sim: Command): void {
  sim
    .command('add-model')
    .description('make a model; deploy makes one too, where there is none')
    .argument('[name]', 'its name, or a folder if it has a slash in it (default: as -m says)')
    .addOption(modelOption())
    .option('--seed <number>', 'decides the order where Juju promises none', readCount)
    .addOption(
      new Option('--addresses <plan>', 'all units at 127.0.0.1, or each at a loopback address of its own')
        .choices(['loopback', 'per-unit'])
        .default('loopback'),
    )
    .option('--host', 'let charms change this machine: apt-get, systemctl and the like do what they do')
    .option('--strict', "keep units from reading what Juju's documents say they may not")
    .option('--no-limits', "do not enforce endpoints' limits")
    .action((name: string | undefined, flags: AddModelFlags, command: Command) =>
      addModel(placeGiven(name, command), flags),
    );
  sim
    .command('models')
    .alias('list-models')
    .description('the models there are')
    .addOption(modelOption().hideHelp())
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((flags: { readonly format: 'tabular' | DataFormat }, command: Command) =>
      listModels(placeOf(command), flags.format),
    );
  sim
    .command('destroy-model')
    .description('end what a model left running, and remove it with all its files')
    .argument('[name]', 'its name, or a folder if it has a slash in it (default: as -m says)')
    .addOption(modelOption())
    .option('--no-prompt', 'accepted: nothing is ever asked')
    .option('--force', 'accepted')
    .option('--no-wait', 'accepted')
    .option('--destroy-storage', 'accepted: storage is part of the model')
    .action((name: string | undefined, _flags: unknown, command: Command) =>
      destroyModel(placeGiven(name, command)),
    );
}

interface AddModelFlags {
  readonly seed?: number;
  readonly addresses: AddressPlan;
  readonly host?: boolean;
  readonly strict?: boolean;
  readonly limits: boolean;
}

function placeGiven(name: string | undefined, command: Command): ModelPlace {
  return name === undefined ? placeOf(command) : findModelPlace(name, process.env);
}

async function addModel(place: ModelPlace, flags: AddModelFlags): Promise<void> {
  const { seed, addresses, host = false, strict = false, limits } = flags;
  const model = await makeModel(place, {
    addresses,
    host,
    rules: { strictReads: strict, enforceLimits: limits },
    ...(seed === undefined ? {} : { seed }),
  });
  await model.close();
  say(`Added "${place.name}" model in ${place.folder}`);
}

async function destroyModel(place: ModelPlace): Promise<void> {
  const model = await openModelAlone(place);
  say(`Destroying model "${place.name}"`);
  await model.destroy({ removeFolder: true });
  say('Model destroyed.');
}

interface ModelEntry {
  readonly name: string;
  readonly folder: string;
  readonly applications?: number;
  readonly machines?: number;
  readonly units?: number;
  /** Why it cannot be read. */
  readonly error?: string;
}

async function listModels(present: ModelPlace, format: 'tabular' | DataFormat): Promise<void> {
  const folder = modelsFolder(process.env);
  const places = (existsSync(folder) ? readdirSync(folder).sort() : [])
    .map((name) => ({ name, folder: join(folder, name) }))
    .filter(isModel);
  const isListed = places.some((place) => place.folder === present.folder);
  const all = isListed || !isModel(present) ? places : [...places, present];
  const entries: ModelEntry[] = [];
  for (const place of all) entries.push(await describeModel(place));
  if (format !== 'tabular') {
    print(formatData({ models: entries, 'current-model': present.name }, format));
  } else if (entries.length === 0) {
    say('There are no models; make one with "reactive sim add-model", or by a "reactive sim deploy".');
  } else {
    print(tabulate(entries, present.folder));
  }
}

async function describeModel(place: ModelPlace): Promise<ModelEntry> {
  try {
    const model = await openModelAt(place);
    const state = await model.snapshot();
    await model.release();
    const count = (record: object) => Object.keys(record).length;
    return {
      ...place,
      applications: count(state.applications),
      machines: count(state.machines),
      units: count(state.units),
    };
  } catch (error) {
    return { ...place, error: messageOf(error) };
  }
}

function tabulate(entries: readonly ModelEntry[], present: string): string {
  const rows = entries.map(({ name, folder, error, ...counts }) => [
    `${name}${folder === present ? '*' : ''}`,
    String(counts.applications ?? '-'),
    String(counts.machines ?? '-'),
    String(counts.units ?? '-'),
    error ?? folder,
  ]);
  return formatTable(columnsOf('Model', '>Apps', '>Machines', '>Units', 'Folder'), rows);
}
