import type { JsonValue } from 'charms-reactive';

/** Files by path, and their text. */
export type CaseFiles = Readonly<Record<string, string>>;

/** Layers and interfaces to be built into a charm, and what the reference made of them. */
export interface BuildCase {
  readonly id: string;
  /** The folder, below `layers/`, of the charm's own layer. */
  readonly top: string;
  /** By folder, below `layers/`. */
  readonly layers: Readonly<Record<string, CaseFiles>>;
  /** By folder, below `interfaces/`. */
  readonly interfaces: Readonly<Record<string, CaseFiles>>;
  /** The files that are executable. */
  readonly modes: Readonly<Record<string, 'x'>>;
  /** Symbolic links, path to target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly expect: BuiltExpectation | FailedExpectation;
}

/** A charm, without `.build.manifest` and `version`. */
export interface BuiltExpectation {
  readonly ok: true;
  readonly name: string;
  readonly layers: readonly string[];
  readonly files: readonly string[];
  readonly exec: readonly string[];
  /** The merged files at the root, as values. */
  readonly yaml: Readonly<Record<string, JsonValue>>;
  /** Every other file's text. */
  readonly text: CaseFiles;
  /** Path to layer and kind. */
  readonly manifest: Readonly<Record<string, readonly [layer: string, kind: string]>>;
}

export interface FailedExpectation {
  readonly ok: false;
  readonly error: {
    readonly reason: string;
    /** Where the reference fell over; whatever we say of such a case will do. */
    readonly crash?: boolean;
    readonly what?: string;
    readonly layers?: readonly string[];
    readonly options?: readonly string[];
    readonly role?: string;
    readonly file?: string;
  };
}

/** Whether a recorded case is one of the builder's. */
export function isBuildCase(recorded: object): recorded is BuildCase {
  return 'top' in recorded && 'layers' in recorded;
}
