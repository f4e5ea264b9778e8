import { makeActionTools } from './action-tools.ts';
import type { HookTools } from './hook-tools.ts';
import { makeLogTools } from './log-tools.ts';
import { makeModelTools } from './model-tools.ts';
import { makeRelationTools } from './relation-tools.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { makeSecretTools } from './secret-tools.ts';
import { makeStateTools } from './state-tools.ts';
import { makeStorageTools } from './storage-tools.ts';
import { makeUnitTools } from './unit-tools.ts';

/** The hook tools as Juju gives them to a unit: one process a call, found on PATH. */
export function makeProcessTools(run: RunTool = runTool): HookTools {
  return {
    ...makeRelationTools(run),
    ...makeUnitTools(run),
    ...makeLogTools(run),
    ...makeStorageTools(run),
    ...makeStateTools(run),
    ...makeActionTools(run),
    ...makeSecretTools(run),
    ...makeModelTools(run),
  };
}
