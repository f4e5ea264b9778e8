import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandFailure } from '../sim/command-failure.ts';
import { checkName } from './names.ts';
import { type Creation, type Environment, findTemplateValues } from './template-values.ts';
import { renderTemplates } from './templates.ts';

/** What was created. */
export interface Created {
  /** Its folder, absolute. */
  readonly folder: string;
  /** The paths of its files in there, sorted. */
  readonly files: readonly string[];
}

/**
 * Creates a charm, a layer or an interface in a folder of its name in `parent`: all of it or, where anything goes wrong,
 * nothing. Throws `CommandFailure` where the name is none, where something of that name is there, and where nothing can be
 * written to `parent`.
 */
export function create(creation: Creation, parent: string, environment: Environment): Created {
  const { kind, name } = creation;
  checkName(kind, name);
  const folder = join(resolve(parent), name);
  // A link that leads nowhere is there too.
  if (lstatSync(folder, { throwIfNoEntry: false })) {
    throw new CommandFailure(
      `cannot create the ${kind} "${name}": ${folder} exists. Please move it out of the way.`,
    );
  }
  const files = renderTemplates(findTemplateValues(creation, folder, environment));
  const fresh = makeFolderIn(dirname(folder), creation);
  try {
    const unfinished = join(fresh, name);
    for (const { path, text } of files) {
      const file = join(unfinished, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    renameSync(unfinished, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { folder, files: files.map(({ path }) => path) };
}

/** A new folder for what is not finished, on the disk that it is to be on. */
function makeFolderIn(parent: string, { kind, name }: Creation): string {
  try {
    return mkdtempSync(join(parent, '.create-'));
  } catch {
    const why = existsSync(parent) ? '' : ': there is no such folder';
    throw new CommandFailure(`cannot create the ${kind} "${name}": Unable to write to ${parent}${why}`);
  }
}
