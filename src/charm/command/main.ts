import path from 'node:path';
import type { CharmDefinition } from '../charm-definition.ts';
import { runCommand } from './run-command.ts';

/**
 * Runs the command `charms.reactive` with the words this process was started with, and ends the process. The builder's
 * bundle for the charm's `bin/charms.reactive` calls it: hooks have no use for this code, and do not load it.
 */
export async function main(charm: CharmDefinition): Promise<void> {
  const [, file = '', ...words] = process.argv;
  const exitCode = await runCommand(charm, {
    words,
    charmDir: path.dirname(file),
    environment: process.env,
    print: (text) => void process.stdout.write(text),
    complain: (line) => void process.stderr.write(`${line}\n`),
  });
  process.exit(exitCode);
}
