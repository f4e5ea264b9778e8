import { isNegated, matchPatterns } from './file-patterns.ts';
import type { Layer, LayerStack } from './layer.ts';
import type { PlannedPaths, SourceFile } from './planned-paths.ts';

/**
 * A warning for each pattern of an `ignore` or `exclude` that leaves files in the charm which it names: `ignore` reaches
 * the layer right below only, `exclude` the layer itself.
 */
export function findUnheardPatterns(plan: PlannedPaths, stack: LayerStack): readonly string[] {
  return stack.layers.flatMap((layer, place) => {
    const { ignore = [], exclude = [] } = layer.file ?? {};
    const reach: Reach = { plan, stack, layer, place };
    return [
      ...named(ignore).flatMap((pattern) => explainIgnore(pattern, ignore, reach)),
      ...named(exclude).flatMap((pattern) => explainExclude(pattern, exclude, reach)),
    ];
  });
}

interface Reach {
  readonly plan: PlannedPaths;
  readonly stack: LayerStack;
  readonly layer: Layer;
  readonly place: number;
}

/** The files that several layers' copies are merged into; of others only the highest copy is in the charm. */
const MERGED = /^(?:(?:metadata|config|actions|dist|resources|layer)\.yaml|copyright|wheelhouse\.txt)$/;

function named(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => !isNegated(pattern));
}

function explainIgnore(pattern: string, patterns: readonly string[], reach: Reach): readonly string[] {
  const { plan, stack, layer, place } = reach;
  const isMeant = meaning(pattern, patterns);
  const below = stack.layers[place - 1];
  const stays = keptFiles(reach, plan.files.slice(0, Math.max(place - 1, 0)).flat()).filter(isMeant);
  if (stays.length > 0) {
    return [
      `"${pattern}" in the ignore of "${layer.url}" reaches only "${below?.url}", the layer right below it: ${nameFiles(stays)}`,
    ];
  }
  const isHeard = plan.files.slice(0, place).flat().some(isMeant);
  const own = keptFiles(reach, plan.files[place] ?? []).filter(isMeant);
  if (isHeard || own.length === 0) return [];
  return [
    `"${pattern}" in the ignore of "${layer.url}" reaches files of the layer right below it, and none of its own: ${nameFiles(own)}; an exclude would leave them out`,
  ];
}

function explainExclude(pattern: string, patterns: readonly string[], reach: Reach): readonly string[] {
  const { plan, layer, place } = reach;
  const isMeant = meaning(pattern, patterns);
  if ((plan.files[place] ?? []).some(isMeant)) return [];
  const stays = keptFiles(reach, plan.files.slice(0, place).flat()).filter(isMeant);
  if (stays.length === 0) return [];
  return [
    `"${pattern}" in the exclude of "${layer.url}" reaches that layer's own files, and there it matches none: ${nameFiles(stays)}`,
  ];
}

/** Whether a file is one that the pattern names, and no later pattern takes back in. */
function meaning(pattern: string, patterns: readonly string[]): (file: SourceFile) => boolean {
  const [isNamed, isWhole] = [matchPatterns([pattern]), matchPatterns(patterns)];
  return ({ path }) => isNamed(path) && isWhole(path);
}

/** Those of the files that are in the charm, alone or merged with others. */
function keptFiles({ plan }: Reach, files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter((file) => {
    const copies = plan.paths.get(file.path)?.copies ?? [];
    return MERGED.test(file.path) ? copies.includes(file) : copies.at(-1) === file;
  });
}

const SHOWN = 3;

function nameFiles(files: readonly SourceFile[]): string {
  const shown = files.slice(0, SHOWN).map(({ path, layer }) => `${path} of "${layer.url}"`);
  const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : '';
  return `${shown.join(', ')}${more} ${files.length === 1 ? 'stays' : 'stay'}`;
}
