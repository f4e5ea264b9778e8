import { createHash } from 'node:crypto';
import type { LayerStack } from './layer.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** Where a built charm says what it was made of. */
export const MANIFEST = '.build.manifest';

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
    ...files.map(({ path, owner, kind, content }) => [path, [owner, kind, hash(content)]] as const),
    ...[MANIFEST, ...unchecked].map((path) => [path, ['build', 'dynamic', 'unchecked']] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const layers = [...stack.layers, ...stack.interfaces].map(({ url }) => ({ rev: '', url }));
  return `${JSON.stringify({ layers, signatures: Object.fromEntries(signatures) }, null, 2)}\n`;
}

/** The paths that an earlier build's manifest signs; undefined where the text is no manifest. */
export function readSignedPaths(text: string): readonly string[] | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null || !('signatures' in manifest)) return undefined;
    const { signatures } = manifest;
    return typeof signatures === 'object' && signatures !== null ? Object.keys(signatures) : undefined;
  } catch {
    return undefined;
  }
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
