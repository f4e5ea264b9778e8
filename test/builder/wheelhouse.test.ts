import { describe, expect, it, test } from 'vitest';
import { BuildError } from '../../src/builder/build-error.ts';
import { readRequirementName } from '../../src/builder/tactics/python-requirement.ts';
import { composedTexts, composeTree, type Tree } from './charm-tree.ts';

const STACK: Tree = {
  'layers/a/layer.yaml': '',
  'layers/b/layer.yaml': 'includes: [layer:a]',
  'layers/top/layer.yaml': 'includes: [layer:b]',
};

function built(tree: Tree): Record<string, string> {
  const files = composedTexts({ ...STACK, ...tree });
  delete files['layer.yaml'];
  return files;
}

describe('wheelhouse.txt', () => {
  it('has the lines of all layers, those that are asked for again further up as comments', () => {
    const files = built({
      'layers/a/wheelhouse.txt': '# tools\nfoo_bar==1.0\nFlask\n',
      'layers/b/wheelhouse.txt': 'foo-bar>=2  # newer\r\nflask',
      'layers/top/wheelhouse.txt': 'foo.bar\ngit+https://host/x#egg=Flask\n',
    });
    expect(files).toEqual({
      'wheelhouse.txt':
        '# layer:a\n# tools\n# foo_bar==1.0  # overridden by layer:b\n# Flask  # overridden by top\n\n' +
        '# layer:b\nfoo-bar>=2  # newer\nflask\n\n' +
        '# top\nfoo.bar\ngit+https://host/x#egg=Flask\n\n',
      'wheelhouse-constraints.txt': 'setuptools<82\n',
    });
  });

  it('is signed under the highest layer that has one', () => {
    const { files } = composeTree({
      ...STACK,
      'layers/a/wheelhouse.txt': 'foo',
      'layers/b/wheelhouse.txt': '',
    });
    expect(
      files.filter(({ path }) => path.startsWith('wheelhouse')).map(({ owner, kind }) => [owner, kind]),
    ).toEqual([
      ['layer:b', 'dynamic'],
      ['layer:b', 'dynamic'],
    ]);
  });
});

describe('constraints', () => {
  it('are merged with those of the other layers that have requirements', () => {
    const files = built({
      'layers/a/wheelhouse.txt': '',
      'layers/a/wheelhouse-constraints.txt': 'pip<20\nwheel<1\n',
      'layers/b/wheelhouse-constraints.txt': 'unheard<1\n',
      'layers/top/wheelhouse.txt': '',
      'layers/top/wheelhouse-constraints.txt': 'pip<21\n',
    });
    expect(files['wheelhouse-constraints.txt']).toBe(
      '# layer:a\n# pip<20  # overridden by top\nwheel<1\n\n# top\npip<21\n\n# Default constraints\nsetuptools<82\n\n',
    );
  });

  it('keep the layer’s own bound of setuptools', () => {
    const files = built({
      'layers/a/wheelhouse.txt': '',
      'layers/a/wheelhouse-constraints.txt': 'setuptools<60\n',
    });
    expect(files['wheelhouse-constraints.txt']).toBe('# layer:a\nsetuptools<60\n\n');
  });

  it('are the highest layer’s as they are, where they come in above the lowest requirements', () => {
    const files = built({
      'layers/a/wheelhouse.txt': '',
      'layers/b/wheelhouse-constraints.txt': 'b<1\n',
      'layers/top/wheelhouse-constraints.txt': 'top<1\n',
    });
    expect(files['wheelhouse-constraints.txt']).toBe('top<1\n');
  });

  it('are a file like any other where nothing is required', () => {
    expect(built({ 'layers/a/wheelhouse-constraints.txt': 'a<1' })).toEqual({
      'wheelhouse-constraints.txt': 'a<1',
    });
  });
});

const PLACE = { source: '/a/wheelhouse.txt', layer: 'layer:a' };

test.each<[line: string, name: string | undefined]>([
  ['', undefined],
  ['  # foo', undefined],
  ['--index-url https://host', undefined],
  ['-f dir', undefined],
  ['foo', 'foo'],
  ['  foo == 1.0', 'foo'],
  ['foo[a,b]>=2,<3; python_version < "3.6"', 'foo'],
  ['foo.bar_baz~=1', 'foo.bar_baz'],
  ['foo (>=1)', 'foo'],
  ['foo @ https://host/foo.zip', 'foo'],
  ['foo==2  # newer', 'foo'],
  ['git+https://host/me/bar@v1#egg=bar[x]&subdirectory=y', 'bar'],
  ['-e git+ssh://git@host/bar#egg=bar', 'bar'],
  ['--editable ./here#egg=here', 'here'],
  ['./here.zip#egg=here', 'here'],
])('%j asks for %j', (line, name) => {
  expect(readRequirementName(line, PLACE)).toBe(name);
});

test.each([
  [
    'git+https://host/nameless',
    'Unable to determine package name for "git+https://host/nameless"; did you forget',
  ],
  ['https://host/x.tar.gz', 'Unable to determine package name'],
  ['-e .', 'Unable to determine package name for "-e ."'],
  ['-r other.txt', '"-r other.txt" is no requirement that can be merged'],
  ['foo bar', '"foo bar" is no requirement'],
])('%j is refused with its file and layer', (line, error) => {
  const read = () => readRequirementName(line, PLACE);
  expect(read).toThrow(BuildError);
  expect(read).toThrow('cannot read "/a/wheelhouse.txt" of "layer:a": ');
  expect(read).toThrow(error);
});
