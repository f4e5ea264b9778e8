import type { Plugin } from 'esbuild';
import type { LayerStack } from './layer.ts';

/**
 * `charms-reactive/interfaces/redis/requires` is that file of the interface the charm includes as `redis`, wherever it was
 * found; `charms-reactive/layers/basic/lib/ports` likewise.
 */
export function useIncluded(stack: LayerStack): Plugin {
  const folders = includedFolders(stack);
  return {
    name: 'included',
    setup({ onResolve, resolve: resolveImport }) {
      onResolve({ filter: /^charms-reactive\/(layers|interfaces)\// }, ({ path, kind }) => {
        const [, kindOfLayer = '', name = '', ...module] = path.split('/');
        const folder = folders.get(`${kindOfLayer}/${name}`);
        if (folder) return resolveImport(`./${module.join('/')}`, { kind, resolveDir: folder });
        const include = `${kindOfLayer.slice(0, -1)}:${name}`;
        return { errors: [{ text: `"${path}": layer.yaml does not include ${include}; add it` }] };
      });
    },
  };
}

/** By `layers/NAME` and `interfaces/NAME`. */
function includedFolders(stack: LayerStack): ReadonlyMap<string, string> {
  return new Map([
    ...stack.layers.map(({ name, folder }) => [`layers/${name}`, folder] as const),
    ...stack.interfaces.map(({ name, folder }) => [`interfaces/${name}`, folder] as const),
  ]);
}
