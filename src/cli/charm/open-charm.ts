import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Composition } from '../../builder/compose.ts';
import type { LayerStack } from '../../builder/layer.ts';
import { MetadataError } from '../../metadata/metadata-error.ts';
import { type CharmFiles, holdCharmFiles, readCharmFolder } from '../../proof/charm-files.ts';
import { type Finding, fault, warning } from '../../proof/finding.ts';

/** A charm to be looked at: built, or put together in memory out of a layer and what it includes. */
export interface OpenedCharm {
  readonly files: CharmFiles;
  /** The name of its folder, for a charm that lies in one. */
  readonly folderName: string | undefined;
  /** The name of the charm's own layer. */
  readonly ownLayer: string | undefined;
  /** Whether it is a charm, and not a layer for others to build on. */
  readonly isCharm: boolean;
  /** Why it cannot be built, and what the builder warns of. */
  readonly findings: readonly Finding[];
}

/** Where to look for what a layer includes, as for a build. */
export interface OpenOptions {
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
}

/** Opens a folder; undefined where it is neither a charm nor a layer. Writes nothing. */
export async function openCharm(folder: string, options: OpenOptions): Promise<OpenedCharm | undefined> {
  if (isLayer(folder)) return openLayer(folder, options);
  if (!existsSync(path.join(folder, 'metadata.yaml'))) return undefined;
  return {
    files: readCharmFolder(folder),
    folderName: path.basename(path.resolve(folder)),
    ownLayer: undefined,
    isCharm: true,
    findings: [],
  };
}

/** A layer has a layer.yaml or modules with handlers, and was not built. */
function isLayer(folder: string): boolean {
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => existsSync(path.join(folder, name)));
  if (has('.build.manifest', 'charm.js')) return false;
  if (has('layer.yaml', 'composer.yaml')) return true;
  const reactive = path.join(folder, 'reactive');
  return (
    statSync(reactive, { throwIfNoEntry: false })?.isDirectory() === true &&
    readdirSync(reactive).some((name) => /\.[cm]?[jt]s$/.test(name))
  );
}

async function openLayer(folder: string, { layers, interfaces }: OpenOptions): Promise<OpenedCharm> {
  const { findLayers } = await import('../../builder/build.ts');
  const { planLayers, composePlan } = await import('../../builder/compose.ts');
  const { collectProgress } = await import('../../builder/progress.ts');
  const progress = collectProgress(undefined);
  const opened = { files: holdCharmFiles([]), folderName: undefined, ownLayer: undefined, isCharm: true };
  try {
    const stack = findLayers(
      { charm: folder, layersPath: layers, interfacesPath: interfaces, environment: process.env },
      progress,
    );
    const plan = planLayers(stack);
    const own = {
      ownLayer: stack.layers.at(-1)?.name,
      isCharm: stack.layers.some(({ folder: one }) => namesCharm(one)),
    };
    try {
      const made = await makeFiles(stack, plan, own.isCharm, progress);
      const findings = progress.warnings.filter(isNews).map((text) => warning('build', text));
      return { ...opened, ...own, files: holdCharmFiles(made.files, made.emptyFolders), findings };
    } catch (error) {
      // What could be put together is looked at all the same; once it is built its hooks go through `dispatch`.
      const { files: composed, emptyFolders } = composePlan(plan, stack);
      const dispatch = { path: 'dispatch', content: new Uint8Array(), isExecutable: true };
      const files = plan.hasModules ? [...composed, dispatch] : composed;
      // The charm's own checks say what breaks a rule of Juju's.
      const findings = error instanceof MetadataError ? [] : faultsOf(error);
      return { ...opened, ...own, files: holdCharmFiles(files, emptyFolders), findings };
    }
  } catch (error) {
    return { ...opened, isCharm: false, findings: faultsOf(error) };
  }
}

type Plan = ReturnType<typeof import('../../builder/compose.ts').planLayers>;
type Progress = ReturnType<typeof import('../../builder/progress.ts').collectProgress>;

async function makeFiles(
  stack: LayerStack,
  plan: Plan,
  isCharm: boolean,
  progress: Progress,
): Promise<Pick<Composition, 'files' | 'emptyFolders'>> {
  const { ownFrameworkEntry } = await import('../../builder/bundle.ts');
  const { bringRuntime } = await import('../../builder/runtime.ts');
  const bring = () => bringRuntime({ choice: 'link', cache: '', onStep: progress.step });
  if (isCharm || !plan.hasModules) {
    const { makeCharm } = await import('../../builder/charm-maker.ts');
    return makeCharm({ plan, stack, frameworkEntry: ownFrameworkEntry(), bringRuntime: bring, progress });
  }
  return makeLayer(stack, plan, progress);
}

/** A layer that is no charm has what a charm needs made up for it, and its code is bundled as a charm's is. */
async function makeLayer(
  stack: LayerStack,
  plan: Plan,
  progress: Progress,
): Promise<Pick<Composition, 'files' | 'emptyFolders'>> {
  const { composePlan } = await import('../../builder/compose.ts');
  const { compileCharm } = await import('../../builder/compile.ts');
  const { ownFrameworkEntry } = await import('../../builder/bundle.ts');
  const { ownPlatform } = await import('../../builder/native-addon.ts');
  const { parseYaml } = await import('../../metadata/yaml-text.ts');
  const { readMetadata } = await import('../../metadata/charm-metadata.ts');
  const composition = composePlan(plan, stack);
  const file = composition.files.find((one) => one.path === 'metadata.yaml');
  const given = file && parseYaml(new TextDecoder().decode(file.content), file.sources.join(' + '));
  const needed = { name: 'layer', summary: '', description: '' };
  const whole = new Map<unknown, unknown>([
    ...Object.entries(needed),
    ...(given instanceof Map ? given : []),
  ]);
  const code = await compileCharm({
    stack,
    composition,
    charm: { metadata: readMetadata(whole, 'metadata.yaml'), config: {}, options: {} },
    frameworkEntry: ownFrameworkEntry(),
    platform: ownPlatform(),
    onWarning: progress.warn,
  });
  return { ...composition, files: [...composition.files, ...code] };
}

/** Whether a layer's own metadata.yaml says what the charm is called. */
function namesCharm(folder: string): boolean {
  const file = path.join(folder, 'metadata.yaml');
  return existsSync(file) && /^name\s*:/m.test(readFileSync(file, 'utf8'));
}

/** Those are findings of the charm's own checks. */
function isNews(warning: string): boolean {
  return !warning.startsWith('Juju will refuse the charm');
}

function faultsOf(error: unknown): readonly Finding[] {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').map((line) => fault('build', line));
}
