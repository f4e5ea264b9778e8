/** What a built charm's manifest says of its files. */
export interface FileOrigins {
  /** The urls of its layers from the lowest up, then of its interfaces. */
  readonly layers: readonly string[];
  /** By path. */
  readonly signatures: ReadonlyMap<string, FileSignature>;
}

/** Where a file is from, and what it was when it was built. */
export interface FileSignature {
  /** The url of the layer; `build` where it was made while the charm was built. */
  readonly owner: string;
  /** SHA-256 in hex, or `unchecked`. */
  readonly hash: string;
}

/** Reads a `.build.manifest`, the reference's too; undefined where the text is none. */
export function readFileOrigins(text: string): FileOrigins | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  const layers = fieldOf(manifest, 'layers');
  const signatures = fieldOf(manifest, 'signatures');
  if (!Array.isArray(layers) || typeof signatures !== 'object' || signatures === null) return undefined;
  return {
    layers: layers.map((layer) => String(fieldOf(layer, 'url'))),
    signatures: new Map(
      Object.entries(signatures).flatMap(([path, signature]) =>
        Array.isArray(signature) ? [[path, { owner: String(signature[0]), hash: String(signature[2]) }]] : [],
      ),
    ),
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
