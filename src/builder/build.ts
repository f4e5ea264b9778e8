import { existsSync, realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { CharmMetadata } from '../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../metadata/config-options.ts';
import { BuildError } from './build-error.ts';
import { ownFrameworkEntry } from './bundle.ts';
import { readCharmFacts } from './charm-facts.ts';
import { compileCharm, generatedFile } from './compile.ts';
import { composeLayers } from './compose.ts';
import type { LayerStack } from './layer.ts';
import { MANIFEST, writeManifest } from './manifest.ts';
import { readEarlierBuild, writeOutput } from './output-folder.ts';
import { resolveLayers } from './resolve.ts';
import { defaultSearchFolders } from './search-folders.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** What to build, and into which folder. Paths may be relative to the current folder. */
export interface BuildOptions {
  /** The folder of the charm's own layer, the top one. */
  readonly charm: string;
  /** Where the charm goes: a folder that is missing, empty or an earlier build. */
  readonly output: string;
  /** Folders to look in for layers, before the usual ones (`defaultSearchFolders`). */
  readonly layersPath?: readonly string[];
  /** Folders to look in for interfaces, before the usual ones. */
  readonly interfacesPath?: readonly string[];
  /** Environment variables, for CHARM_LAYERS_DIR and CHARM_INTERFACES_DIR; none if not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where the charm's Node comes from. `system`, the default: the Node that runs this, by a symbolic link. */
  readonly runtime?: 'system';
  /** Told what is going on, as it goes on. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** For tests: the module that `charms-reactive` means, in place of this package's own. */
  readonly frameworkEntry?: string;
}

/** A step begun, or something that is no error and yet hardly meant. */
export interface BuildProgress {
  readonly kind: 'step' | 'warning';
  readonly message: string;
}

/** A built charm. */
export interface BuildResult {
  readonly name: string;
  /** Its folder, absolute. */
  readonly output: string;
  /** The urls of its layers from the lowest up, then of its interfaces, used or not. */
  readonly layers: readonly string[];
  readonly metadata: CharmMetadata;
  readonly config: ConfigOptions;
  /** Paths of all its files, sorted, with `/`. */
  readonly files: readonly string[];
  /** Paths of an earlier build's files that are gone. */
  readonly removed: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Builds a charm that Juju can run out of a layer and all it includes.
 *
 * Nothing is written unless everything went well. Two builds of one tree are the same byte for byte, wherever they are
 * built, `bin/node`'s target apart. Throws `BuildError` where the layers cannot be found, do not go together or do not
 * compile, or where the output folder holds something else; `MetadataError` where a charm file breaks a rule.
 */
export async function buildCharm(options: BuildOptions): Promise<BuildResult> {
  const output = resolve(options.output);
  const progress = collectProgress(options.onProgress);
  const earlier = readEarlierBuild(output);
  const stack = findLayers(options, progress);
  // The layers' folders are real paths too.
  const real = existsSync(output) ? realpathSync(output) : output;
  refuseOutputAround(stack, real);
  for (const { url } of [...stack.layers, ...stack.interfaces]) progress.step(`Processing ${url}`);
  const composition = composeLayers(stack, real);
  const charm = readCharmFacts(stack, composition);
  progress.step(`Bundling ${stack.charm}`);
  const code = await compileCharm({
    stack,
    composition,
    charm,
    frameworkEntry: resolve(options.frameworkEntry ?? ownFrameworkEntry()),
    onWarning: progress.warn,
  });
  const files = [...composition.files, ...code];
  refuseTwins(files);
  const manifest = writeManifest({ stack, files, unchecked: [NODE_LINK] });
  const removed = writeOutput({
    folder: output,
    files: [...files, generatedFile(MANIFEST, manifest)],
    links: { [NODE_LINK]: process.execPath },
    earlier,
  });
  progress.step(`Built ${stack.charm} in ${output}`);
  return {
    name: stack.charm,
    output,
    layers: [...stack.layers, ...stack.interfaces].map(({ url }) => url),
    metadata: charm.metadata,
    config: charm.config,
    files: [...files.map(({ path }) => path), MANIFEST, NODE_LINK].sort(),
    removed,
    warnings: progress.warnings,
  };
}

const NODE_LINK = 'bin/node';

interface Progress {
  readonly warnings: string[];
  step(message: string): void;
  warn(message: string): void;
}

function collectProgress(onProgress: BuildOptions['onProgress']): Progress {
  const warnings: string[] = [];
  return {
    warnings,
    step: (message) => onProgress?.({ kind: 'step', message }),
    warn: (message) => {
      warnings.push(message);
      onProgress?.({ kind: 'warning', message });
    },
  };
}

function findLayers(options: BuildOptions, progress: Progress): LayerStack {
  const { charm, layersPath, interfacesPath, environment } = options;
  const usual = defaultSearchFolders(charm, environment);
  const absolute = (folders: readonly string[] = []) => folders.map((folder) => resolve(folder));
  return resolveLayers({
    charm,
    folders: {
      layers: [...absolute(layersPath), ...usual.layers],
      interfaces: [...absolute(interfacesPath), ...usual.interfaces],
    },
    onWarning: progress.warn,
  });
}

function refuseOutputAround(stack: LayerStack, output: string): void {
  const around = [...stack.layers, ...stack.interfaces].find(
    ({ folder }) => folder === output || folder.startsWith(output + sep),
  );
  if (around !== undefined) {
    throw new BuildError(
      `cannot build into "${output}": "${around.url}" lies in it, at "${around.folder}"; give another folder`,
    );
  }
}

function refuseTwins(files: readonly ComposedFile[]): void {
  for (const [index, { path, owner, sources }] of files.entries()) {
    const isOurs =
      path === MANIFEST || path === NODE_LINK || files.some((other, at) => at > index && other.path === path);
    if (!isOurs) continue;
    throw new BuildError(
      `cannot put "${path}" of "${owner}" into the charm: the builder makes that file; rename or remove ${sources.join(', ')}`,
    );
  }
}
