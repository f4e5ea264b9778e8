import { BuildError } from './build-error.ts';
import { findUnheardDeletes } from './deletes-reach.ts';
import type { LayerStack } from './layer.ts';
import { findUnheardPatterns } from './pattern-reach.ts';
import { type PlannedPath, type PlannedPaths, planPaths, type SourceFile } from './planned-paths.ts';
import { copyTactic } from './tactics/copy.ts';
import { copyrightTactic } from './tactics/copyright.ts';
import { layerOptionsTactic } from './tactics/layer-options.ts';
import { mergedYamlTactic } from './tactics/merged-yaml.ts';
import { metadataTactic } from './tactics/metadata.ts';
import { isProgram, isReactiveModule, sourceCodeTactic } from './tactics/source-code.ts';
import { type ComposedFile, type Copies, type FileMaker, placeOf, type Tactic } from './tactics/tactic.ts';
import { wheelhouseTactic } from './tactics/wheelhouse.ts';

/** Layers whose files are merged and not yet made into the charm's. */
export interface CompositionPlan extends PlannedPaths {
  /** Whether layers have code of ours, in TypeScript or JavaScript, which goes into a bundle. */
  readonly hasModules: boolean;
  readonly makers: ReadonlyMap<string, FileMaker>;
}

/** What comes on top of the layers' own files. */
export interface Addition {
  /** Throws where it cannot be made, after the layers' options were checked and before all other files are made. */
  check(): void;
  /** All files of the charm, given those of its layers. */
  addTo(files: readonly ComposedFile[]): readonly ComposedFile[];
}

/** What the layers of a charm come to. */
export interface Composition {
  /** The charm's files, in order of their paths; without what the builder makes itself (`charm.js`, `dispatch`, …). */
  readonly files: readonly ComposedFile[];
  /** Folders that are there with nothing in them. */
  readonly emptyFolders: readonly string[];
  /** The modules with handlers, in the order in which they are loaded: lowest layer first, by name within a layer. */
  readonly reactive: readonly SourceFile[];
  /** The programs that handlers start, each bundled on its own: code directly under `programs/`. */
  readonly programs: readonly SourceFile[];
  /** What a layer.yaml asks for without effect, because it reaches less far than one might think. */
  readonly warnings: readonly string[];
}

/** The first that handles a path has it. */
const TACTICS: readonly Tactic[] = [
  wheelhouseTactic,
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
  return composePlan(planLayers(stack, skip), stack);
}

/** The first half: finds the copies of all files and merges them. Throws as `composeLayers` does. */
export function planLayers(stack: LayerStack, skip?: string): CompositionPlan {
  const planned = planPaths(stack, skip);
  const hasModules = [...planned.paths.values()].some(
    ({ path, copies }) => copies.length > 0 && (isReactiveModule(path) || isProgram(path)),
  );
  const tactics = hasModules ? TACTICS : TACTICS.filter((tactic) => tactic !== sourceCodeTactic);
  const makers = new Map<string, FileMaker>();
  for (const entry of planned.paths.values()) {
    const copies = copiesOf(entry);
    if (copies === undefined) continue;
    const tactic = tactics.find((one) => one.handles(entry.path)) ?? copyTactic;
    if (tactic.needsLower) refuseDropped(entry);
    makers.set(entry.path, tactic.plan(copies, stack));
  }
  return { ...planned, hasModules, makers };
}

/** The second half: makes the files. Throws as `composeLayers` does. */
export function composePlan(plan: CompositionPlan, stack: LayerStack, addition?: Addition): Composition {
  const made = new Map<string, readonly ComposedFile[]>();
  // Options are checked before anything else is looked at.
  for (const path of LAYER_FILES) made.set(path, plan.makers.get(path)?.() ?? []);
  addition?.check();
  // Requirements are read before anything is edited.
  const others = [...plan.makers.keys()].filter((path) => !LAYER_FILES.includes(path));
  for (const path of others.sort((a, b) => Number(b === REQUIREMENTS) - Number(a === REQUIREMENTS))) {
    made.set(path, plan.makers.get(path)?.() ?? []);
  }
  const layered = [...plan.makers.keys()].flatMap((path) => made.get(path) ?? []);
  const own = lastOfEach(layered);
  refuseFilesInFiles(own);
  const files = [...(addition?.addTo(own) ?? own)].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files,
    emptyFolders: [...plan.emptyFolders].filter((folder) => !isInUse(folder, files)).sort(),
    reactive: listModules(plan, stack, isReactiveModule),
    programs: listModules(plan, stack, isProgram),
    warnings: [...findUnheardPatterns(plan, stack), ...findUnheardDeletes({ plan, stack, files: own })],
  };
}

/** Where a layer says what it includes, the older name first. */
const LAYER_FILES = ['composer.yaml', 'layer.yaml'];

const REQUIREMENTS = 'wheelhouse.txt';

/** The copies of a path that count; undefined where none does. */
export function copiesOf(entry: PlannedPath | undefined): Copies | undefined {
  const [first, ...rest] = entry?.copies ?? [];
  return first === undefined ? undefined : [first, ...rest];
}

function refuseDropped({ path, copies, dropped }: PlannedPath): void {
  if (dropped === undefined) return;
  const { file, by, rule } = dropped;
  throw new BuildError(
    `cannot merge "${path}": "${copies[0]?.layer.url}" has one above that of "${file.layer.url}", which the ${rule} in the layer.yaml of "${by.url}" leaves out; take "${path}" out of that list`,
  );
}

/**
 * Of two files for one path the one that is met later, as in the reference: layer.yaml out of composer.yaml, or the
 * constraints that wheelhouse.txt brings along.
 */
function lastOfEach(files: readonly ComposedFile[]): readonly ComposedFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** A module that a higher layer has too is the higher one's, and runs in its place. */
function listModules(
  { paths }: CompositionPlan,
  stack: LayerStack,
  isWanted: (path: string) => boolean,
): readonly SourceFile[] {
  return [...paths.values()]
    .filter(({ path }) => isWanted(path))
    .flatMap(({ copies }) => copies.slice(-1))
    .sort((a, b) => placeOf(a.layer, stack) - placeOf(b.layer, stack) || (a.path < b.path ? -1 : 1));
}

function isInUse(folder: string, files: readonly ComposedFile[]): boolean {
  return files.some(({ path }) => `${path}/`.startsWith(`${folder}/`) || folder.startsWith(`${path}/`));
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
