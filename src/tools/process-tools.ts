import { makeActionTools } from './action-tools.ts';
import type { HookTools } from './hook-tools.ts';
import { makeLogTools } from './log-tools.ts';
import { makeModelTools } from './model-tools.ts';
import { makeRelationTools } from './relation-tools.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { makeSecretTools } from './secret-tools.ts';
import { makeStateTools } from './state-tools.ts';
import { makeStorageTools } from './storage-tools.ts';
import { ToolShell } from './tool-shell.ts';
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
    // Each call is done when it returns.
    askAhead: () => undefined,
    settle: () => undefined,
  };
}

/**
 * The same out of one shell, for a whole hook: faster, above all where much is asked. `status-set` and `juju-log` are not waited
 * for; where one of them fails, `settle` says so.
 */
export function makeShellTools(shell: ToolShell = new ToolShell()): HookTools {
  const told: RunTool = (command) => {
    shell.tell(command);
    return '';
  };
  const logged: RunTool = (command) => {
    shell.log(command);
    return '';
  };
  return {
    ...makeProcessTools(shell.run),
    ...makeLogTools(logged),
    statusSet: makeUnitTools(told).statusSet,
    askAhead: (ask) => shell.askAhead(listCommands(ask)),
    settle: () => shell.settle(),
  };
}

/** The commands that questions come to. */
function listCommands(ask: (tools: HookTools) => void): (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  ask(
    makeProcessTools((command) => {
      commands.push(command);
      return 'null';
    }),
  );
  return commands;
}
