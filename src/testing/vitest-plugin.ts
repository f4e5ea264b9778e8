import { existsSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import type { LayerStack } from '../builder/layer.ts';
import { PACKAGE_FOLDER } from '../builder/search-folders.ts';
import { findStack, listCharmFiles, readCharmModule } from './charm-module.ts';

/** A plugin of vitest's, as far as it is told here: its types are those of the vitest that the tests run in. */
export interface ReactivePlugin {
  readonly name: string;
  readonly enforce: 'pre';
  config(given: { readonly root?: string }): object;
  resolveId(source: string): string | undefined;
  load(this: { addWatchFile(file: string): void }, id: string): string | undefined;
  transform(code: string, id: string): Promise<{ code: string; map: string } | undefined>;
}

const CHARM_UNDER_TEST = 'charms-reactive/testing/charm';
const CHARM_MODULE = '\0charms-reactive:charm';

/** What the framework's own modules end in: TypeScript when it runs from source, JavaScript when it is built. */
const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * Has tests see a layer as the build does: standard decorators work, `charms-reactive` is the one framework that runs the
 * tests, `charms-reactive/layers/…` and `charms-reactive/interfaces/…` lead to what the layer includes wherever that is, and
 * `charms-reactive/testing/charm` is the charm it comes to. The layer is vitest's `root`; without a layer.yaml there, as in an
 * interface, nothing is included.
 */
export function makeVitestPlugin(environment: Readonly<Record<string, string | undefined>>): ReactivePlugin {
  let root = process.cwd();
  let known: LayerStack | undefined;
  const isLayer = () => existsSync(join(root, 'layer.yaml'));
  const stack = () => {
    known ??= findStack(root, environment);
    return known;
  };
  return {
    name: 'charms-reactive',
    enforce: 'pre',
    config(given) {
      root = resolve(given.root ?? '.');
      const server = { deps: { external: [frameworkPattern()], inline: [LAYER_CODE] } };
      return { oxc: false, test: { server } };
    },
    resolveId(source) {
      if (source === CHARM_UNDER_TEST) return CHARM_MODULE;
      if (isLayer() && /^charms-reactive\/(layers|interfaces)\//.test(source)) {
        return findIncluded(stack(), source);
      }
      const framework = /^charms-reactive(?:\/(compat|testing))?$/.exec(source);
      return framework === null ? undefined : ownModule(framework[1] ?? 'index');
    },
    load(id) {
      if (id !== CHARM_MODULE) return undefined;
      // Read anew, since one of its files may have changed.
      known = undefined;
      for (const file of listCharmFiles(stack())) if (existsSync(file)) this.addWatchFile(file);
      return readCharmModule(stack());
    },
    async transform(code, id) {
      const [file = id] = id.split('?');
      if (!/\.m?ts$/.test(file)) return undefined;
      const { code: lowered, map } = await transform(code, {
        loader: 'ts',
        // Anything below "esnext" has decorators lowered, which no Node knows.
        target: 'es2022',
        sourcemap: true,
        sourcefile: file,
      });
      return { code: lowered, map };
    },
  };
}

/** TypeScript in installed packages, which Node alone would refuse. */
const LAYER_CODE = /[/\\]node_modules[/\\].*\.m?ts$/;

/** All that is built needs no transform, and loads faster without one. */
function frameworkPattern(): RegExp {
  const folder = `${PACKAGE_FOLDER}${sep}dist${sep}`;
  return new RegExp(`^(file://)?${folder.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`);
}

function ownModule(name: string): string {
  return fileURLToPath(new URL(`../${name}.${ENDING}`, import.meta.url));
}

/** A module of something that the layer includes; undefined where that is not included, for npm to find. */
function findIncluded({ layers, interfaces }: LayerStack, source: string): string | undefined {
  const [, kind, name, ...module] = source.split('/');
  const included = (kind === 'layers' ? layers : interfaces).find((one) => one.name === name);
  if (included === undefined) return undefined;
  const path = join(included.folder, ...module);
  return ['', '.ts', '.mts', '.js', '.mjs']
    .map((ending) => path + ending)
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
