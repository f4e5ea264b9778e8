import { type Bundle, bundleCode } from './bundle.ts';
import type { BundleOrigin } from './bundle-origins.ts';
import { NATIVE_ADDON, writeCharmEntry } from './charm-entry.ts';
import type { CharmFacts } from './charm-facts.ts';
import { COMMAND_SCRIPT, readBashLibrary } from './command-files.ts';
import type { Composition } from './compose.ts';
import { DISPATCH_SCRIPT } from './dispatch-script.ts';
import { useIncluded } from './included-modules.ts';
import { findInterfaceModules } from './interface-modules.ts';
import type { LayerStack } from './layer.ts';
import { choosePackages, useChosen } from './layer-packages.ts';
import { readNativeAddon } from './native-addon.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';
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
  const bundle = async (file: string, entry: string): Promise<Bundle> => {
    const folder = stack.layers.at(-1)?.folder ?? process.cwd();
    const context = {
      charm: stack.charm,
      folder,
      frameworkEntry,
      origins: originsOf(stack),
      plugins: [useIncluded(stack), useChosen(packages, stack)],
    };
    const result = await bundleCode({ ...context, file, entry });
    for (const warning of result.warnings) onWarning(warning);
    return result;
  };
  const programs = composition.programs.map(({ path, source }) => ({
    file: path.replace(/\.[cm]?[jt]s$/, '.js'),
    entry: `import ${JSON.stringify(source)};\n`,
  }));
  const code = [{ file: 'charm.js', entry: writeCharmEntry({ ...charm, layers, interfaces }) }, ...programs];
  const bundles = await Promise.all(code.map(({ file, entry }) => bundle(file, entry)));
  return [
    ...bundles.flatMap(({ code: text, map }, index) => {
      const file = code[index]?.file ?? '';
      // Executable, as what is at the end of dispatch has to be for charmcraft's linter.
      const isExecutable = index === 0;
      return [{ ...generatedFile(file, text), isExecutable }, generatedFile(`${file}.map`, map)];
    }),
    generatedFile(NATIVE_ADDON, readNativeAddon(platform)),
    // Without it Node would have to try charm.js before it takes it for an ES module.
    generatedFile('package.json', `${JSON.stringify({ private: true, type: 'module' })}\n`),
    { ...generatedFile('dispatch', DISPATCH_SCRIPT), isExecutable: true },
    { ...generatedFile('bin/charms.reactive', COMMAND_SCRIPT), isExecutable: true },
    // Executable, for those who look for it with "which".
    { ...generatedFile('bin/charms.reactive.sh', readBashLibrary()), isExecutable: true },
  ];
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
