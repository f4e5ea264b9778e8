import path from 'node:path';
import type { Command } from 'commander';
import { buildCharm } from '../../builder/build.ts';

interface BuildFlags {
  readonly output?: string;
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
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
    .option('-q, --quiet', 'print nothing but warnings and errors')
    .action(async (layer: string, flags: BuildFlags) => {
      await buildCharm({
        charm: layer,
        output: flags.output ?? path.join('.charms', path.basename(path.resolve(layer))),
        layersPath: flags.layers,
        interfacesPath: flags.interfaces,
        environment: process.env,
        onProgress: ({ kind, message }) => {
          if (kind === 'warning') console.error(`WARNING ${message}`);
          else if (!flags.quiet) console.log(message);
        },
      });
    });
}

function collect(folder: string, earlier: readonly string[]): string[] {
  return [...earlier, folder];
}
