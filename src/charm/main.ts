import path from 'node:path';
import { makeProcessTools } from '../tools/process-tools.ts';
import type { CharmDefinition } from './charm-definition.ts';
import { runHook } from './run-hook.ts';

/**
 * Runs the hook Juju started this process for, and ends the process: with exit code 0 when it went well, else with 1 and
 * the reason in Juju's log. The builder's bundle calls it.
 *
 * Where the process was started with `charms.reactive` and more words, it is that command that runs.
 */
export async function main(charm: CharmDefinition): Promise<void> {
  const [, file = '', name, ...words] = process.argv;
  if (name === 'charms.reactive') return runCharmCommand(charm, { words, charmDir: path.dirname(file) });
  try {
    await runHook(charm, { environment: process.env, tools: makeProcessTools() });
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** Loaded only here: hooks have no use for it. */
async function runCharmCommand(
  charm: CharmDefinition,
  given: { readonly words: readonly string[]; readonly charmDir: string },
): Promise<never> {
  const { runCommand } = await import('./command/run-command.ts');
  const exitCode = await runCommand(charm, {
    ...given,
    environment: process.env,
    print: (text) => void process.stdout.write(text),
    complain: (line) => void process.stderr.write(`${line}\n`),
  });
  process.exit(exitCode);
}
