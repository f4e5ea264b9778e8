import path from 'node:path';
import { QUESTIONS_FILE } from '../tools/kept-questions.ts';
import { makeShellTools } from '../tools/process-tools.ts';
import { COMPLAINTS_FILE, takePipes } from '../tools/shell.ts';
import { ToolShell } from '../tools/tool-shell.ts';
import type { CharmDefinition } from './charm-definition.ts';
import { runHook } from './run-hook.ts';

/**
 * Runs the hook Juju started this process for, and ends the process: with exit code 0 when it went well, else with 1 and
 * the reason in Juju's log. The builder's bundle calls it.
 */
export async function main(charm: CharmDefinition): Promise<void> {
  const folder = process.cwd();
  try {
    const shell = new ToolShell(takePipes(process.env, path.join(folder, COMPLAINTS_FILE)));
    const tools = makeShellTools(shell, {
      hook: process.env.JUJU_HOOK_NAME ?? '',
      remoteUnit: process.env.JUJU_REMOTE_UNIT,
      questionsFile: path.join(folder, QUESTIONS_FILE),
    });
    await runHook(charm, { environment: process.env, tools });
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
