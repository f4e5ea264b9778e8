import { type Bundle, type BundleOptions, bundleCode } from './bundle.ts';
import type { BundledFile } from './bundle-formats.ts';
import type { BundleOrigin } from './bundle-origins.ts';
import { COMMAND_MAIN, NATIVE_ADDON, writeCharmEntry } from './charm-entry.ts';
import type { CharmFacts } from './charm-facts.ts';
import { CHARM_START, COMMAND_START, codeOf, writeStart } from './charm-start.ts';
import { COMMAND_SCRIPT } from './command-files.ts';
import type { Composition } from './compose.ts';
import { useIncluded } from './included-modules.ts';
import { findInterfaceModules } from './interface-modules.ts';
import type { LayerStack } from './layer.ts';
import { choosePackages, useChosen } from './layer-packages.ts';
import { readNativeAddon } from './native-addon.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';
import { readBashLibrary, readDispatch } from './shell-files.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/**
 * The files that the builder makes: the bundle with its source map, what it needs to run, `dispatch`, which runs it, and
 * a bundle of its own for each of the layers' programs.
 * Throws `BuildError` where a role has no implementation, layers do not agree on an npm package, or the code does not compile.
 */
export async function compileCharm(build: {
  readonly stack: LayerStack;
  readonly composition: Composition;
  readonly charm: CharmFacts;
  /** The module that `charms-reactive` means. */
  readonly frameworkEntry: string;
  /** What the charm is to run on, as better-sqlite3 names it: `linux-x64`. */
  readonly platform: string;
  readonly onWarning: (warning: string) => void;
}): Promise<readonly ComposedFile[]> {
  const { stack, composition, charm, frameworkEntry, platform, onWarning } = build;
  const interfaces = findInterfaceModules({ stack, metadata: charm.metadata, onWarning });
  const layers = composition.reactive.map(({ layer, path, source }) => ({
    name: layer.name,
    file: path,
    source,
  }));
  const packages = await choosePackages({
    stack,
    modules: [...layers, ...interfaces, ...composition.programs].map(({ source }) => source),
    onWarning,
  });
  const bundle = async ({ file, format, entry }: Code): Promise<Bundle> => {
    const folder = stack.layers.at(-1)?.folder ?? process.cwd();
    const context = {
      charm: stack.charm,
      folder,
      frameworkEntry,
      origins: originsOf(stack),
      plugins: [useIncluded(stack), useChosen(packages, stack)],
    };
    const result = await bundleCode({ ...context, file, format, entry });
    for (const warning of result.warnings) onWarning(warning);
    return result;
  };
  const entry = { ...charm, layers, interfaces };
  const bundles = await Promise.all(
    [
      { file: codeOf(CHARM_START), format: 'function', entry: writeCharmEntry(entry) } as const,
      {
        file: codeOf(COMMAND_START),
        format: 'function',
        entry: writeCharmEntry(entry, COMMAND_MAIN),
      } as const,
      ...composition.programs.map(({ path, source }) => ({
        file: path.replace(/\.[cm]?[jt]s$/, '.js'),
        format: 'script' as const,
        entry: `import ${JSON.stringify(source)};\n`,
      })),
    ].map(bundle),
  );
  const [main, command] = bundles as [Bundle, Bundle, ...Bundle[]];
  return [
    // Executable, as what is at the end of dispatch has to be for charmcraft's linter.
    { ...startFile(CHARM_START, main), isExecutable: true },
    startFile(COMMAND_START, command),
    ...bundles.flatMap(({ files }) => files).flatMap(filesOf),
    generatedFile(NATIVE_ADDON, readNativeAddon(platform)),
    // Without it Node would look for one in every folder above.
    generatedFile('package.json', `${JSON.stringify({ private: true })}\n`),
    { ...generatedFile('dispatch', readDispatch()), isExecutable: true },
    { ...generatedFile('bin/charms.reactive', COMMAND_SCRIPT), isExecutable: true },
    // Executable, for those who look for it with "which".
    { ...generatedFile('bin/charms.reactive.sh', readBashLibrary()), isExecutable: true },
  ];
}

type Code = Pick<BundleOptions, 'file' | 'format' | 'entry'>;

/** What runs a bundle. An ES module has no code cache. */
function startFile(file: string, { files, format }: Bundle): ComposedFile {
  const code = files[0]?.code ?? '';
  return generatedFile(file, format === 'module' ? `import './${codeOf(file)}';\n` : writeStart(file, code));
}

function filesOf({ path, code, map }: BundledFile): ComposedFile[] {
  return [generatedFile(path, code), generatedFile(`${path}.map`, map)];
}

/** A file that is in no layer. */
export function generatedFile(path: string, content: string | Uint8Array): ComposedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, content: bytes, isExecutable: false, owner: 'build', kind: 'dynamic', sources: [] };
}

function originsOf(stack: LayerStack): readonly BundleOrigin[] {
  return [
    { folder: PACKAGE_FOLDER, name: 'charms-reactive' },
    ...stack.layers.map(({ folder, name }) => ({ folder, name: `layers/${name}` })),
    ...stack.interfaces.map(({ folder, name }) => ({ folder, name: `interfaces/${name}` })),
  ];
}
