import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BuildError } from './build-error.ts';

/** The commit that a branch or a tag of a repository is at now, of its default branch if none is given. Throws `BuildError`. */
export function askCommit(repository: { readonly git: string; readonly ref?: string | undefined }): string {
  const { git, ref } = repository;
  const asked =
    ref === undefined ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
  const told = new Map(
    runGit(['ls-remote', '--', git, ...asked], `ask "${git}" for its ${ref ?? 'default branch'}`)
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([commit = '', name = '']) => [name, commit] as const),
  );
  const commit = asked.map((name) => told.get(name)).find((one) => one !== undefined);
  if (commit !== undefined) return commit;
  throw new BuildError(`cannot find "${ref ?? 'HEAD'}" in "${git}": there is no such branch or tag`);
}

/**
 * A folder with what a repository has at a commit, fetched unless it is in the cache already. Nobody may write to it. Throws
 * `BuildError` where it cannot be fetched.
 */
export function checkOut(source: {
  readonly git: string;
  readonly commit: string;
  /** A folder for checkouts; made where it is missing. */
  readonly cache: string;
}): string {
  const { git, commit, cache } = source;
  const hash = createHash('sha256').update(git).digest('hex').slice(0, 12);
  const folder = join(cache, `${basename(git).replace(/[^\w.-]/g, '-')}-${hash}-${commit}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'fetch-'));
  try {
    const what = `fetch ${commit} from "${git}"`;
    runGit(['init', '--quiet', fresh], what);
    fetchCommit({ folder: fresh, git, commit, what });
    runGit(['-C', fresh, 'checkout', '--quiet', '--detach', commit], what);
    moveInto(fresh, folder);
    return folder;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The one commit where the server gives it out by name, else everything. */
function fetchCommit(fetch: {
  readonly folder: string;
  readonly git: string;
  readonly commit: string;
  readonly what: string;
}): void {
  const { folder, git, commit, what } = fetch;
  try {
    runGit(['-C', folder, 'fetch', '--quiet', '--depth', '1', '--', git, commit], what);
  } catch {
    runGit(
      ['-C', folder, 'fetch', '--quiet', '--', git, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'],
      what,
    );
  }
}

/** Another build may have been faster, with the same result. */
function moveInto(fresh: string, folder: string): void {
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function runGit(words: readonly string[], what: string): string {
  // Where a password is wanted nobody is there to type it.
  const run = spawnSync('env', ['GIT_TERMINAL_PROMPT=0', 'git', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (run.status === 0) return run.stdout.trim();
  const reason = (run.error?.message ?? run.stderr).trim().split('\n').at(-1) ?? '';
  throw new BuildError(`cannot ${what}: ${reason === '' ? 'git failed' : reason}`);
}
