import { basename, resolve } from 'node:path';
import { writeCharmModule } from '../builder/charm-entry.ts';
import { readCharmFacts } from '../builder/charm-facts.ts';
import { generatedFile } from '../builder/compile.ts';
import { type Composition, composeLayers } from '../builder/compose.ts';
import { GitLayers } from '../builder/git-layers.ts';
import { findInterfaceModules } from '../builder/interface-modules.ts';
import type { LayerStack } from '../builder/layer.ts';
import { resolveLayers } from '../builder/resolve.ts';
import { defaultCacheFolder, defaultSearchFolders } from '../builder/search-folders.ts';
import { APPLICATION_NAME } from '../metadata/name-rules.ts';

/** Finds all that a layer includes, where a build without flags finds it. Throws as the build does. */
export function findStack(
  layer: string,
  environment: Readonly<Record<string, string | undefined>>,
): LayerStack {
  return resolveLayers({
    charm: layer,
    folders: defaultSearchFolders(layer, environment),
    git: new GitLayers({ charm: layer, cache: defaultCacheFolder(environment), update: false }),
  });
}

/**
 * The text of a module that exports `charm`: what the layers come to, with the code of their handlers and interfaces. Throws
 * as the build does where they do not go together.
 */
export function readCharmModule(stack: LayerStack): string {
  const composition = addMetadata(composeLayers(stack), stack);
  const facts = readCharmFacts(stack, composition);
  return writeCharmModule({
    ...facts,
    layers: composition.reactive.map(({ layer, path, source }) => ({ name: layer.name, file: path, source })),
    interfaces: findInterfaceModules({ stack, metadata: facts.metadata, onWarning: () => undefined }),
  });
}

/** The files whose contents are in that module, absolute, as opposed to what it imports. */
export function listCharmFiles({ layers }: LayerStack): readonly string[] {
  const names = ['layer.yaml', 'metadata.yaml', 'config.yaml'];
  return layers.flatMap(({ folder }) => names.map((name) => resolve(folder, name)));
}

/** A layer that others include is no charm, and needs none to be tested. */
function addMetadata(composition: Composition, stack: LayerStack): Composition {
  if (composition.files.some(({ path }) => path === 'metadata.yaml')) return composition;
  const folder = basename(stack.layers.at(-1)?.folder ?? '');
  const name = APPLICATION_NAME.test(folder) ? folder : 'layer';
  const metadata = `name: ${name}\nsummary: a layer\ndescription: a layer\n`;
  return { ...composition, files: [...composition.files, generatedFile('metadata.yaml', metadata)] };
}
