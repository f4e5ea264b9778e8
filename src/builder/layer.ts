import type { InterfaceFile } from '../metadata/interface-file.ts';
import type { LayerFile } from '../metadata/layer-file.ts';

/** Where a layer or an interface is from. */
interface Origin {
  /** The commit it is at, as far as that is known. */
  readonly revision?: string;
  /** The git repository it was fetched from. */
  readonly fetchedFrom?: string;
}

/** A layer in its place among the others. */
export interface Layer extends Origin {
  /** What names its options: `name` in its layer.yaml, else the name it was included by; for the charm, the charm's name. */
  readonly name: string;
  /** How it was included (`layer:basic`, a path); for the charm itself, the charm's name. Errors and the manifest say this. */
  readonly url: string;
  /** Its folder, absolute, symbolic links resolved. */
  readonly folder: string;
  /** Its layer.yaml; absent where it has none, which is legal for a layer that only brings files. */
  readonly file?: LayerFile;
}

/** An interface layer: the code of both sides of a protocol. */
export interface InterfaceLayer extends Origin {
  /** The protocol: `name` in its interface.yaml, else the name it was included by. */
  readonly name: string;
  /** `interface:NAME`, as it was included. */
  readonly url: string;
  readonly folder: string;
  readonly file: InterfaceFile;
}

/** All that a charm is made of. */
export interface LayerStack {
  /** The charm's name: that of the top layer's own metadata.yaml, else of its folder. */
  readonly charm: string;
  /** Lowest first; the last is the charm's own layer. A later one wins over, or is merged onto, those before it. */
  readonly layers: readonly Layer[];
  /** In the order in which they were first included, used or not. */
  readonly interfaces: readonly InterfaceLayer[];
}
