import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** What runs for a hook. */
export interface HookScript {
  readonly file: string;
  /** How Juju's log calls it. */
  readonly description: string;
}

/**
 * Finds what runs for `hooks/<name>` or `actions/<name>`: the charm's `dispatch` if it has one, else that file; undefined
 * where it has neither, and the hook is skipped. Throws where the file is there but cannot be executed, which fails the hook (Juju's rule).
 */
export function findHookScript(charmFolder: string, dispatchPath: string): HookScript | undefined {
  if (!isFile(join(charmFolder, 'metadata.yaml'))) throw new Error('charm missing from disk');
  const choices: HookScript[] = [
    { file: join(charmFolder, 'dispatch'), description: 'hook dispatching script: dispatch' },
    { file: join(charmFolder, dispatchPath), description: 'explicit, bespoke hook script' },
  ];
  const script = choices.find(({ file }) => isFile(file));
  if (script === undefined) return undefined;
  try {
    accessSync(script.file, constants.X_OK);
  } catch {
    throw new Error(`cannot execute "${script.file}": permission denied; make it executable with chmod +x`);
  }
  return script;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
