import { realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import { type FoundFolder, type GitLayers, isRepository, repositoryName } from './git-layers.ts';
import { NpmLayers } from './npm-layers.ts';
import { PACKAGE_FOLDER, type SearchFolders } from './search-folders.ts';

/** Something that a layer includes. */
export interface Include {
  /** As it is written: `layer:apt`, `interface:http`, a path, or the URL of a repository. */
  readonly text: string;
  readonly kind: 'layer' | 'interface';
  /** What it is called, unless it calls itself otherwise. */
  readonly name: string;
}

/** What was found, or where it was looked for in vain. */
export type Finding = { readonly found: FoundFolder } | { readonly tried: readonly string[] };

/** Takes an include apart. A revision that is asked for (`layer:apt@v2`) is no part of the name. */
export function readInclude(text: string): Include {
  const kind = text.startsWith('interface:') ? 'interface' : 'layer';
  const named = /^(?:layer|interface):([^@]*)/s.exec(text)?.[1];
  if (named !== undefined) return { text, kind, name: named };
  return { text, kind, name: isRepository(text) ? repositoryName(text) : basename(text) };
}

/**
 * Finds what layers include: in folders, among installed npm packages, in git, and last among what comes with this
 * package; the first that has it wins.
 */
export class IncludeFinder {
  readonly #folders: SearchFolders;
  readonly #workingFolder: string;
  readonly #git: GitLayers | undefined;
  readonly #npm = new NpmLayers();

  constructor(options: {
    readonly folders: SearchFolders;
    /** Where paths start, if not at the layer that includes them. */
    readonly workingFolder: string;
    readonly git?: GitLayers | undefined;
  }) {
    this.#folders = options.folders;
    this.#workingFolder = options.workingFolder;
    this.#git = options.git;
  }

  /** `from` is the folder of the layer that includes it. Throws `BuildError` where it is known and cannot be had. */
  find(include: Include, from: string): Finding {
    const { text, kind, name } = include;
    if (isRepository(text)) {
      const found = this.#git?.find(text);
      return found === undefined ? { tried: [text] } : { found };
    }
    if (!/^(?:layer|interface):/.test(text)) {
      return firstFolder(
        [from, this.#workingFolder, ...this.#folders.layers].map((one) => resolve(one, text)),
      );
    }
    const folders = kind === 'layer' ? this.#folders.layers : this.#folders.interfaces;
    const near = firstFolder(
      candidates(
        folders.filter((folder) => !isOwn(folder)),
        name,
        kind,
      ),
    );
    if ('found' in near) return near;
    const installed = this.#npm.find(kind, name, from);
    if (installed !== undefined) return { found: { folder: installed } };
    const fetched = this.#git?.find(text);
    if (fetched !== undefined) return { found: fetched };
    const own = firstFolder(candidates(folders.filter(isOwn), name, kind));
    return 'found' in own ? own : { tried: [...near.tried, ...own.tried] };
  }
}

/** Whether a folder is one of those that come with this package. */
function isOwn(folder: string): boolean {
  return folder.startsWith(PACKAGE_FOLDER + sep);
}

/** `NAME`, or the long form of a repository's name, in each folder. A name cannot lead out of the folder. */
function candidates(folders: readonly string[], name: string, kind: string): readonly string[] {
  if (name === '' || name === '.' || name === '..' || /[/\\]/.test(name) || isAbsolute(name)) return [];
  return folders.flatMap((folder) => [join(folder, name), join(folder, `${kind}-${name}`)]);
}

function firstFolder(tried: readonly string[]): Finding {
  const folder = tried.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  return folder === undefined ? { tried } : { found: { folder: realpathSync(folder) } };
}
