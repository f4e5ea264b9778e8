import type { LayerStack } from './layer.ts';
import { describeVersion } from './repository.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/**
 * Adds `version`, which Juju shows in its status, where the charm's own folder is a git repository: what git calls its state.
 * A file of that name that a layer has gives way, with a warning where it says something else.
 */
export function addVersionFile(
  files: readonly ComposedFile[],
  stack: LayerStack,
  onWarning: (warning: string) => void,
): readonly ComposedFile[] {
  const folder = stack.layers.at(-1)?.folder;
  const version = folder === undefined ? undefined : describeVersion(folder);
  if (version === undefined) return files;
  const written = files.find(({ path }) => path === 'version');
  const said = written && new TextDecoder().decode(written.content).trim();
  if (said !== undefined && said !== version) {
    onWarning(`version says "${said}", and git says "${version}", which is taken`);
  }
  const file: ComposedFile = {
    path: 'version',
    content: new TextEncoder().encode(version),
    isExecutable: false,
    owner: stack.charm,
    kind: 'dynamic',
    sources: [],
  };
  return [...files.filter((other) => other !== written), file];
}
