import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { type Tree, writeTree } from './charm-tree.ts';

const METADATA = 'name: blog\nsummary: s\ndescription: d\n';

/** A layer that imports greeter, and asks for it as its package.json says. */
function layer(name: string, range?: string): Tree {
  return {
    [`layers/${name}/reactive/${name}.ts`]: `import { version } from 'greeter';\nexport const ${name} = version;\n`,
    ...(range === undefined
      ? {}
      : { [`layers/${name}/package.json`]: JSON.stringify({ dependencies: { greeter: range } }) }),
  };
}

/** A copy of greeter in a folder's node_modules. */
function copy(folder: string, version: string): Tree {
  const place = join(folder, 'node_modules/greeter');
  return {
    [join(place, 'package.json')]: JSON.stringify({ name: 'greeter', version, main: 'index.js' }),
    [join(place, 'index.js')]: `exports.version = 'greeter ${version}';\n`,
  };
}

/** Builds `top`, which includes `base`. Answers the copies that are in the bundle, and what was warned of. */
async function build(tree: Tree) {
  const folder = writeTree({
    'framework/index.ts': 'export const main = console.log;\n',
    'framework/charm/command/main.ts': 'export const main = console.log;\n',
    'layers/top/layer.yaml': 'includes: [layer:base]\n',
    'layers/top/metadata.yaml': METADATA,
    ...tree,
  });
  const { output, warnings } = await buildCharm({
    charm: join(folder, 'layers/top'),
    output: join(folder, 'out'),
    layersPath: [join(folder, 'layers')],
    frameworkEntry: join(folder, 'framework/index.ts'),
  }).catch((error: unknown) => {
    throw error instanceof BuildError ? new BuildError(error.message.replaceAll(folder, 'ROOT')) : error;
  });
  const code = readFileSync(join(output, 'charm.bundle.js'), 'utf8');
  return { copies: Array.from(code.matchAll(/"greeter ([^"]+)"/g), ([, version]) => version), warnings };
}

describe('an npm package that two layers import', () => {
  it('is in the charm once, though each has a copy of it', async () => {
    const same = { ...copy('layers/top', '1.2.0'), ...copy('layers/base', '1.2.0') };
    const built = await build({ ...layer('top', '^1.0.0'), ...layer('base', '^1.0.0'), ...same });
    expect(built).toEqual({ copies: ['1.2.0'], warnings: [] });
  });

  it('is the newest copy that does for both', async () => {
    const copies = {
      ...copy('', '3.0.0'),
      ...copy('layers/top', '1.2.0'),
      ...copy('layers/base', '1.10.0'),
    };
    const built = await build({ ...layer('top', '1.x'), ...layer('base', '^1.1.0'), ...copies });
    expect(built).toEqual({ copies: ['1.10.0'], warnings: [] });
  });

  it('is found beside the charm for a layer that has no copy', async () => {
    const built = await build({
      ...layer('top'),
      ...layer('base', '^1.0.0'),
      ...copy('layers/top', '1.2.0'),
    });
    expect(built).toEqual({ copies: ['1.2.0'], warnings: [] });
  });

  it('is a conflict where no copy does for both, with all that is known of it', async () => {
    const copies = { ...copy('layers/top', '2.1.0'), ...copy('layers/base', '1.4.0') };
    const building = build({ ...layer('top', '^2.0.0'), ...layer('base', '^1.0.0'), ...copies });
    await expect(building).rejects.toThrow(
      [
        'cannot bundle "blog": its layers need one version of the npm package "greeter", and none that is installed does for all; make the layers agree, and "npm install" it beside the charm:',
        '  blog needs ^2.0.0',
        '  layer:base needs ^1.0.0',
        '  2.1.0 is in ROOT/layers/top/node_modules/greeter',
        '  1.4.0 is in ROOT/layers/base/node_modules/greeter',
      ].join('\n'),
    );
  });

  it('is missing where a layer asks for it and nobody has it', async () => {
    const building = build({ ...layer('top', '^2.0.0'), 'layers/base/layer.yaml': '' });
    await expect(building).rejects.toThrow(
      'cannot bundle "blog": the npm package "greeter" is not installed',
    );
  });

  it('is another version than a layer has that asks for none, which is said', async () => {
    const copies = { ...copy('layers/top', '2.1.0'), ...copy('layers/base', '1.4.0') };
    const built = await build({ ...layer('top', '2'), ...layer('base'), ...copies });
    expect(built.copies).toEqual(['2.1.0']);
    expect(built.warnings).toEqual([
      '"layer:base" has "greeter" 1.4.0 and gets 2.1.0, the one for all layers; say in its package.json which it needs',
    ]);
  });

  it('may be imported by what a layer imports of another', async () => {
    const built = await build({
      'layers/top/reactive/top.ts':
        "import { hello } from 'charms-reactive/layers/base/lib/hello';\nexport const top = hello;\n",
      'layers/base/lib/hello.ts': "import { version } from 'greeter';\nexport const hello = version;\n",
      'layers/base/package.json': '{ "dependencies": { "greeter": "1.2.x" } }',
      ...copy('layers/base', '1.4.0'),
      ...copy('layers/top', '1.2.7'),
    });
    expect(built.copies).toEqual(['1.2.7']);
  });

  it('is of no concern to a layer that only asks for it, or for its types', async () => {
    const built = await build({
      ...layer('top', '^2.0.0'),
      'layers/base/reactive/base.ts':
        "import type { version } from 'greeter';\nexport type V = typeof version;\n",
      'layers/base/package.json': '{ "dependencies": { "greeter": "^1.0.0" } }',
      ...copy('layers/top', '2.1.0'),
      ...copy('layers/base', '1.4.0'),
    });
    expect(built).toEqual({ copies: ['2.1.0'], warnings: [] });
  });

  it('may itself need another version of a package than the layers do', async () => {
    const built = await build({
      ...layer('top', '^2.0.0'),
      ...copy('layers/top', '2.1.0'),
      'layers/base/reactive/base.ts': "import polite from 'polite';\nexport const base = polite;\n",
      'layers/base/node_modules/polite/package.json': '{ "name": "polite", "version": "1.0.0" }',
      'layers/base/node_modules/polite/index.js': "module.exports = require('greeter').version;\n",
      ...copy('layers/base/node_modules/polite', '1.4.0'),
    });
    expect(built.copies.toSorted()).toEqual(['1.4.0', '2.1.0']);
  });
});
