import type { Command } from 'commander';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { CommandFailure } from './command-failure.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { addModelCommand, askModel } from './model-command.ts';
import { print } from './output.ts';
import { readFlags } from './unit-flags.ts';

/** Adds `show-flags`. */
export function addFlagsCommand(sim: Command): void {
  addModelCommand(sim, 'show-flags', 'the flags of reactive charms, as they were after the last hook')
    .argument('[name...]', 'units or applications; all if none is given')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action(
      (names: readonly string[], flags: { readonly format: 'tabular' | DataFormat }, command: Command) =>
        askModel(command, (model) => showFlags(model, names, flags.format)),
    );
}

async function showFlags(
  model: ModelHandle,
  names: readonly string[],
  format: 'tabular' | DataFormat,
): Promise<void> {
  const units = await findUnits(model, names);
  const entries = await Promise.all(
    units.map(async (unit) => [unit, readFlags(await model.unitFolder(unit))] as const),
  );
  if (format === 'tabular') {
    print(entries.map(([unit, flags]) => describe(unit, flags)).join(''));
  } else {
    print(formatData(Object.fromEntries(entries.map(([unit, flags]) => [unit, flags ?? []])), format));
  }
}

async function findUnits(model: ModelHandle, names: readonly string[]): Promise<string[]> {
  const all = await model.units();
  if (names.length === 0) return all;
  return names.flatMap((name) => {
    const found = all.filter((unit) => unit === name || unit.startsWith(`${name}/`));
    if (found.length > 0) return found;
    const kind = name.includes('/') ? 'unit' : 'application';
    throw new CommandFailure(`${kind} "${name}" not found, or it has no units`);
  });
}

function describe(unit: string, flags: readonly string[] | undefined): string {
  const lines = flags === undefined ? ['(it keeps no flags)'] : flags.length === 0 ? ['(none)'] : flags;
  return [unit, ...lines.map((line) => `  ${line}`), ''].join('\n');
}
