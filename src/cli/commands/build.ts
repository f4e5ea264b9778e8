import path from 'node:path';
import type { Command } from 'commander';
import type { BuildChanges } from '../../builder/rebuild.ts';
import {
  addRuntimeOptions,
  addSearchOptions,
  printProgress,
  type RuntimeFlags,
  readRuntimeFlags,
} from '../charm/build-options.ts';

interface BuildFlags extends RuntimeFlags {
  readonly output?: string;
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
  readonly force?: boolean;
  readonly update?: boolean;
  readonly report: boolean;
  readonly proof?: boolean;
  readonly quiet?: boolean;
}

/** Adds `reactive build`: composes a layer with all it includes into a charm folder. */
export function addBuildCommand(program: Command): void {
  const command = program
    .command('build')
    .description('compose a layer, and the layers and interfaces it includes, into a charm that Juju can run')
    .argument('[layer]', "the charm's own layer, a folder", '.')
    .option(
      '-o, --output <folder>',
      "where the charm goes: missing, empty, or an earlier build (default: the layer's name in .charms)",
    );
  addRuntimeOptions(addSearchOptions(command))
    .option('-f, --force', 'build over an earlier build even if its files were changed since')
    .option('--update', 'take layers from git at their newest commits, and say so in layers.lock.yaml')
    .option('--no-report', 'do not list what changed since the earlier build')
    .option(
      '--proof',
      'look for what is wrong with the charm once it is built, and exit as "reactive proof" does',
    )
    .option('-q, --quiet', 'print nothing but warnings and errors')
    .action(async (layer: string, flags: BuildFlags) => {
      // Loaded here, so that no other command waits for a bundler.
      const { buildCharm } = await import('../../builder/build.ts');
      const { changes, output } = await buildCharm({
        charm: layer,
        output: flags.output ?? path.join('.charms', path.basename(path.resolve(layer))),
        layersPath: flags.layers,
        interfacesPath: flags.interfaces,
        environment: process.env,
        force: flags.force ?? false,
        update: flags.update ?? false,
        ...(await readRuntimeFlags(flags)),
        onProgress: printProgress(flags.quiet ?? false),
      });
      if (changes !== undefined && flags.report && !flags.quiet) console.log(reportChanges(changes));
      if (flags.proof) await proofOutput(output, flags.quiet ?? false);
    });
}

/** The charm is there whatever is found, as with the reference. */
async function proofOutput(output: string, isQuiet: boolean): Promise<void> {
  const { assessCharm } = await import('../../proof/assess-charm.ts');
  const { readCharmFolder } = await import('../../proof/charm-files.ts');
  const { exitCodeOf, formatFinding } = await import('../../proof/finding.ts');
  const { findings } = assessCharm({
    files: readCharmFolder(output),
    folderName: path.basename(output),
    isCharm: true,
  });
  const shown = findings.filter(({ level }) => !isQuiet || level !== 'I');
  for (const finding of shown) console.log(`proof: ${formatFinding(finding)}`);
  if (findings.length === 0 && !isQuiet) console.log('proof: OK!');
  process.exitCode = exitCodeOf(findings);
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
