import type { CodeSources, LayerSource, RoleSource, ScriptSource } from '../analysis/code-sources.ts';
import type { SourceText } from '../analysis/syntax-tree.ts';
import type { EndpointDeclaration, Role } from '../metadata/charm-metadata.ts';
import { type CharmFiles, readText } from './charm-files.ts';

/** What of a charm's metadata its code is about. */
export interface CodeFacts {
  /** The name of the charm's own layer. */
  readonly ownLayer: string;
  readonly endpoints: readonly EndpointDeclaration[];
  /** The names of its options. */
  readonly options: readonly string[];
}

/**
 * The code of a charm as it was written: modules out of the bundle's source map, handlers, actions and hooks in other
 * languages from their files.
 */
export function readCharmCode(files: CharmFiles, facts: CodeFacts): CodeSources {
  const bundles = files.paths.filter((file) => BUNDLE.test(file));
  const modules = readModules(files, bundles);
  const { layers, roles } = readEntry(
    bundles.map((file) => readText(files, file) ?? ''),
    modules ?? [],
  );
  return {
    ...facts,
    modules: modules ?? [],
    layers,
    roles,
    scripts: files.paths.flatMap((file) => readScript(files, file) ?? []),
    isPartial: modules === undefined,
  };
}

/** Where a charm's code is: `charm.bundle.js` and what it loads later on. The command's is the framework's alone. */
const BUNDLE = /^charm\.((?!command\.)[\w.-]+\.)?js$/;

/** The sources that the maps of bundles have in them, each once; undefined where there is code, and no map that can be read. */
function readModules(files: CharmFiles, bundles: readonly string[]): readonly SourceText[] | undefined {
  const maps = bundles.flatMap((file) => readText(files, `${file}.map`) ?? []);
  if (bundles.length > 0 && maps.length === 0) return undefined;
  try {
    const found = maps.flatMap(readMap).filter(({ path, text }) => isOfInterest(path, text));
    return [...new Map(found.map((one) => [one.path, one])).values()];
  } catch {
    return undefined;
  }
}

/** @throws SyntaxError or TypeError for what is no map. */
function readMap(text: string): readonly SourceText[] {
  const { sources, sourcesContent } = JSON.parse(text) as {
    readonly sources: readonly string[];
    readonly sourcesContent: readonly (string | null)[];
  };
  return sources.flatMap((path, index) => {
    const content = sourcesContent[index];
    return typeof content === 'string' ? [{ path, text: content }] : [];
  });
}

/** The framework's own code is known, and packages mostly have nothing to do with flags. */
function isOfInterest(path: string, text: string): boolean {
  if (!/\.[cm]?[jt]s$/.test(path)) return false;
  if (/^(layers|interfaces)\//.test(path)) return true;
  if (/^(node_modules\/)?charms-reactive\/(src|dist)\//.test(path)) return false;
  return /['"]charms-reactive|\bflags\s*\.\s*(set|toggle|setForHook)\s*\(|\b(set_flag|set_state|setFlag)\b/.test(
    text,
  );
}

/** One of the bundles ends with what the charm is made of, as the builder writes it. */
function readEntry(
  bundles: readonly string[],
  modules: readonly SourceText[],
): { readonly layers: readonly LayerSource[]; readonly roles: readonly RoleSource[] } {
  const [entry = ''] = bundles.flatMap((bundle) => {
    const start = bundle.lastIndexOf('\n  layers: [');
    return start < 0 ? [] : [bundle.slice(start)];
  });
  const paths = modules.map(({ path }) => path);
  const find = (name: string, file: string): string | undefined =>
    paths.find((path) => path === file || path === `layers/${name}/${file}`) ??
    // A layer from npm keeps its package's name.
    paths.find((path) => path.endsWith(`/${file}`));
  if (entry === '') return byPath(paths);
  const layers = [...entry.matchAll(/\{ name: ("(?:[^"\\]|\\.)*"), file: ("(?:[^"\\]|\\.)*"), exports:/g)];
  const roles = [
    ...entry.matchAll(
      /\{ role: "(\w+)", interface: ("(?:[^"\\]|\\.)*"), file: ("(?:[^"\\]|\\.)*"), exports:/g,
    ),
  ];
  return {
    layers: layers.flatMap(([, name = '""', file = '""']) => {
      const layer = JSON.parse(name) as string;
      const path = find(layer, JSON.parse(file) as string);
      return path === undefined ? [] : [{ name: layer, path }];
    }),
    roles: roles.flatMap(([, role = '', name = '""', file = '""']) => {
      const path =
        find('', JSON.parse(file) as string) ?? find('', file.slice(1, -1).replace('interfaces/', ''));
      return path === undefined ? [] : [{ role: role as Role, interface: JSON.parse(name) as string, path }];
    }),
  };
}

/** By the names that the builder gives modules, for a bundle that does not say. */
function byPath(paths: readonly string[]): ReturnType<typeof readEntry> {
  const match = (pattern: RegExp): readonly RegExpExecArray[] =>
    paths.map((path) => pattern.exec(path)).filter((one) => one !== null);
  return {
    layers: match(/^layers\/([^/]+)\/reactive\/[^/]+$/).map(([path, name = '']) => ({ name, path })),
    roles: match(/^interfaces\/([^/]+)\/(provides|requires|peers)\.[cm]?[jt]s$/).map(
      ([path, name = '', role]) => ({
        interface: name,
        role: role as Role,
        path,
      }),
    ),
  };
}

/** Undefined for what is no program, or is the framework's. */
function readScript(files: CharmFiles, file: string): ScriptSource | undefined {
  if (
    OWN.includes(file) ||
    !/^(reactive|hooks|actions|functions|bin|lib|exec\.d|scripts|files)\//.test(file)
  ) {
    return undefined;
  }
  const text = readText(files, file) ?? '';
  const isExecutable = files.isExecutable(file);
  const hasHandlers =
    /^(reactive|hooks\/reactive|hooks\/relations)\//.test(file) && (isExecutable || file.endsWith('.py'));
  const [first = ''] = text.slice(0, 200).split('\n');
  const language = languageOf(file, first);
  const isProgram = language !== undefined || hasHandlers || (isExecutable && first.startsWith('#!'));
  return isProgram ? { path: file, text, language, hasHandlers } : undefined;
}

const OWN = ['bin/charms.reactive', 'bin/charms.reactive.sh', 'bin/layer_option', 'bin/node'];

function languageOf(file: string, first: string): ScriptSource['language'] {
  if (file.endsWith('.py') || /^#!.*python/.test(first)) return 'python';
  return file.endsWith('.sh') || /^#!.*\b(ba|da|k)?sh\b/.test(first) ? 'bash' : undefined;
}
