#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addBuildCommand } from './commands/build.ts';
import { addCreateCommand } from './commands/create.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addGraphCommand } from './commands/graph.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addPackCommand } from './commands/pack.ts';
import { addProofCommand } from './commands/proof.ts';
import { addSimCommand } from './commands/sim.ts';
import { addUnpackCommand } from './commands/unpack.ts';
import { CommandFailure } from './sim/command-failure.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const program = new Command('reactive')
  .description('Build reactive Juju charms, and see them run in a local Juju.')
  .version(version)
  .showHelpAfterError('("reactive --help" tells what there is)');
addCreateCommand(program);
addBuildCommand(program);
addPackCommand(program);
addUnpackCommand(program);
addInspectCommand(program);
addProofCommand(program);
addGraphCommand(program);
addDemoCommand(program);
addSimCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`ERROR ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.REACTIVE_DEBUG) console.error(error);
  process.exitCode = error instanceof CommandFailure ? error.exitCode : 1;
}
