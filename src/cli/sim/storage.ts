import type { Command } from 'commander';
import { reportStorage, reportStorageDetails } from '../../simulator/report/storage-report.ts';
import { formatStorageTable, NO_STORAGE } from '../../simulator/report/storage-table.ts';
import { storageForYaml } from '../../simulator/report/storage-yaml.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { misuse } from './command-failure.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { addChangingCommand, addModelCommand, askModel, changeModel } from './model-command.ts';
import { forEachName, print, say } from './output.ts';

/** Adds the commands about storage. */
export function addStorageCommands(sim: Command): void {
  addModelCommand(sim, 'storage', 'the storage of a model')
    .alias('list-storage')
    .option('--utc', 'times in UTC')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((flags: StorageFlags, command: Command) =>
      askModel(command, async (model) => showStorage(await model.snapshot(), flags)),
    );
  addModelCommand(sim, 'show-storage', 'storage instances')
    .argument('<id...>')
    .option('--utc', 'times in UTC')
    .addOption(formatOption('yaml', 'json'))
    .action(
      (ids: readonly string[], flags: { readonly utc?: boolean; readonly format: DataFormat }, command) =>
        askModel(command, async (model) =>
          print(formatData(reportStorageDetails(await model.snapshot(), ids, flags.utc), flags.format)),
        ),
    );
  addChangingCommand(sim, 'add-storage', 'give a unit more storage')
    .argument('<unit>')
    .argument('<name[=count]...>')
    .action((unit: string, wanted: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) =>
        forEachName(wanted, async (text) => {
          const { name, count } = readWanted(text);
          for (const id of await model.addStorage(unit, name, count)) say(`added storage ${id} to ${unit}`);
        }),
      ),
    );
  addChangingCommand(sim, 'attach-storage', 'give storage that was detached to a unit')
    .argument('<unit>')
    .argument('<id...>')
    .action((unit: string, ids: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) =>
        forEachName(ids, async (id) => {
          await model.attachStorage(unit, id);
          say(`attaching ${id} to ${unit}`);
        }),
      ),
    );
  addEndingCommand(sim, 'detach-storage', 'take storage away from its unit, and keep it').action(
    (ids: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) =>
        forEachName(ids, async (id) => {
          await model.detachStorage(id);
          say(`detaching ${id}`);
        }),
      ),
  );
  addEndingCommand(sim, 'remove-storage', 'remove storage that no unit has, with what is in it')
    .option('--no-destroy', 'accepted: it is a folder of the model, and goes')
    .action((ids: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) =>
        forEachName(ids, async (id) => {
          await model.removeStorage(id);
          say(`removing ${id}`);
        }),
      ),
    );
}

interface StorageFlags {
  readonly utc?: boolean;
  readonly format: 'tabular' | DataFormat;
}

function addEndingCommand(sim: Command, name: string, description: string): Command {
  return addChangingCommand(sim, name, description).argument('<id...>').option('--force', 'accepted');
}

function showStorage(state: ModelState, { utc = false, format }: StorageFlags): void {
  const report = reportStorage(state, utc);
  if (format !== 'tabular') {
    print(formatData(format === 'yaml' ? storageForYaml(report) : report, format));
    return;
  }
  const table = formatStorageTable(report);
  if (table === '') say(NO_STORAGE);
  else print(table);
}

/** `data`, `data=2`, or Juju's `data=pool,2,10G`, of which only the count counts. */
function readWanted(text: string): { readonly name: string; readonly count: number } {
  const [name = '', directive] = text.split('=');
  if (name === '') throw misuse(`expected "<storage>=<count>", got ${JSON.stringify(text)}`);
  const count = directive?.split(',').find((part) => /^\d+$/.test(part));
  return { name, count: count === undefined ? 1 : Number(count) };
}
