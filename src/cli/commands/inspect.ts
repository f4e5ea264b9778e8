import { type Command, Option } from 'commander';

interface InspectFlags {
  readonly annotate?: boolean;
  readonly forceStyling?: boolean;
  readonly forceRaw?: boolean;
}

/** Adds `reactive inspect`, which the Python tools call `charm layers`: shows from which layer each file of a charm is. */
export function addInspectCommand(program: Command): void {
  program
    .command('inspect')
    .alias('layers')
    .description('show the layers of a charm, and from which of them each file is')
    .argument('[charm]', 'a .charm file, or the folder of a built charm', '.')
    .option('-a, --annotate', "write the layer's name behind each file even where it has a colour")
    .option('-c, --force-styling', 'give each layer a colour even where this goes to no terminal')
    .addOption(new Option('-r, --force-raw', 'give no colours').conflicts('forceStyling'))
    .addHelpText('after', '\n"*" marks what changed since it was built, "+" what was added.')
    .action(async (charm: string, flags: InspectFlags) => {
      const [{ readContents }, { writeContents }] = await Promise.all([
        import('../../builder/charm-contents.ts'),
        import('../charm/contents-tree.ts'),
      ]);
      const isTerminal = (process.stdout.isTTY ?? false) && !process.env.NO_COLOR;
      const isColoured = flags.forceStyling ?? (isTerminal && !flags.forceRaw);
      const style = { isColoured, isAnnotated: flags.annotate ?? !isColoured };
      process.stdout.write(writeContents(charm, await readContents(charm), style));
    });
}
