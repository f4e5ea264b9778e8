import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import type { CharmEndpoint } from './charm-endpoints.ts';
import { matchPatterns } from './file-patterns.ts';
import type { InterfaceLayer, LayerStack } from './layer.ts';
import { JUNK, listFiles } from './source-files.ts';
import type { ComposedFile } from './tactics/tactic.ts';

/** Refuses an interface that lacks the Python module of a role in which an endpoint uses it. */
export function refuseMissingRoles(stack: LayerStack, endpoints: readonly CharmEndpoint[]): void {
  for (const layer of stack.interfaces) {
    for (const { role, name } of endpoints.filter((endpoint) => endpoint.interface === layer.name)) {
      if (existsSync(join(layer.folder, `${role}.py`))) continue;
      throw new BuildError(
        `cannot build "${stack.charm}": Missing implementation for interface role: ${role}.py; endpoint "${name}" needs it of "${layer.url}", and "${layer.folder}" has none`,
      );
    }
  }
}

/**
 * Adds the files of the included interfaces that endpoints use, below `hooks/relations/NAME/`, where they take the place of
 * what layers have there. `ignore` and `exclude` of the charm's own layer and of the interface leave files out.
 * Whatever lies in that folder is signed under the interface.
 */
export function addInterfaceFiles(
  files: readonly ComposedFile[],
  stack: LayerStack,
  endpoints: readonly CharmEndpoint[],
): readonly ComposedFile[] {
  const used = stack.interfaces.filter(({ name }) => endpoints.some((one) => one.interface === name));
  return used.reduce((before, layer) => addOne(before, layer, stack), files);
}

function addOne(
  files: readonly ComposedFile[],
  layer: InterfaceLayer,
  stack: LayerStack,
): readonly ComposedFile[] {
  const folder = `hooks/relations/${layer.name}/`;
  const signed = { owner: layer.url, kind: 'static' } as const;
  const own = new Map<string, ComposedFile>();
  for (const file of files) if (file.path.startsWith(folder)) own.set(file.path, { ...file, ...signed });
  const isLeftOut = matchPatterns(interfacePatterns(layer, stack));
  for (const { path, source, isExecutable } of listFiles({ folder: layer.folder, owner: layer.url }).files) {
    if (isLeftOut(path)) continue;
    const content = readFileSync(source);
    own.set(folder + path, { path: folder + path, content, isExecutable, ...signed, sources: [source] });
  }
  if (own.size === 0) {
    throw new BuildError(
      `cannot build "${stack.charm}": ignore and exclude, of the charm's layer.yaml and of the interface, leave nothing of "${layer.url}"; take back in what is needed`,
    );
  }
  const init = `${folder}__init__.py`;
  // Python takes a folder for a package by this file.
  if (!own.has(init)) {
    own.set(init, { path: init, content: new Uint8Array(), isExecutable: false, ...signed, sources: [] });
  }
  return [...files.filter(({ path }) => !path.startsWith(folder)), ...own.values()];
}

/** The reference's order, in which the later pattern decides. */
function interfacePatterns({ file }: InterfaceLayer, stack: LayerStack): readonly string[] {
  const { ignore = [], exclude = [] } = stack.layers.at(-1)?.file ?? {};
  return [ignore, file.ignore, exclude, file.exclude].flatMap((patterns) => [...JUNK, ...patterns]);
}
