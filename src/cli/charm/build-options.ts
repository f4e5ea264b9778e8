import type { Command } from 'commander';
import type { Architecture } from '../../builder/architecture.ts';
import type { BuildProgress } from '../../builder/progress.ts';

/** Where a charm's Node comes from, as a user says it. */
export interface RuntimeFlags {
  readonly runtime?: string;
  readonly arch?: string;
}

/** Adds `--runtime` and `--arch`. */
export function addRuntimeOptions(command: Command): Command {
  return command
    .option(
      '--runtime <node>',
      'the Node that the charm runs on: "bundled" (from the npm registry), "system" (the machine\'s own), "link" (to this one, to stay on this machine), or the path of one (default: "bundled")',
    )
    .option('--arch <arch>', 'what the charm is to run on: amd64 or arm64 (default: as this machine)');
}

/** Adds `--layers` and `--interfaces`. */
export function addSearchOptions(command: Command): Command {
  return command
    .option('-l, --layers <folder>', 'look for layers here first; may be given again', collect, [])
    .option('-i, --interfaces <folder>', 'look for interfaces here first; may be given again', collect, []);
}

/** The build's options of such flags. Throws for an architecture that no charm runs on. */
export async function readRuntimeFlags({ runtime, arch }: RuntimeFlags): Promise<{
  readonly runtime: string;
  readonly architecture?: Architecture;
}> {
  const { readArchitecture } = await import('../../builder/architecture.ts');
  return {
    runtime: runtime ?? 'bundled',
    ...(arch === undefined ? {} : { architecture: readArchitecture(arch) }),
  };
}

/** Prints how a build goes on; with `isQuiet` its warnings alone. */
export function printProgress(isQuiet: boolean): (progress: BuildProgress) => void {
  return ({ kind, message }) => {
    if (kind === 'warning') console.error(`WARNING ${message}`);
    else if (!isQuiet) console.log(message);
  };
}

function collect(folder: string, earlier: readonly string[]): string[] {
  return [...earlier, folder];
}
