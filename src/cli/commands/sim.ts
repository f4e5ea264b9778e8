import type { Command } from 'commander';
import { addActionCommands } from '../sim/actions.ts';
import { addConfigCommand } from '../sim/config.ts';
import { addDebugHooksCommand } from '../sim/debug-hooks.ts';
import { addDeployCommands } from '../sim/deploy.ts';
import { addExploreCommand } from '../sim/explore.ts';
import { addFlagsCommand } from '../sim/flags.ts';
import { addHookCommands, addOccasionCommands } from '../sim/hooks.ts';
import { addLogCommand } from '../sim/logs.ts';
import { modelOption, settleOption } from '../sim/model-command.ts';
import { addModelsCommands } from '../sim/models.ts';
import { addRelationCommands } from '../sim/relations.ts';
import { addResourceCommands } from '../sim/resources.ts';
import { addSecretCommands } from '../sim/secrets.ts';
import { addStatusCommands } from '../sim/status.ts';
import { addStorageCommands } from '../sim/storage.ts';
import { addTaskCommands } from '../sim/tasks.ts';
import { addUnitCommands } from '../sim/units.ts';
import { addUnsimulatedCommands } from '../sim/unsimulated.ts';

const EXAMPLES = `
Examples:
  reactive sim deploy ./layers/redis            build a layer, and deploy it into the model "dev"
  reactive sim deploy ./web -n 2 --config port=8080
  reactive sim integrate web:db redis
  reactive sim settle                           run the hooks that are due, and see which handlers ran
  reactive sim status --relations
  reactive sim run web/leader backup path=/tmp/x
  reactive sim destroy-model

  reactive sim watch                            in another terminal: hooks run as soon as they are due

Commands change the model and return at once, as juju's do; hooks run in "settle", "watch", "run" and "exec", and after a
change with --settle. A model stays until it is destroyed, in ~/.local/share/charms-reactive/models; -m or REACTIVE_MODEL
names another than "dev", or a folder if there is a slash in it.`;

/** Adds `reactive sim`: juju's commands, for models on this machine. */
export function addSimCommand(program: Command): void {
  // Options behind a command are the command's own: "exec" passes them on.
  program.enablePositionalOptions();
  const sim = program
    .command('sim')
    .description(
      "a Juju on this machine: deploy charms, relate them and see their hooks run, by juju's commands",
    )
    .usage('[options] <command>')
    .enablePositionalOptions()
    .addOption(modelOption())
    .addOption(settleOption())
    .configureHelp({ subcommandTerm: termOf })
    .showHelpAfterError('("reactive sim --help" tells what there is)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ERROR ')) })
    // Juju's code for a command that it does not understand.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .hook('preAction', endQuietlyWithReader)
    .addHelpText('after', EXAMPLES);
  sim.commandsGroup('Applications:');
  addDeployCommands(sim);
  addUnitCommands(sim);
  addConfigCommand(sim);
  addResourceCommands(sim);
  sim.commandsGroup('Relations:');
  addRelationCommands(sim);
  sim.commandsGroup('Hooks:');
  addHookCommands(sim);
  addDebugHooksCommand(sim);
  addExploreCommand(sim);
  addOccasionCommands(sim);
  sim.commandsGroup('What is going on:');
  addStatusCommands(sim);
  addLogCommand(sim);
  addFlagsCommand(sim);
  sim.commandsGroup('Actions and commands:');
  addTaskCommands(sim);
  addActionCommands(sim);
  sim.commandsGroup('Storage:');
  addStorageCommands(sim);
  sim.commandsGroup('Secrets:');
  addSecretCommands(sim);
  sim.commandsGroup('Models:');
  addModelsCommands(sim);
  addUnsimulatedCommands(sim);
}

/** A command's name, with the other name that it is known by; `list-` before any plural is left to those who know it. */
function termOf(command: Command): string {
  const aliases = command.aliases().filter((alias) => !alias.startsWith('list-'));
  return [command.name(), ...aliases].join(', ');
}

/** `reactive sim watch | head` ends with its reader, and has no more to say then. */
function endQuietlyWithReader(): void {
  process.stdout.off('error', endOnClosedPipe).on('error', endOnClosedPipe);
}

function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
