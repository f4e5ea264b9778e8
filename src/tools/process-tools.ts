import { makeActionTools } from './action-tools.ts';
import type { HookTools } from './hook-tools.ts';
import { keepQuestions } from './kept-questions.ts';
import { makeLogTools } from './log-tools.ts';
import { makeModelTools } from './model-tools.ts';
import { makeRelationTools } from './relation-tools.ts';
import { type RunTool, runTool } from './run-tool.ts';
import { makeSecretTools } from './secret-tools.ts';
import { quoteWords } from './shell.ts';
import { makeStateTools } from './state-tools.ts';
import { makeStorageTools } from './storage-tools.ts';
import type { ToolShell } from './tool-shell.ts';
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
    askNextTime: () => undefined,
    settle: () => undefined,
  };
}

/**
 * The same out of a shell, for a whole hook: faster, above all where much is asked. `status-set` and `juju-log` are not waited
 * for; where one of them fails, `settle` says so. What the next hook is to ask at its start is left in a file.
 */
export function makeShellTools(
  shell: ToolShell,
  given: { readonly hook: string; readonly remoteUnit?: string | undefined; readonly questionsFile: string },
): HookTools {
  const { hook, remoteUnit, questionsFile } = given;
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
    askNextTime: (ask) =>
      keepQuestions(questionsFile, {
        always: listCommands(ask).map(quoteWords),
        hook,
        remoteUnit,
        ofHook: shell.unexpected,
        hasSlowTools: shell.hasSlowTools,
      }),
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
