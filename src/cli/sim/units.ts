import type { Command } from 'commander';
import { compareNaturally } from '../../simulator/hook-tools/natural-order.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { addChangingCommand, changeModel } from './model-command.ts';
import { collectList, readCount } from './option-values.ts';
import { forEachName, print, sayIgnoredOptions } from './output.ts';

/** Adds the commands that make applications larger and smaller, and open them. */
export function addUnitCommands(sim: Command): void {
  addChangingCommand(sim, 'add-unit', 'add units to an application')
    .argument('<application>')
    .option('-n, --num-units <count>', 'how many', readCount, 1)
    .option('--to <machines>', 'machines that are there, by number: 0,1', collectList, [])
    .option(
      '--attach-storage <ids>',
      'storage that was detached, for the first of the units',
      collectList,
      [],
    )
    .action((application: string, flags: AddUnitFlags, command: Command) =>
      changeModel(command, async (model) => {
        const [first = ''] = await model.addUnit(application, flags.numUnits, flags.to);
        if (flags.attachStorage.length > 0) await model.attachStorage(first, ...flags.attachStorage);
      }),
    );
  addRemovingCommand(sim, 'remove-unit', 'take units away: they run stop and remove')
    .argument('<unit...>')
    .action((units: readonly string[], flags: RemoveFlags, command: Command) =>
      changeModel(command, (model) => forEachName(units, (unit) => removeUnit(model, unit, flags))),
    );
  addRemovingCommand(sim, 'remove-application', 'take applications away, with their units and relations')
    .argument('<application...>')
    .action((applications: readonly string[], flags: RemoveFlags, command: Command) =>
      changeModel(command, (model) =>
        forEachName(applications, (application) => removeApplication(model, application, flags)),
      ),
    );
  addExposureCommands(sim);
  addChangingCommand(sim, 'trust', "let a charm ask for the cloud's credentials")
    .argument('<application>')
    .option('--remove', 'let it ask no more')
    .option('--scope <scope>', 'accepted: there is one scope')
    .action((application: string, flags: { readonly remove?: boolean }, command: Command) =>
      changeModel(command, (model) => model.trust(application, flags.remove !== true)),
    );
}

interface AddUnitFlags {
  readonly numUnits: number;
  readonly to: readonly string[];
  readonly attachStorage: readonly string[];
}

interface RemoveFlags {
  readonly force?: boolean;
}

function addRemovingCommand(sim: Command, name: string, description: string): Command {
  return addChangingCommand(sim, name, description)
    .option('--force', 'although a hook has failed, which is forgotten then')
    .option('--no-prompt', 'accepted: nothing is ever asked')
    .option('--no-wait', 'accepted');
}

function addExposureCommands(sim: Command): void {
  const ignored = ['--endpoints', '--to-cidrs', '--to-spaces'];
  addChangingCommand(
    sim,
    'expose',
    'open the ports of an application to other machines; a model only remembers it',
  )
    .argument('<application>')
    .option('--endpoints <names>', 'accepted: the whole application is exposed')
    .option('--to-cidrs <networks>', 'accepted: it is exposed to all')
    .option('--to-spaces <spaces>', 'accepted: it is exposed to all')
    .action((application: string, flags: object, command: Command) => {
      sayIgnoredOptions(flags, ignored);
      return changeModel(command, (model) => model.expose(application, true));
    });
  addChangingCommand(sim, 'unexpose', 'take back expose')
    .argument('<application>')
    .option('--endpoints <names>', 'accepted: the whole application is unexposed')
    .action((application: string, flags: object, command: Command) => {
      sayIgnoredOptions(flags, ignored);
      return changeModel(command, (model) => model.expose(application, false));
    });
}

async function removeUnit(model: ModelHandle, unit: string, { force = false }: RemoveFlags): Promise<void> {
  const state = await model.snapshot();
  await model.removeUnit(unit, { force });
  print(`will remove unit ${unit}\n${detachedLines(state, [unit])}`);
}

async function removeApplication(
  model: ModelHandle,
  application: string,
  { force = false }: RemoveFlags,
): Promise<void> {
  const state = await model.snapshot();
  await model.removeApplication(application, { force });
  const units = Object.values(state.units).filter((unit) => unit.application === application);
  const names = units.map(({ name }) => name).sort(compareNaturally);
  print(`will remove application ${application}\n`);
  print(names.map((name) => `- will remove unit ${name}\n`).join(''));
  print(detachedLines(state, names));
}

function detachedLines(state: ModelState, units: readonly string[]): string {
  const held = Object.values(state.storage).filter(({ unit }) => unit !== null && units.includes(unit));
  const ids = held.map(({ id }) => id).sort(compareNaturally);
  return ids.map((id) => `- will detach storage ${id}\n`).join('');
}
