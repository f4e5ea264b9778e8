import type { HookTools } from './hook-tools.ts';
import { makeLogTools } from './log-tools.ts';
import { makeRelationTools } from './relation-tools.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { makeUnitTools } from './unit-tools.ts';

/** The hook tools as Juju gives them to a unit: one process a call, found on PATH. */
export function makeProcessTools(run: RunTool = runTool): HookTools {
  return { ...makeRelationTools(run), ...makeUnitTools(run), ...makeLogTools(run) };
}
