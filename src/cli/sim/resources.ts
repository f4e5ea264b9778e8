import type { Command } from 'commander';
import { columnsOf, formatTable } from '../../simulator/report/text-table.ts';
import type { ApplicationState } from '../../simulator/state/model-state.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { readResources } from './deploy.ts';
import { findApplication } from './known-parts.ts';
import { addChangingCommand, addModelCommand, askModel, changeModel } from './model-command.ts';
import { forEachName, print, say } from './output.ts';

/** Adds the commands about files that charms are given. */
export function addResourceCommands(sim: Command): void {
  addChangingCommand(sim, 'attach-resource', 'give an application a file for a resource of its charm')
    .argument('<application>')
    .argument('<name=file...>')
    .action((application: string, given: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) =>
        forEachName(
          Object.entries(readResources(given)).map(([name]) => name),
          (name) => model.attachResource(application, name, readResources(given)[name] ?? ''),
        ),
      ),
    );
  addModelCommand(sim, 'resources', "the resources of an application's charm, and the files it was given")
    .alias('list-resources')
    .argument('<application>')
    .option('--details', 'accepted')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((name: string, flags: { readonly format: 'tabular' | DataFormat }, command: Command) =>
      askModel(command, async (model) =>
        showResources(findApplication(await model.snapshot(), name), flags.format),
      ),
    );
}

function showResources(application: ApplicationState, format: 'tabular' | DataFormat): void {
  const declared = application.charm.metadata.resources;
  if (format !== 'tabular') {
    print(formatData({ resources: reportResources(application) }, format));
  } else if (declared.length === 0) {
    say('No resources to display.');
  } else {
    const rows = declared.map(({ name }) => {
      const given = application.resources[name];
      return [name, given === undefined ? '-' : 'upload', given === undefined ? '-' : String(given.revision)];
    });
    print(formatTable(columnsOf('Resource', 'Supplied by', 'Revision'), rows));
  }
}

function reportResources(application: ApplicationState): unknown[] {
  return application.charm.metadata.resources.map(({ name, type, filename, description }) => {
    const given = application.resources[name];
    return {
      resourceid: `${application.name}/${name}`,
      name,
      type,
      ...(filename === undefined ? {} : { path: filename }),
      ...(description === undefined || description === '' ? {} : { description }),
      ...(given === undefined
        ? {}
        : { revision: given.revision, fingerprint: given.fingerprint, size: given.size, origin: 'upload' }),
    };
  });
}
