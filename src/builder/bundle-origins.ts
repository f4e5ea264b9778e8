import { relative, resolve, sep } from 'node:path';
import type { BundledFile } from './bundle-formats.ts';

/** What a folder is called in a bundle. */
export interface BundleOrigin {
  readonly folder: string;
  readonly name: string;
}

/** What the entry is called among the modules of a bundle. */
export const ENTRY_NAME = 'charm-entry.js';

/**
 * Puts names that are the same on every machine in place of the paths that esbuild leaves in a file of a bundle: in its source
 * map, and as the key of each CommonJS module. Lines stay where they are.
 *
 *     "../../home/me/charms/node_modules/ms/index.js"(exports) {   becomes   "node_modules/ms/index.js"(exports) {
 */
export function nameOrigins(bundle: {
  readonly path: string;
  readonly code: string;
  readonly map: string;
  /** The modules' paths as esbuild gives them, relative to `folder`. */
  readonly inputs: readonly string[];
  readonly folder: string;
  readonly origins: readonly BundleOrigin[];
}): BundledFile {
  const { path, code, map, inputs, folder, origins } = bundle;
  const names = new Map(inputs.map((input) => [input, nameOrigin(resolve(folder, input), origins, input)]));
  const parsed: { sources: string[]; sourcesContent: (string | null)[] } = JSON.parse(map);
  const sources = parsed.sources.map((source) => names.get(source) ?? source);
  // The entry imports by absolute paths, and nobody needs to read it.
  const sourcesContent = parsed.sourcesContent.map((text, index) =>
    parsed.sources[index] === ENTRY_NAME ? null : text,
  );
  return {
    path,
    code: code
      .split('\n')
      .map((line) => nameLine(line, names))
      .join('\n'),
    map: JSON.stringify({ ...parsed, sources, sourcesContent }),
  };
}

/** What a file is called in a bundle; `otherwise` where it is in no folder that has a name. */
export function nameOrigin(path: string, origins: readonly BundleOrigin[], otherwise: string): string {
  if (otherwise === ENTRY_NAME) return ENTRY_NAME;
  // A package is known by its own name, wherever it was found.
  const inPackages = path.split(`${sep}node_modules${sep}`);
  if (inPackages.length > 1) return `node_modules/${inPackages.at(-1)?.split(sep).join('/')}`;
  const origin = origins
    .filter(({ folder }) => path.startsWith(folder + sep))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
  if (origin === undefined) return otherwise;
  return `${origin.name}/${relative(origin.folder, path).split(sep).join('/')}`;
}

function nameLine(line: string, names: ReadonlyMap<string, string>): string {
  const key = /^ {2}"(.+)"(\((?:exports(?:, module)?)?\) \{.*)$/.exec(line);
  const module = names.get(key?.[1] ?? '');
  return module === undefined ? line : `  "${module}"${key?.[2]}`;
}
