import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, build, type Message, type Plugin } from 'esbuild';
import { BuildError } from './build-error.ts';
import { type BundleOrigin, ENTRY_NAME, nameOrigins } from './bundle-origins.ts';
import { STACK_TRACES } from './charm-entry.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';

/** Code in one file. */
export interface Bundle {
  /** An ES module for Node 22 and newer, standard decorators lowered. */
  readonly code: string;
  /** Its source map, with the sources in it. */
  readonly map: string;
  readonly warnings: readonly string[];
}

/**
 * Bundles an entry with everything it imports: layers, interfaces, the framework and npm packages.
 *
 * A bare import is looked up from the importing file's folder upward, then where this package finds its own; the
 * framework itself is always the running one, whatever copies lie about. The result does not depend on where the tree
 * lies: `origins` says what the folders in it are called in the source map. Throws `BuildError` with file and line of
 * each error.
 */
export async function bundleCode(options: {
  readonly charm: string;
  /** The bundle's path in the charm: `charm.js`. */
  readonly file: string;
  /** The entry's text. */
  readonly entry: string;
  /** The charm's own folder: where errors' paths start. */
  readonly folder: string;
  /** The module that `charms-reactive` means. */
  readonly frameworkEntry: string;
  readonly origins: readonly BundleOrigin[];
  /** What else imports lead to: layers, interfaces, and packages that are chosen. */
  readonly plugins: readonly Plugin[];
}): Promise<Bundle> {
  const { charm, file, entry, folder, frameworkEntry, origins, plugins } = options;
  const result = await build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: ENTRY_NAME, loader: 'js' },
    absWorkingDir: folder,
    outfile: join(folder, file),
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    // Handlers are known by their functions' names; without it two `start` in two layers become `start` and `start2`.
    keepNames: true,
    format: 'esm',
    // Anything below "esnext" has decorators lowered, which no Node knows.
    target: 'es2022',
    sourcemap: 'linked',
    sourcesContent: true,
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
    nodePaths: packageFolders(PACKAGE_FOLDER),
    // A layer's own tsconfig.json must not change what its code means.
    tsconfigRaw: { compilerOptions: { target: 'es2022', useDefineForClassFields: true } },
    // CommonJS packages expect these three of their surroundings.
    banner: {
      js: `import { createRequire as createCharmRequire } from 'node:module';\nconst require = createCharmRequire(import.meta.url);`,
    },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    plugins: [useFramework(frameworkEntry), ...plugins],
  }).catch((error: unknown) => {
    throw isBuildFailure(error)
      ? new BuildError(describeFailure(charm, folder, error), { cause: error })
      : error;
  });
  const files = new Map(result.outputFiles.map(({ path, text }) => [path, text]));
  const inputs = Object.keys(result.metafile.inputs);
  return {
    ...nameOrigins({
      code: files.get(join(folder, file)) ?? '',
      map: files.get(join(folder, `${file}.map`)) ?? '',
      inputs,
      folder,
      origins,
    }),
    warnings: result.warnings.map((message) => describeMessage(folder, message)),
  };
}

/** The framework's own entry beside this file: TypeScript when it runs from source, JavaScript when it is built. */
export function ownFrameworkEntry(): string {
  return ownModule('../index');
}

/** A module of this package, as TypeScript or JavaScript as this one is. */
function ownModule(path: string): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`${path}.${ending}`, import.meta.url));
}

/** `charms-reactive` and `charms-reactive/compat` are the running framework's modules, whatever copies lie about. */
function useFramework(entry: string): Plugin {
  return {
    name: 'framework',
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`^${STACK_TRACES}$`) }, () => ({ path: ownModule('./stack-traces') }));
      onResolve({ filter: /^charms-reactive$/ }, () => ({ path: entry }));
      onResolve({ filter: /^charms-reactive\/compat$/ }, () => ({
        path: join(dirname(entry), entry.endsWith('.ts') ? 'compat.ts' : 'compat.js'),
      }));
    },
  };
}

/** Every `node_modules` from a folder upward. */
function packageFolders(folder: string): string[] {
  const above = dirname(folder);
  return [join(folder, 'node_modules'), ...(above === folder ? [] : packageFolders(above))];
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function describeFailure(charm: string, folder: string, failure: BuildFailure): string {
  return failure.errors
    .map((message) => `cannot bundle "${charm}": ${describeMessage(folder, message)}`)
    .join('\n');
}

function describeMessage(folder: string, { text, location }: Message): string {
  if (location === null) return text;
  // The entry is made here, and its place would say nothing to anyone.
  if (location.file === ENTRY_NAME) return text;
  return `${resolve(folder, location.file)}:${location.line}:${location.column + 1}: ${text}`;
}
