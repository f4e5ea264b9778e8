import type { Layer, LayerStack } from '../layer.ts';
import type { SourceFile } from '../planned-paths.ts';

/** How the copies that layers have of a file become the charm's file; one for each kind of file. */
export interface Tactic {
  /** Whether files at this path (relative to the layer, with `/`) are this tactic's. The first tactic that says so has them. */
  handles(path: string): boolean;
  /** Whether a copy cannot stand alone above one that was left out: the reference fails there too. */
  readonly needsLower?: boolean;
  /**
   * Merges the copies, and returns what makes the charm's files of them. Both throw `BuildError` or `MetadataError`: at once
   * where the copies do not go together, later where what they come to is wrong.
   */
  plan(copies: Copies, stack: LayerStack): FileMaker;
}

/** Makes files of the charm, once everything is merged. */
export type FileMaker = () => readonly ComposedFile[];

/** The copies of one file, lowest layer first; those that `ignore` or `exclude` drop are not among them. */
export type Copies = readonly [SourceFile, ...SourceFile[]];

/** A file of the charm. */
export interface ComposedFile {
  /** Relative to the charm's folder, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Written with mode 0755 if so, else 0644. */
  readonly isExecutable: boolean;
  /** The url of the layer it is signed under in the manifest. */
  readonly owner: string;
  /** `static`: as it was in the layer. `dynamic`: made by the builder. */
  readonly kind: 'static' | 'dynamic';
  /** The files it was made of, absolute, lowest first. */
  readonly sources: readonly string[];
}

/** The copy that wins where only one can. */
export function highest(copies: Copies): SourceFile {
  return copies.at(-1) ?? copies[0];
}

/** The place of a copy's layer in the stack, 0 for the lowest. */
export function placeOf(layer: Layer, stack: LayerStack): number {
  return stack.layers.lastIndexOf(layer);
}
