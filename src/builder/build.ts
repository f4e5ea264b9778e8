import { existsSync, realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { CharmMetadata } from '../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../metadata/config-options.ts';
import type { Architecture } from './architecture.ts';
import { BuildError } from './build-error.ts';
import { ownFrameworkEntry } from './bundle.ts';
import { makeCharm } from './charm-maker.ts';
import { generatedFile } from './compile.ts';
import { planLayers } from './compose.ts';
import { GitLayers } from './git-layers.ts';
import type { LayerStack } from './layer.ts';
import { MANIFEST, writeManifest } from './manifest.ts';
import { readEarlierBuild, writeOutput } from './output-folder.ts';
import { type BuildProgress, collectProgress, type Progress } from './progress.ts';
import { type BuildChanges, findChanges, findConflicts, refuseConflicts } from './rebuild.ts';
import { resolveLayers } from './resolve.ts';
import { bringRuntime, type Runtime, type RuntimeChoice } from './runtime.ts';
import { defaultCacheFolder, defaultSearchFolders } from './search-folders.ts';

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
  /** Environment variables, for CHARM_LAYERS_DIR, CHARM_INTERFACES_DIR and CHARM_CACHE_DIR; none if not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where paths in includes start, if not at the layer that has them; the current folder if not given. */
  readonly workingFolder?: string;
  /** Whether to take layers from git at their newest commits, and to write those into the charm's `layers.lock.yaml`. */
  readonly update?: boolean;
  /** Whether to build over an earlier build whose files were changed since. */
  readonly force?: boolean;
  /** Where the charm's Node comes from; `link` if not given, for a charm that stays on this machine. */
  readonly runtime?: RuntimeChoice;
  /** What the charm is to run on; this machine's kind if not given. */
  readonly architecture?: Architecture;
  /** Told what is going on, as it goes on. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** For tests: the module that `charms-reactive` means, in place of this package's own. */
  readonly frameworkEntry?: string;
}

/** A built charm. */
export interface BuildResult {
  readonly name: string;
  /** Its folder, absolute. */
  readonly output: string;
  /** The urls of its layers from the lowest up, then of its interfaces, used or not. */
  readonly layers: readonly string[];
  /** Absent, as is `config`, for a charm in Python whose metadata.yaml breaks Juju's rules, which is a warning there. */
  readonly metadata?: CharmMetadata;
  readonly config?: ConfigOptions;
  /** Paths of all its files, sorted, with `/`. */
  readonly files: readonly string[];
  /** Paths of an earlier build's files that are gone. */
  readonly removed: readonly string[];
  /** What is different from the earlier build in the folder; absent where there was none. */
  readonly changes?: BuildChanges;
  readonly warnings: readonly string[];
}

/**
 * Builds a charm that Juju can run out of a layer and all it includes. Layers with handlers in TypeScript make a charm with
 * a bundle, layers in Python one with hooks made from their template.
 *
 * Nothing is written unless everything went well. Two builds of one tree are the same byte for byte, wherever they are
 * built, where a link at `bin/node` leads apart, and what says at which git revision a layer is. Throws `BuildError` where
 * the layers cannot be found, do not go together or do not compile, where there is no such Node to be had, or where the
 * output folder holds something else or was changed since it was built; `MetadataError` where a charm file breaks a rule.
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
  const plan = planLayers(stack, real);
  const frameworkEntry = resolve(options.frameworkEntry ?? ownFrameworkEntry());
  const { files, emptyFolders, links, facts } = await makeCharm({
    plan,
    stack,
    frameworkEntry,
    bringRuntime: () => bringRuntimeFor(options, progress),
    progress,
  });
  const manifest = writeManifest({ stack, files, unchecked: Object.keys(links) });
  const all = [...files, generatedFile(MANIFEST, manifest)];
  const conflicts = earlier === undefined ? [] : findConflicts(output, earlier, files);
  if (!options.force) refuseConflicts(output, conflicts);
  for (const conflict of conflicts) progress.warn(`Overwriting what was ${conflict} after it was built`);
  const removed = writeOutput({ folder: output, files: all, links, emptyFolders, earlier });
  progress.step(`Built ${stack.charm} in ${output}`);
  return {
    name: stack.charm,
    output,
    layers: [...stack.layers, ...stack.interfaces].map(({ url }) => url),
    ...(facts === undefined ? {} : { metadata: facts.metadata, config: facts.config }),
    files: [...all.map(({ path }) => path), ...Object.keys(links)].sort(),
    removed,
    ...(earlier === undefined ? {} : { changes: findChanges(earlier, files, removed) }),
    warnings: progress.warnings,
  };
}

/** Finds the layers of a charm where a build looks for them. Throws as `buildCharm` does. */
export function findLayers(options: Omit<BuildOptions, 'output'>, progress: Progress): LayerStack {
  const { charm, layersPath, interfacesPath, environment, workingFolder } = options;
  const usual = defaultSearchFolders(charm, environment);
  const absolute = (folders: readonly string[] = []) => folders.map((folder) => resolve(folder));
  const cache = defaultCacheFolder(environment);
  const git = new GitLayers({ charm, cache, update: options.update ?? false });
  const stack = resolveLayers({
    charm,
    folders: {
      layers: [...absolute(layersPath), ...usual.layers],
      interfaces: [...absolute(interfacesPath), ...usual.interfaces],
    },
    ...(workingFolder === undefined ? {} : { workingFolder }),
    git,
    onWarning: progress.warn,
  });
  git.save();
  return stack;
}

function bringRuntimeFor(options: BuildOptions, { step }: Progress): Promise<Runtime> {
  const { runtime, architecture, environment } = options;
  return bringRuntime({
    choice: runtime ?? 'link',
    ...(architecture === undefined ? {} : { architecture }),
    cache: defaultCacheFolder(environment),
    onStep: step,
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
