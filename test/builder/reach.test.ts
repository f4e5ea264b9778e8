import { describe, expect, it, test } from 'vitest';
import { composeTree, type Tree } from './charm-tree.ts';

/** What a charm on `b`, which is on `a`, is warned of. */
function warningsOf(layerFiles: Readonly<Record<string, string>>, more: Tree): readonly string[] {
  const below = { a: '', b: 'includes: [layer:a]\n', top: 'includes: [layer:b]\n' };
  const files = Object.entries(below).map(([layer, text]) => [
    `layers/${layer}/layer.yaml`,
    text + (layerFiles[layer] ?? ''),
  ]);
  return composeTree({ ...Object.fromEntries(files), ...more }).warnings;
}

describe('a pattern in ignore', () => {
  it('is warned of where a layer further down keeps what it names', () => {
    expect(
      warningsOf(
        { top: 'ignore: [docs]' },
        { 'layers/a/docs/1': '', 'layers/a/docs/2': '', 'layers/b/docs/3': '' },
      ),
    ).toEqual([
      '"docs" in the ignore of "top" reaches only "layer:b", the layer right below it: docs/1 of "layer:a", docs/2 of "layer:a" stay',
    ]);
  });

  it('is warned of where it could only mean the layer’s own files', () => {
    expect(warningsOf({ b: 'ignore: ["*.md"]' }, { 'layers/b/a.md': '' })).toEqual([
      '"*.md" in the ignore of "layer:b" reaches files of the layer right below it, and none of its own: a.md of "layer:b" stays; an exclude would leave them out',
    ]);
  });

  test.each<[what: string, ignore: string, files: Tree]>([
    ['all it names is gone', 'ignore: [f]', { 'layers/b/f': '', 'layers/a/f': '' }],
    ['a higher copy is what stays', 'ignore: [f]', { 'layers/a/f': '', 'layers/top/f': '' }],
    ['it names nothing', 'ignore: [f]', { 'layers/a/g': '' }],
    ['another takes back in what stays', 'ignore: [f*, "!f1"]', { 'layers/a/f1': '' }],
  ])('is not warned of where %s', (_, ignore, files) => {
    expect(warningsOf({ top: ignore }, files)).toEqual([]);
  });

  it('is warned of where a lower part of a merged file stays', () => {
    const files = { 'layers/a/config.yaml': 'options: {}', 'layers/top/config.yaml': 'options: {}' };
    expect(warningsOf({ top: 'ignore: [config.yaml]' }, files)).toEqual([
      '"config.yaml" in the ignore of "top" reaches only "layer:b", the layer right below it: config.yaml of "layer:a" stays',
    ]);
  });
});

describe('a pattern in exclude', () => {
  it('is warned of where it could only mean lower layers’ files', () => {
    const files = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`layers/a/f${number}`, '']));
    expect(warningsOf({ top: 'exclude: [f*]' }, files)).toEqual([
      '"f*" in the exclude of "top" reaches that layer\'s own files, and there it matches none: f1 of "layer:a", f2 of "layer:a", f3 of "layer:a" and 2 more stay',
    ]);
  });

  it('is not warned of where it leaves out a file of its own', () => {
    expect(warningsOf({ top: 'exclude: [f]' }, { 'layers/a/f': '', 'layers/top/f': '' })).toEqual([]);
  });
});

describe('a deletes', () => {
  it('is warned of where it is too far up for the file', () => {
    expect(
      warningsOf({ top: 'config: {deletes: [x, y]}' }, { 'layers/a/config.yaml': 'options: {x: {}}' }),
    ).toEqual([
      'config.deletes in the layer.yaml of "top" leaves x in config.yaml: "layer:a" is the highest layer with that file, and a deletes reaches it from one layer above at most; give "top" a config.yaml, an empty one will do',
    ]);
  });

  it('is warned of where a higher layer’s section counts in its place', () => {
    expect(
      warningsOf(
        { b: 'actions: {deletes: [x]}', top: 'actions: {deletes: [y]}' },
        { 'layers/a/actions.yaml': 'x: {}', 'layers/top/actions.yaml': 'y: {}' },
      ),
    ).toEqual([
      'actions.deletes in the layer.yaml of "layer:b" leaves x in actions.yaml: "top" has a section actions too, and only the highest counts; write them all there',
    ]);
  });

  it('is not warned of where what it names is not there', () => {
    expect(
      warningsOf({ top: 'config: {deletes: [z]}' }, { 'layers/a/config.yaml': 'options: {x: {}}' }),
    ).toEqual([]);
  });
});
