import type { Command } from 'commander';

/** Adds `reactive demo`: the whole of a charm's life on this machine, told as it goes. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'build two charms, deploy and relate them in a local Juju, and watch flags and handlers at work',
    )
    .option('--seed <number>', 'decides the order where Juju promises none', '1')
    .action(async ({ seed }: { readonly seed: string }) => {
      // Only this command pays for what builds charms.
      const { runDemo } = await import('../demo/demo.ts');
      await runDemo({ path: process.env.PATH, seed: Number(seed), print: (text) => console.log(text) });
    });
}
