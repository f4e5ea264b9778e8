import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyCharm } from '../operator/charm-folder.ts';
import type { ApplicationState, UnitState } from '../state/model-state.ts';

/** The folder of a unit's own copy of its charm, in which its hooks run. */
export function charmFolderOf(unit: UnitState): string {
  return join(unit.folder, 'charm');
}

/**
 * Makes a unit's copy of the charm the one that its application has now. The first time it is made; at an upgrade what
 * belonged to the charm before is replaced, and what hooks have put beside it stays (Juju's rule).
 */
export async function provideCharm(application: ApplicationState, unit: UnitState): Promise<void> {
  const { agent } = unit;
  const folder = charmFolderOf(unit);
  const wanted = application.charm.folder;
  if (existsSync(folder)) {
    if (agent.charmFolder === wanted) return;
    removeFilesOf(agent.charmFolder, folder);
  }
  await copyCharm(wanted, folder);
  agent.charmFolder = wanted;
}

/** Removes from a unit's folder each file that an earlier charm brought, and the folders that are empty then. */
function removeFilesOf(earlier: string, folder: string): void {
  if (!existsSync(earlier)) return;
  for (const entry of readdirSync(earlier, { withFileTypes: true })) {
    const own = join(folder, entry.name);
    if (!entry.isDirectory()) {
      rmSync(own, { force: true });
    } else if (existsSync(own)) {
      removeFilesOf(join(earlier, entry.name), own);
      if (readdirSync(own).length === 0) rmSync(own, { recursive: true });
    }
  }
}
