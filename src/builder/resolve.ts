import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Field } from '../metadata/field.ts';
import { parseInterfaceFile } from '../metadata/interface-file.ts';
import { type LayerFile, parseLayerFile } from '../metadata/layer-file.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { BuildError } from './build-error.ts';
import type { FoundFolder, GitLayers } from './git-layers.ts';
import { type Include, IncludeFinder, readInclude } from './include-finder.ts';
import type { InterfaceLayer, Layer, LayerStack } from './layer.ts';
import { LOCK_FILE } from './lock-file.ts';
import { readRevision } from './repository.ts';
import type { SearchFolders } from './search-folders.ts';

/**
 * Finds all layers and interfaces that a charm includes, and puts them in order.
 *
 *     top ──includes──▶ left ──▶ base          base, left, right, top
 *        └──includes──▶ right ─▶ base
 *
 * Depth first, what a layer includes before the layer itself, each layer once, at the first place it is asked for; so far
 * the Python reference's order. Throws `BuildError` for what cannot be found and for layers that include one another in
 * a circle, `MetadataError` for a layer.yaml or interface.yaml that is wrong.
 */
export function resolveLayers(options: {
  /** The folder of the charm's own layer. */
  readonly charm: string;
  readonly folders: SearchFolders;
  /** Where paths in includes start, if not at the layer that has them; the current folder if not given. */
  readonly workingFolder?: string;
  /** What the charm takes from git; nothing if not given. */
  readonly git?: GitLayers;
  /** Called with things that are no error and yet hardly meant. */
  readonly onWarning?: (warning: string) => void;
}): LayerStack {
  const folder = resolve(options.charm);
  if (!isFolder(folder)) throw new BuildError(`cannot build "${options.charm}": there is no such folder`);
  const charm = charmName(folder);
  const finder = new IncludeFinder({ workingFolder: '.', ...options });
  const walk = new IncludeWalk(finder, options.onWarning ?? (() => undefined));
  walk.visit({ name: charm, url: charm, folder: realpathSync(folder) }, []);
  return { charm, layers: walk.layers, interfaces: walk.interfaces };
}

/** A layer that is found and not yet read. */
type Found = FoundFolder & Pick<Layer, 'name' | 'url'>;

class IncludeWalk {
  readonly layers: Layer[] = [];
  readonly interfaces: InterfaceLayer[] = [];
  readonly #finder: IncludeFinder;
  readonly #onWarning: (warning: string) => void;

  constructor(finder: IncludeFinder, onWarning: (warning: string) => void) {
    this.#finder = finder;
    this.#onWarning = onWarning;
  }

  /** Adds what `layer` includes, then `layer`. `above` are the layers on the way here, the charm first. */
  visit(layer: Found, above: readonly Found[]): void {
    const chain = [...above, layer];
    if (above.some(({ folder }) => folder === layer.folder)) refuseCircle(chain);
    const file = readLayer(layer.folder);
    for (const text of file?.includes ?? []) {
      const include = readInclude(text);
      if (include.kind === 'interface') this.#addInterface(include, chain);
      else this.#addLayer(include, chain);
    }
    const name = file?.name ?? layer.name;
    const twin = this.layers.find(({ folder }) => folder === layer.folder);
    if (twin !== undefined) {
      this.#onWarning(
        `"${layer.url}" is put in twice, since its layer.yaml calls it "${name}"; remove that name, or call its folder so`,
      );
    }
    if (file?.document.tactics !== undefined) {
      this.#onWarning(
        `"tactics" in the layer.yaml of "${layer.url}" have no effect: they are Python code, which this builder does not run`,
      );
    }
    this.layers.push({
      revision: readRevision(layer.folder),
      ...layer,
      name,
      ...(file === undefined ? {} : { file }),
    });
  }

  #addLayer(include: Include, chain: readonly Found[]): void {
    const { name, text } = include;
    // The reference asks for the name in the include, not the one the layer gives itself.
    if (this.layers.some((layer) => layer.name === name)) return;
    this.visit({ ...this.#find(include, chain), name, url: text }, chain);
  }

  #addInterface(include: Include, chain: readonly Found[]): void {
    const { name, text } = include;
    if (this.interfaces.some((one) => one.name === name)) return;
    const found = this.#find(include, chain);
    const path = join(found.folder, 'interface.yaml');
    const file = parseInterfaceFile(existsSync(path) ? readFileSync(path, 'utf8') : '', path);
    this.interfaces.push({
      revision: readRevision(found.folder),
      ...found,
      name: file.name ?? name,
      url: text,
      file,
    });
  }

  #find(include: Include, chain: readonly Found[]): FoundFolder {
    const finding = this.#finder.find(include, chain.at(-1)?.folder ?? '.');
    return 'found' in finding ? finding.found : refuseMissing({ include, tried: finding.tried, chain });
  }
}

/** The reference's rule: the `name` of the top layer's own metadata.yaml, else its folder's. */
function charmName(folder: string): string {
  const path = join(folder, 'metadata.yaml');
  const metadata = existsSync(path) ? parseYaml(readFileSync(path, 'utf8'), path) : undefined;
  const given = new Field(metadata, '', []).members().get('name')?.value;
  const name = typeof given === 'string' && given !== '' ? given : basename(folder);
  if (!/^[a-z]/.test(name)) {
    throw new BuildError(
      `cannot build "${folder}": a charm's name must start with a lower-case letter, and this one is called "${name}"`,
    );
  }
  return name;
}

function readLayer(folder: string): LayerFile | undefined {
  // composer.yaml is what layer.yaml was called at first.
  const path = ['layer.yaml', 'composer.yaml'].map((name) => join(folder, name)).find(existsSync);
  return path === undefined ? undefined : parseLayerFile(readFileSync(path, 'utf8'), path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseCircle(chain: readonly Found[]): never {
  const last = chain.at(-1);
  const start = chain.findIndex(({ folder }) => folder === last?.folder);
  const circle = chain.slice(start).map(({ url }) => `"${url}"`);
  throw new BuildError(
    `cannot build "${chain[0]?.url}": layers include one another in a circle: ${circle.join(' → ')}; remove one of these includes`,
  );
}

function refuseMissing(missing: {
  readonly include: Include;
  readonly tried: readonly string[];
  readonly chain: readonly Found[];
}): never {
  const { include, tried, chain } = missing;
  const where = tried.length === 0 ? 'that is no name of a folder' : `looked for ${tried.join(', ')}`;
  const variable = include.kind === 'layer' ? 'CHARM_LAYERS_DIR' : 'CHARM_INTERFACES_DIR';
  throw new BuildError(
    `cannot find "${include.text}", which "${chain.at(-1)?.url}" includes: ${where}; set ${variable} to the folder that holds it, install the npm package that is it, or say in ${LOCK_FILE} where it is in git`,
  );
}
