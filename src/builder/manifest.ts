import { createHash } from 'node:crypto';
import type { InterfaceLayer, Layer, LayerStack } from './layer.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** Where a built charm says what it was made of. */
export const MANIFEST = '.build.manifest';

/** What stands for a hash that differs from machine to machine. */
export const UNCHECKED = 'unchecked';

/**
 * The text of a charm's manifest, in the Python reference's format: `layers` from the lowest up, then the interfaces, used
 * or not; `signatures` of path → [layer, `static` or `dynamic`, SHA-256 in hex], keys sorted. `unchecked` are paths
 * that no hash can be given for, since they differ from machine to machine.
 */
export function writeManifest(charm: {
  readonly stack: LayerStack;
  readonly files: readonly ComposedFile[];
  readonly unchecked: readonly string[];
}): string {
  const { stack, files, unchecked } = charm;
  const signatures = [
    ...files.map(({ path, owner, kind, content }) => [path, [owner, kind, hashContent(content)]] as const),
    ...[MANIFEST, ...unchecked].map((path) => [path, ['build', 'dynamic', UNCHECKED]] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const layers = [...stack.layers, ...stack.interfaces].map(describeOrigin);
  return `${JSON.stringify({ layers, signatures: Object.fromEntries(signatures) }, null, 2)}\n`;
}

/** What an earlier build's manifest signs, path → hash; undefined where the text is no manifest. */
export function readSignatures(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null || !('signatures' in manifest)) return undefined;
    const { signatures } = manifest;
    if (typeof signatures !== 'object' || signatures === null) return undefined;
    return new Map(
      Object.entries(signatures).map(([path, signature]) => [
        path,
        Array.isArray(signature) ? String(signature[2]) : UNCHECKED,
      ]),
    );
  } catch {
    return undefined;
  }
}

/** The hash that a manifest signs a file's content with. */
export function hashContent(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** As the reference does, the branch is given as the revision too. */
function describeOrigin({ url, revision = '', fetchedFrom }: Layer | InterfaceLayer): object {
  return {
    ...(revision === '' ? {} : { branch: revision }),
    ...(fetchedFrom === undefined ? {} : { fetched_url: fetchedFrom }),
    rev: revision,
    url,
  };
}
