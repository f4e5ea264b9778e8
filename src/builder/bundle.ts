import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, build, type Message, type Metafile, type Plugin } from 'esbuild';
import { BuildError } from './build-error.ts';
import {
  type BundledFile,
  type BundleFormat,
  type CodeFile,
  type CommonFormat,
  formatFiles,
} from './bundle-formats.ts';
import { type BundleOrigin, ENTRY_NAME, nameOrigin, nameOrigins } from './bundle-origins.ts';
import { COMMAND_MAIN, STACK_TRACES } from './charm-entry.ts';
import { keepNames } from './kept-names.ts';
import { type BundlerOutput, inlineHelpers } from './runtime-helpers.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';

/** What a bundle is to be; see `bundle-formats.ts`. */
export interface BundleOptions {
  readonly charm: string;
  /** The bundle's path in the charm: `charm.bundle.js`. */
  readonly file: string;
  readonly format: CommonFormat;
  /** The entry's text. */
  readonly entry: string;
  /** The charm's own folder: where errors' paths start. */
  readonly folder: string;
  /** The module that `charms-reactive` means. */
  readonly frameworkEntry: string;
  readonly origins: readonly BundleOrigin[];
  /** What else imports lead to: layers, interfaces, and packages that are chosen. */
  readonly plugins: readonly Plugin[];
}

/** Code for Node 22 and newer, standard decorators lowered. */
export interface Bundle {
  /** An ES module where some module awaits at its top level, which no other can; otherwise what was asked for. */
  readonly format: BundleFormat;
  /** The entry first; then, by name, what it loads when it comes to an `import()`. */
  readonly files: readonly BundledFile[];
  readonly warnings: readonly string[];
}

type Info = Metafile['outputs'][string];

/**
 * Bundles an entry with everything it imports: layers, interfaces, the framework and npm packages. What is behind an
 * `import()` goes into files of its own, so that a hook that does not come there does not read it.
 *
 * A bare import is looked up from the importing file's folder upward, then where this package finds its own; the
 * framework itself is always the running one, whatever copies lie about. The result does not depend on where the tree
 * lies: `origins` says what the folders in it are called in the source map. Throws `BuildError` with file and line of
 * each error.
 */
export async function bundleCode(options: BundleOptions): Promise<Bundle> {
  const { charm, file, format, entry, folder, frameworkEntry, origins, plugins } = options;
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: ENTRY_NAME, loader: 'js' },
    absWorkingDir: folder,
    outdir: folder,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // Anything below "esnext" has decorators lowered, which no Node knows.
    target: 'es2022',
    sourcemap: 'inline',
    sourcesContent: true,
    legalComments: 'inline',
    logLevel: 'silent',
    nodePaths: packageFolders(PACKAGE_FOLDER),
    // A layer's own tsconfig.json must not change what its code means.
    tsconfigRaw: { compilerOptions: { target: 'es2022', useDefineForClassFields: true } },
    plugins: [useFramework(frameworkEntry), ...plugins, keepNames(origins)],
  }).catch((error: unknown) => {
    throw isBuildFailure(error)
      ? new BuildError(describeFailure(charm, folder, error), { cause: error })
      : error;
  });
  const infoOf = ({ path }: { readonly path: string }): Info | undefined =>
    metafile.outputs[relative(folder, path)];
  const helpers = outputFiles.find((output) => isOfBundler(infoOf(output)));
  const outputs = await inlineHelpers(outputFiles, helpers);
  const made = nameOutputs(outputs, { file, infoOf, folder, origins });
  const written = await formatFiles(made, format);
  const inputs = Object.keys(metafile.inputs);
  return {
    format: written.format,
    files: written.files.map((output) => nameOrigins({ ...output, inputs, folder, origins })),
    warnings: warnings.map((message) => describeMessage(folder, message)),
  };
}

/** Whether an output has nothing but the bundler's own helpers; what is imported late may be a file of names, without code too. */
function isOfBundler(info: Info | undefined): boolean {
  return info?.entryPoint === undefined && Object.keys(info?.inputs ?? {}).length === 0;
}

/**
 * Calls the entry's output by the name it is to have, and the others after it, numbered: the names that esbuild makes
 * depend on where the tree lies.
 */
function nameOutputs(
  outputs: readonly BundlerOutput[],
  given: Pick<BundleOptions, 'file' | 'folder' | 'origins'> & {
    readonly infoOf: (output: BundlerOutput) => Info | undefined;
  },
): CodeFile[] {
  const { file, infoOf, folder, origins } = given;
  const content = (output: BundlerOutput): string =>
    Object.keys(infoOf(output)?.inputs ?? {})
      .map((input) => nameOrigin(resolve(folder, input), origins, input))
      .join('\n');
  const entry = outputs.find((output) => infoOf(output)?.entryPoint === ENTRY_NAME);
  const others = outputs
    .filter((output) => output !== entry)
    .map((output) => ({ ...output, content: content(output) }))
    .sort((one, other) => (one.content < other.content ? -1 : 1));
  const names = new Map([entry, ...others].map((output, index) => [basename(output?.path ?? ''), index]));
  const newName = (index: number): string => (index === 0 ? file : file.replace(/\.js$/, `.${index}.js`));
  const rename = (text: string): string => {
    let renamed = text;
    for (const [name, index] of names)
      renamed = renamed.replaceAll(`./${name}"`, `./${basename(newName(index))}"`);
    return renamed;
  };
  return [entry, ...others].map((output, index) => ({
    path: newName(index),
    code: rename(output?.text ?? ''),
  }));
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
  const besideFramework = (path: string): string => join(dirname(entry), `${path}${extname(entry)}`);
  return {
    name: 'framework',
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`^${STACK_TRACES}$`) }, () => ({ path: ownModule('./stack-traces') }));
      onResolve({ filter: new RegExp(`^${COMMAND_MAIN}$`) }, () => ({
        path: besideFramework('charm/command/main'),
      }));
      onResolve({ filter: /^charms-reactive$/ }, () => ({ path: entry }));
      onResolve({ filter: /^charms-reactive\/compat$/ }, () => ({
        path: besideFramework('compat'),
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
