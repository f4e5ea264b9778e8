import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CommandFailure } from '../sim/command-failure.ts';

/** Adds `reactive unpack`: takes a packed charm apart, and shows where each file is from. */
export function addUnpackCommand(program: Command): void {
  program
    .command('unpack')
    .description('unpack a .charm file into a folder, and show from which layer each file is')
    .argument('<file>', 'the .charm')
    .argument('[folder]', "where it goes: missing, or empty (default: the file's name without .charm)")
    .option('-q, --quiet', 'print nothing but errors')
    .action(async (file: string, given: string | undefined, flags: { readonly quiet?: boolean }) => {
      const folder = given ?? path.basename(file, '.charm');
      await unpackInto(file, folder);
      if (flags.quiet) return;
      const [{ readContents }, { writeContents }] = await Promise.all([
        import('../../builder/charm-contents.ts'),
        import('../charm/contents-tree.ts'),
      ]);
      const style = { isColoured: false, isAnnotated: true };
      process.stdout.write(writeContents(folder, await readContents(folder), style));
    });
}

/** All of it or nothing: it is unpacked beside the folder first. */
async function unpackInto(file: string, folder: string): Promise<void> {
  if (!existsSync(file)) throw new CommandFailure(`cannot unpack "${file}": there is no such file`);
  const isThere = existsSync(folder);
  if (isThere && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new CommandFailure(
      `cannot unpack into "${folder}": it is there, and not empty; give another folder`,
    );
  }
  const { unpackCharm } = await import('../../builder/charm-archive.ts');
  const around = path.dirname(path.resolve(folder));
  mkdirSync(around, { recursive: true });
  const fresh = mkdtempSync(path.join(around, '.unpack-'));
  try {
    const unpacked = path.join(fresh, 'charm');
    mkdirSync(unpacked);
    await unpackCharm(file, unpacked);
    if (isThere) rmdirSync(folder);
    renameSync(unpacked, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
