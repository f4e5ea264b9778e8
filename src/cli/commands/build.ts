import path from 'node:path';
import type { Command } from 'commander';
import type { BuildChanges } from '../../builder/rebuild.ts';

interface BuildFlags {
  readonly output?: string;
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
  readonly force?: boolean;
  readonly update?: boolean;
  readonly report: boolean;
  readonly quiet?: boolean;
}

/** Adds `reactive build`: composes a layer with all it includes into a charm folder. */
export function addBuildCommand(program: Command): void {
  program
    .command('build')
    .description('compose a layer, and the layers and interfaces it includes, into a charm that Juju can run')
    .argument('[layer]', "the charm's own layer, a folder", '.')
    .option(
      '-o, --output <folder>',
      "where the charm goes: missing, empty, or an earlier build (default: the layer's name in .charms)",
    )
    .option('-l, --layers <folder>', 'look for layers here first; may be given again', collect, [])
    .option('-i, --interfaces <folder>', 'look for interfaces here first; may be given again', collect, [])
    .option('-f, --force', 'build over an earlier build even if its files were changed since')
    .option('--update', 'take layers from git at their newest commits, and say so in layers.lock.yaml')
    .option('--no-report', 'do not list what changed since the earlier build')
    .option('-q, --quiet', 'print nothing but warnings and errors')
    .action(async (layer: string, flags: BuildFlags) => {
      // Loaded here, so that no other command waits for a bundler.
      const { buildCharm } = await import('../../builder/build.ts');
      const { changes } = await buildCharm({
        charm: layer,
        output: flags.output ?? path.join('.charms', path.basename(path.resolve(layer))),
        layersPath: flags.layers,
        interfacesPath: flags.interfaces,
        environment: process.env,
        force: flags.force ?? false,
        update: flags.update ?? false,
        onProgress: ({ kind, message }) => {
          if (kind === 'warning') console.error(`WARNING ${message}`);
          else if (!flags.quiet) console.log(message);
        },
      });
      if (changes !== undefined && flags.report && !flags.quiet) console.log(reportChanges(changes));
    });
}

function collect(folder: string, earlier: readonly string[]): string[] {
  return [...earlier, folder];
}

function reportChanges({ added, changed, removed }: BuildChanges): string {
  const lines = [
    ...added.map((file) => `  + ${file}`),
    ...changed.map((file) => `    ${file}`),
    ...removed.map((file) => `  - ${file}`),
  ];
  if (lines.length === 0) return 'Nothing changed since the earlier build';
  return ['Changed since the earlier build:', ...lines].join('\n');
}
