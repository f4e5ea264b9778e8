import { BuildError } from './build-error.ts';
import { matchPatterns } from './file-patterns.ts';
import type { LayerStack } from './layer.ts';
import { listSourceFiles, type SourceFile } from './source-files.ts';
import { copyTactic } from './tactics/copy.ts';
import { copyrightTactic } from './tactics/copyright.ts';
import { layerOptionsTactic } from './tactics/layer-options.ts';
import { mergedYamlTactic } from './tactics/merged-yaml.ts';
import { metadataTactic } from './tactics/metadata.ts';
import { isProgram, isReactiveModule, sourceCodeTactic } from './tactics/source-code.ts';
import { type ComposedFile, type Copies, highest, placeOf, type Tactic } from './tactics/tactic.ts';

/** What the layers of a charm come to. */
export interface Composition {
  /** The charm's files, in order of their paths; without what the builder makes itself (`charm.js`, `dispatch`, …). */
  readonly files: readonly ComposedFile[];
  /** The modules with handlers, in the order in which they are loaded: lowest layer first, by name within a layer. */
  readonly reactive: readonly SourceFile[];
  /** The programs that handlers start, each bundled on its own: code directly under `programs/`. */
  readonly programs: readonly SourceFile[];
}

/** The first that handles a path has it. */
const TACTICS: readonly Tactic[] = [
  copyrightTactic,
  metadataTactic,
  mergedYamlTactic,
  layerOptionsTactic,
  sourceCodeTactic,
  copyTactic,
];

/**
 * Puts the files of all layers together, each kind by its own rule. Nothing is written. `skip` is a folder that is no
 * part of any layer. Throws `BuildError` or `MetadataError` where the layers do not go together.
 */
export function composeLayers(stack: LayerStack, skip?: string): Composition {
  const paths = collectCopies(stack, skip);
  const composed = [...paths].flatMap(([path, copies]) => {
    const tactic = TACTICS.find((one) => one.handles(path)) ?? copyTactic;
    return tactic.compose(copies, stack);
  });
  const files = composed.sort((a, b) => (a.path < b.path ? -1 : 1));
  refuseFilesInFiles(files);
  return {
    files,
    reactive: listModules(paths, stack, isReactiveModule),
    programs: listModules(paths, stack, isProgram),
  };
}

/**
 * The copies of each file, lowest layer first.
 *
 * A layer's `ignore` reaches the layer right below it in the order, and takes with it what lower layers have at that
 * path: the reference's rule, wider than `exclude`, which keeps a lower copy.
 */
function collectCopies(stack: LayerStack, skip: string | undefined): ReadonlyMap<string, Copies> {
  const paths = new Map<string, Copies>();
  for (const [place, layer] of stack.layers.entries()) {
    const isIgnored = matchPatterns(stack.layers[place + 1]?.file?.ignore ?? []);
    for (const file of listSourceFiles(layer, skip)) {
      const lower = paths.get(file.path);
      if (isIgnored(file.path)) paths.delete(file.path);
      else paths.set(file.path, lower === undefined ? [file] : [...lower, file]);
    }
  }
  return paths;
}

/** A module that a higher layer has too is the higher one's, and runs in its place. */
function listModules(
  paths: ReadonlyMap<string, Copies>,
  stack: LayerStack,
  isWanted: (path: string) => boolean,
): readonly SourceFile[] {
  return [...paths.values()]
    .map(highest)
    .filter(({ path }) => isWanted(path))
    .sort((a, b) => placeOf(a.layer, stack) - placeOf(b.layer, stack) || (a.path < b.path ? -1 : 1));
}

function refuseFilesInFiles(files: readonly ComposedFile[]): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    const steps = file.path.split('/');
    for (let length = 1; length < steps.length; length++) {
      const above = byPath.get(steps.slice(0, length).join('/'));
      if (above === undefined) continue;
      throw new BuildError(
        `cannot put "${file.path}" of "${file.owner}" into the charm: "${above.path}" is a file in "${above.owner}"; rename one of them`,
      );
    }
  }
}
