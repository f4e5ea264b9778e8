import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { composeLayers } from '../../src/builder/compose.ts';
import { resolveLayers } from '../../src/builder/resolve.ts';
import { resolveTree, writeTree } from './charm-tree.ts';

const APT = { 'package.json': '{ "reactive": { "layer": "apt" } }', 'layer.yaml': '', 'lib/apt.py': '' };

/** Files below a folder. */
function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}

describe('a layer that is an npm package', () => {
  it('is found by the name in its package.json, in the nearest node_modules from the including layer upward', () => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [layer:apt, interface:http]',
      ...below('layers/top/node_modules/some-apt', { ...APT, 'layer.yaml': 'includes: [layer:deep]' }),
      ...below('layers/top/node_modules/some-apt/node_modules/@charms/deep', {
        'package.json': '{ "reactive": { "layer": "deep", "folder": "src/layer" } }',
        'src/layer/layer.yaml': '',
      }),
      ...below('node_modules/@charms/apt', APT),
      ...below('node_modules/@charms/http', { 'package.json': '{ "reactive": { "interface": "http" } }' }),
    });
    const { layers, interfaces } = resolveTree(folder);
    expect(
      [...layers, ...interfaces].map(({ url, folder: found }) => [url, found.replace(folder, '')]),
    ).toEqual([
      ['layer:deep', '/layers/top/node_modules/some-apt/node_modules/@charms/deep/src/layer'],
      ['layer:apt', '/layers/top/node_modules/some-apt'],
      ['top', '/layers/top'],
      ['interface:http', '/node_modules/@charms/http'],
    ]);
  });

  it('comes after one in a folder', () => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [layer:apt]',
      'layers/apt/layer.yaml': '',
      ...below('node_modules/apt', APT),
    });
    expect(resolveTree(folder).layers[0]?.folder).toBe(join(folder, 'layers/apt'));
  });

  it('comes before one of this package', () => {
    const folder = writeTree({
      'charm/layer.yaml': 'includes: [layer:basic]',
      'node_modules/mine/package.json': '{ "reactive": { "layer": "basic" } }',
    });
    const { layers } = resolveLayers({
      charm: join(folder, 'charm'),
      folders: { layers: [join(process.cwd(), 'layers')], interfaces: [] },
    });
    expect(layers[0]?.folder).toBe(join(folder, 'node_modules/mine'));
  });

  it('may be a link, and leaves its package.json behind', () => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [layer:apt]',
      ...below('store/apt', APT),
      'node_modules/.keep': '',
    });
    symlinkSync('../store/apt', join(folder, 'node_modules/apt'));
    const stack = resolveTree(folder);
    expect(stack.layers[0]?.folder).toBe(join(folder, 'store/apt'));
    expect(composeLayers(stack).files.map(({ path }) => path)).toEqual(['layer.yaml', 'lib/apt.py']);
  });

  it('is not guessed where two packages say they are it', () => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [layer:apt]',
      ...below('node_modules/a', APT),
      ...below('node_modules/b', APT),
    });
    expect(() => resolveTree(folder)).toThrow(
      `cannot tell which package is "layer:apt": "${folder}/node_modules/a" and "${folder}/node_modules/b" both say so`,
    );
  });
});

test.each(['{ "reactive": true }', '{ "reactive": { "layer": 5 } }', '{}', 'no JSON', '[]'])(
  'a package with package.json %s is none of ours',
  (text) => {
    const folder = writeTree({
      'layers/top/layer.yaml': 'includes: [layer:apt]',
      'node_modules/apt/package.json': text,
    });
    expect(() => resolveTree(folder)).toThrow(/cannot find "layer:apt"/);
  },
);
