import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { Base } from '../../builder/base.ts';
import type { PackResult } from '../../builder/pack.ts';
import {
  addRuntimeOptions,
  addSearchOptions,
  printProgress,
  type RuntimeFlags,
  readRuntimeFlags,
} from '../charm/build-options.ts';

interface PackFlags extends RuntimeFlags {
  readonly output: string;
  readonly base: string;
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
  readonly quiet?: boolean;
}

/** Adds `reactive pack`: makes the file that Juju deploys, of a layer or of a charm that is built. */
export function addPackCommand(program: Command): void {
  const pack = program
    .command('pack')
    .description('pack a charm into a .charm file, which Juju deploys; a layer is built first')
    .argument('[charm]', 'a layer, or the folder of a built charm', '.')
    .option('-o, --output <folder>', 'where the .charm goes', '.')
    .option('--base <base>', 'the system that the charm is for', 'ubuntu@24.04');
  addSearchOptions(addRuntimeOptions(pack))
    .option('-q, --quiet', 'print nothing but warnings and errors')
    .action(async (charm: string, flags: PackFlags) => {
      // Loaded here, so that no other command waits for a bundler.
      const [{ readBase }, { classifyFolder }] = await Promise.all([
        import('../../builder/base.ts'),
        import('../../builder/charm-folder.ts'),
      ]);
      const base = readBase(flags.base);
      const isLayer = classifyFolder(charm) === 'layer';
      const { file, size, warnings } = await (isLayer ? packLayer : packBuilt)(charm, base, flags);
      for (const warning of warnings) console.error(`WARNING ${warning}`);
      const shown = path.relative('.', file);
      if (!flags.quiet) console.log(`Packed ${shown} (${(size / 1e6).toFixed(1)} MB)`);
    });
}

async function packLayer(layer: string, base: Base, flags: PackFlags): Promise<PackResult> {
  const [{ buildCharm }, { packCharm }] = await Promise.all([
    import('../../builder/build.ts'),
    import('../../builder/pack.ts'),
  ]);
  const place = mkdtempSync(path.join(tmpdir(), 'reactive-pack-'));
  try {
    const folder = path.join(place, 'charm');
    const runtime = await readRuntimeFlags(flags);
    await buildCharm({
      charm: layer,
      output: folder,
      layersPath: flags.layers,
      interfacesPath: flags.interfaces,
      environment: process.env,
      ...runtime,
      onProgress: ({ kind, message }) => {
        // Where it is built is nobody's business: it is gone in a moment.
        if (!message.includes(place)) printProgress(flags.quiet ?? false)({ kind, message });
      },
    });
    const { architecture } = runtime;
    return await packCharm({
      folder,
      into: flags.output,
      base,
      ...(architecture === undefined ? {} : { architecture }),
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function packBuilt(folder: string, base: Base, flags: PackFlags): Promise<PackResult> {
  const [{ packCharm }, { BuildError }] = await Promise.all([
    import('../../builder/pack.ts'),
    import('../../builder/build-error.ts'),
  ]);
  if (flags.runtime !== undefined) {
    throw new BuildError(
      `cannot pack "${folder}" with --runtime: it is built, with a Node of its own; give its layer, or build it with --runtime ${flags.runtime}`,
    );
  }
  const { architecture } = await readRuntimeFlags(flags);
  return packCharm({
    folder,
    into: flags.output,
    base,
    ...(architecture === undefined ? {} : { architecture }),
  });
}
