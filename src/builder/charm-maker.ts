import { BuildError } from './build-error.ts';
import { type CharmFacts, checkCharmFacts, readCharmFacts } from './charm-facts.ts';
import { compileCharm, generatedFile } from './compile.ts';
import { type Composition, type CompositionPlan, composePlan } from './compose.ts';
import { hasHookTemplate, planHookFiles } from './hook-files.ts';
import type { LayerStack } from './layer.ts';
import { MANIFEST } from './manifest.ts';
import type { Progress } from './progress.ts';
import { NODE_PATH, type Runtime } from './runtime.ts';
import type { ComposedFile } from './tactics/tactic.ts';
import { addVersionFile } from './version-file.ts';

/** What a charm is made of, its manifest apart. */
export interface CharmMade extends Pick<Composition, 'files' | 'emptyFolders'> {
  /** Symbolic links, path to target. */
  readonly links: Readonly<Record<string, string>>;
  /** Absent for a charm in Python that breaks Juju's rules. */
  readonly facts: CharmFacts | undefined;
}

interface Making {
  readonly plan: CompositionPlan;
  readonly stack: LayerStack;
  /** The module that `charms-reactive` means. */
  readonly frameworkEntry: string;
  /** Brings the charm's Node, for a charm that needs one. */
  readonly bringRuntime: () => Promise<Runtime>;
  readonly progress: Progress;
}

/**
 * Makes all files of a charm: with a bundle and `dispatch` where layers have handlers in TypeScript, or executable ones and no
 * template for hooks; else with hooks out of the template, for Python. Throws as `buildCharm` does.
 */
export async function makeCharm(making: Making): Promise<CharmMade> {
  return isBundled(making.plan) ? makeBundled(making) : makeFromTemplate(making);
}

function isBundled(plan: CompositionPlan): boolean {
  if (plan.hasModules) return true;
  const handlers = [...plan.paths.values()]
    .flatMap(({ copies }) => copies.slice(-1))
    .filter(isExecutableHandler);
  return handlers.length > 0 && !hasHookTemplate(plan);
}

function isExecutableHandler({
  path,
  isExecutable,
}: {
  readonly path: string;
  readonly isExecutable: boolean;
}): boolean {
  return isExecutable && /^reactive\/[^/]+$/.test(path) && !path.endsWith('.py');
}

async function makeBundled(making: Making): Promise<CharmMade> {
  const { plan, stack, frameworkEntry, bringRuntime, progress } = making;
  const composition = composePlan(plan, stack);
  const { emptyFolders, warnings } = composition;
  for (const warning of warnings) progress.warn(warning);
  if (hasHookTemplate(plan)) {
    progress.warn(
      'hooks/hook.template has no effect: in a charm with handlers in TypeScript all hooks go through dispatch',
    );
  }
  for (const { path, owner } of composition.files.filter(isHookProgram)) {
    progress.warn(
      `${path} of "${owner}" has no effect: in a charm with handlers in TypeScript all hooks go through dispatch; wait for it with hook('${path.slice('hooks/'.length)}')`,
    );
  }
  const facts = readCharmFacts(stack, composition);
  const { node, platform } = await bringRuntime();
  progress.step(`Bundling ${stack.charm}`);
  const code = await compileCharm({
    stack,
    composition,
    charm: facts,
    frameworkEntry,
    platform,
    onWarning: progress.warn,
  });
  const files = [...addVersionFile(composition.files, stack, progress.warn), ...code];
  refuseTwins(files);
  if ('link' in node) return { files, emptyFolders, links: { [NODE_PATH]: node.link }, facts };
  const program = { ...generatedFile(NODE_PATH, node.content), isExecutable: true };
  return { files: [...files, program], emptyFolders, links: {}, facts };
}

/** A hook that a layer brings as a program. */
function isHookProgram({ path, isExecutable }: ComposedFile): boolean {
  return isExecutable && /^hooks\/[^/]+$/.test(path) && path !== 'hooks/hook.template';
}

function makeFromTemplate({ plan, stack, progress }: Making): CharmMade {
  const hooks = planHookFiles({ plan, stack, onWarning: progress.warn });
  const composition = composePlan(plan, stack, hooks);
  for (const warning of composition.warnings) progress.warn(warning);
  const facts = checkCharmFacts(stack, composition, progress.warn);
  const files = addVersionFile(composition.files, stack, progress.warn);
  return { files, emptyFolders: composition.emptyFolders, links: {}, facts };
}

function refuseTwins(files: readonly ComposedFile[]): void {
  for (const [index, { path, owner, sources }] of files.entries()) {
    const isOurs =
      path === MANIFEST || path === NODE_PATH || files.some((other, at) => at > index && other.path === path);
    if (!isOurs) continue;
    throw new BuildError(
      `cannot put "${path}" of "${owner}" into the charm: the builder makes that file; rename or remove ${sources.join(', ')}`,
    );
  }
}
