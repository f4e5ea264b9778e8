import { makeShellTools } from '../tools/process-tools.ts';
import type { CharmDefinition } from './charm-definition.ts';
import { runHook } from './run-hook.ts';

/**
 * Runs the hook Juju started this process for, and ends the process: with exit code 0 when it went well, else with 1 and
 * the reason in Juju's log. The builder's bundle calls it.
 */
export async function main(charm: CharmDefinition): Promise<void> {
  try {
    await runHook(charm, { environment: process.env, tools: makeShellTools() });
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
