import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { askCommit, checkOut } from './git-checkout.ts';
import { LOCK_FILE, type LockEntry, readLockFile, writeLockFile } from './lock-file.ts';

/** A layer or an interface that is found. */
export interface FoundFolder {
  /** Absolute, symbolic links resolved. */
  readonly folder: string;
  readonly revision?: string;
  readonly fetchedFrom?: string;
}

/**
 * The layers and interfaces that a charm takes from git: those in its lock file, at the commits it says, and those included
 * by the URL of a repository. Lock files of the layers themselves are not read, as the reference does not.
 */
export class GitLayers {
  readonly #charm: string;
  readonly #cache: string;
  readonly #update: boolean;
  readonly #entries: ReadonlyMap<string, LockEntry>;
  readonly #updated = new Map<string, LockEntry>();

  constructor(options: {
    /** The folder of the charm's own layer, where the lock file is. */
    readonly charm: string;
    /** A folder for what is fetched. */
    readonly cache: string;
    /** Whether to take the newest commit of each, and to say so in the lock file when `save` is called. */
    readonly update: boolean;
  }) {
    this.#charm = options.charm;
    this.#cache = options.cache;
    this.#update = options.update;
    this.#entries = readLockFile(options.charm);
  }

  /** What an include means; undefined where that is nothing in git. Throws `BuildError` where it cannot be had. */
  find(include: string): FoundFolder | undefined {
    const entry = this.#entries.get(include) ?? urlEntry(include);
    if (entry === undefined) return undefined;
    const commit = this.#update ? this.#renew(include, entry) : entry.commit;
    if (commit === undefined) {
      throw new BuildError(
        `cannot take "${include}" from "${entry.git}": ${LOCK_FILE} has no commit for it; run "reactive build --update"`,
      );
    }
    const root = checkOut({ git: entry.git, commit, cache: this.#cache });
    const folder = join(root, entry.folder ?? '');
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new BuildError(
        `cannot take "${include}" from "${entry.git}": at ${commit} it has no folder "${entry.folder}"`,
      );
    }
    return { folder: realpathSync(folder), revision: commit, fetchedFrom: entry.git };
  }

  /** Writes the commits that were taken into the lock file, where it was to be brought up to date. */
  save(): void {
    if (this.#updated.size > 0) writeLockFile(this.#charm, this.#updated);
  }

  #renew(include: string, entry: LockEntry): string {
    const commit = this.#updated.get(include)?.commit ?? askCommit(entry);
    this.#updated.set(include, { ...entry, commit });
    return commit;
  }
}

/** Whether an include is the URL of a git repository; a branch or tag may come after `#`. */
export function isRepository(include: string): boolean {
  return /^(?:https?|ssh|git|file):\/\/|^[\w.-]+@[\w.-]+:/.test(include);
}

/** What a layer that is included by its repository is called: the last part of the URL. */
export function repositoryName(url: string): string {
  return url
    .replace(/#.*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^.*[/:]/, '');
}

function urlEntry(include: string): LockEntry | undefined {
  if (!isRepository(include)) return undefined;
  const [git = '', ref] = include.split('#');
  return { git, ...(ref === undefined || ref === '' ? {} : { ref }) };
}
