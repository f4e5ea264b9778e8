import { expect, test } from 'vitest';
import { matchPatterns } from '../../src/builder/file-patterns.ts';

test.each<[patterns: readonly string[], matched: readonly string[], others: readonly string[]]>([
  [['notes.txt'], ['notes.txt', 'docs/notes.txt', 'notes.txt/inside'], ['notes.txt.old', 'my-notes.txt']],
  [['/notes.txt'], ['notes.txt'], ['docs/notes.txt']],
  [['docs/a.md'], ['docs/a.md'], ['more/docs/a.md', 'docs/a.mdx']],
  [['docs/'], ['docs/a.md', 'more/docs/a.md'], ['docs']],
  [['*.pyc'], ['a.pyc', 'lib/a.pyc', '.pyc'], ['a.py']],
  [['/*.yaml'], ['a.yaml'], ['lib/a.yaml']],
  [['**/tmp'], ['tmp', 'a/tmp', 'a/b/tmp/c'], ['tmpfile']],
  [['a/**/z'], ['a/z', 'a/b/z', 'a/b/c/z'], ['z', 'b/a/z']],
  [['lib/**'], ['lib/a', 'lib/a/b'], ['mylib/a']],
  [['a?c'], ['abc'], ['ac', 'a/c']],
  [['*.[mt]d'], ['a.md', 'a.td'], ['a.xd']],
  [['*.md', '!README.md'], ['a.md'], ['README.md', 'docs/README.md']],
  [['!README.md', '*.md'], ['README.md'], []],
  [['# *.md', '', '*.txt '], ['a.txt'], ['a.md']],
  [
    ['{a,b}', '+(a)'],
    ['{a,b}', '+(a)'],
    ['a', 'b'],
  ],
  [['.*'], ['.hidden', 'a/.b/c'], ['a.b']],
  [[], [], ['a']],
])('%j', (patterns, matched, others) => {
  const isMatched = matchPatterns(patterns);
  expect([...matched, ...others].filter(isMatched)).toEqual(matched);
});
