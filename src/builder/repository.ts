import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The revision of a layer's folder: the commit it is at, where it is a git repository of its own; else what `.pull-source-rev`
 * says; else empty. A folder within a repository has no revision: it would change with every commit to anything else.
 */
export function readRevision(folder: string): string {
  if (existsSync(join(folder, '.git'))) return askGit(folder, ['rev-parse', 'HEAD']) ?? '';
  const note = join(folder, '.pull-source-rev');
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
}

/** What git calls the state of a charm's folder, where that is a repository of its own: a tag, or a commit, and `-dirty`. */
export function describeVersion(folder: string): string | undefined {
  if (!existsSync(join(folder, '.git'))) return undefined;
  return askGit(folder, ['describe', '--dirty', '--always']);
}

/** Of that repository alone: where it is broken, none above it is asked instead. */
function askGit(folder: string, words: readonly string[]): string | undefined {
  const place = ['--git-dir', join(folder, '.git'), '--work-tree', folder];
  const { status, stdout } = spawnSync('git', [...place, ...words], { encoding: 'utf8', cwd: folder });
  return status === 0 ? stdout.trim() : undefined;
}
