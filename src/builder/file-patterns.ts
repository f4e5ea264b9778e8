import { Minimatch } from 'minimatch';

/**
 * A test of paths against a list of patterns in gitignore's syntax: the last pattern that matches decides, `!` takes a
 * path back in. Paths are relative to the layer, with `/`; a pattern that names a folder matches all that is in it.
 */
export function matchPatterns(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.map(readPattern).filter((rule) => rule !== undefined);
  return (path) => rules.findLast((rule) => rule.matches(path))?.isMatch ?? false;
}

interface Rule {
  readonly isMatch: boolean;
  matches(path: string): boolean;
}

function readPattern(pattern: string): Rule | undefined {
  const text = pattern.replace(/(?<!\\) +$/, '');
  if (text === '' || text.startsWith('#')) return undefined;
  const isMatch = !text.startsWith('!');
  const body = isMatch ? text : text.slice(1);
  const isFolder = body.endsWith('/');
  const path = body.replace(/\/$/, '');
  // A slash at the front or in the middle ties a pattern to the layer's folder; without one it matches at any depth.
  const glob = path.includes('/') ? path.replace(/^\//, '') : `**/${path}`;
  const matcher = new Minimatch(glob, {
    dot: true,
    nobrace: true,
    noext: true,
    nocomment: true,
    nonegate: true,
  });
  return {
    isMatch,
    matches: (file) => foldersAndFile(file, isFolder).some((candidate) => matcher.match(candidate)),
  };
}

/** `a/b/c` → `a`, `a/b` and, unless only folders are asked for, `a/b/c`. */
function foldersAndFile(path: string, onlyFolders: boolean): readonly string[] {
  const steps = path.split('/');
  return steps.slice(0, onlyFolders ? -1 : undefined).map((_, index) => steps.slice(0, index + 1).join('/'));
}
