import { readFileSync } from 'node:fs';
import { dirname, extname, sep } from 'node:path';
import { type Loader, type Plugin, type TransformFailure, transform } from 'esbuild';
import type { BundleOrigin } from './bundle-origins.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';

/**
 * Functions and classes of layers and interfaces keep their names, by which handlers are known: in one bundle a second
 * `start` would become `start2`. The framework and npm packages do without, since what keeps a name is a call at each start.
 */
export function keepNames(origins: readonly BundleOrigin[]): Plugin {
  const folders = origins.map(({ folder }) => folder).filter((folder) => folder !== PACKAGE_FOLDER);
  return {
    name: 'keep-names',
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        const isLayers = folders.some((folder) => path.startsWith(folder + sep));
        if (!isLayers || path.includes(`${sep}node_modules${sep}`)) return undefined;
        try {
          return { contents: await keepNamesOf(path), loader: 'js', resolveDir: dirname(path) };
        } catch (error) {
          if (isTransformFailure(error)) return { errors: error.errors };
          throw error;
        }
      });
    },
  };
}

async function keepNamesOf(path: string): Promise<string> {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    loader: (extname(path).replace(/^\.[cm]?/, '') as Loader) || 'ts',
    keepNames: true,
    target: 'es2022',
    sourcemap: 'inline',
    sourcefile: path,
    tsconfigRaw: { compilerOptions: { target: 'es2022', useDefineForClassFields: true } },
  });
  return code;
}

function isTransformFailure(error: unknown): error is TransformFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
