import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { Field } from '../metadata/field.ts';
import { parseInterfaceFile } from '../metadata/interface-file.ts';
import { type LayerFile, parseLayerFile } from '../metadata/layer-file.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { BuildError } from './build-error.ts';
import type { InterfaceLayer, Layer, LayerStack } from './layer.ts';
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
  /** Called with things that are no error and yet hardly meant. */
  readonly onWarning?: (warning: string) => void;
}): LayerStack {
  const folder = resolve(options.charm);
  if (!isFolder(folder)) throw new BuildError(`cannot build "${options.charm}": there is no such folder`);
  const charm = charmName(folder);
  const walk = new IncludeWalk(options);
  walk.visit({ name: charm, url: charm, folder: realpathSync(folder) }, []);
  return { charm, layers: walk.layers, interfaces: walk.interfaces };
}

/** A layer that is found and not yet read. */
type Found = Pick<Layer, 'name' | 'url' | 'folder'>;

class IncludeWalk {
  readonly layers: Layer[] = [];
  readonly interfaces: InterfaceLayer[] = [];
  readonly #folders: SearchFolders;
  readonly #workingFolder: string;
  readonly #onWarning: (warning: string) => void;

  constructor({ folders, workingFolder, onWarning }: Parameters<typeof resolveLayers>[0]) {
    this.#folders = folders;
    this.#workingFolder = workingFolder ?? '.';
    this.#onWarning = onWarning ?? (() => undefined);
  }

  /** Adds what `found` includes, then `found`. `above` are the layers on the way here, the charm first. */
  visit(found: Found, above: readonly Found[]): void {
    const chain = [...above, found];
    if (above.some(({ folder }) => folder === found.folder)) refuseCircle(chain);
    const file = readLayer(found.folder);
    for (const include of file?.includes ?? []) {
      if (include.startsWith('interface:')) this.#addInterface(include, found);
      else this.#addLayer(include, chain);
    }
    const name = file?.name ?? found.name;
    const twin = this.layers.find((layer) => layer.folder === found.folder);
    if (twin !== undefined) {
      this.#onWarning(
        `"${found.url}" is put in twice, since its layer.yaml calls it "${name}"; remove that name, or call its folder so`,
      );
    }
    this.layers.push({
      name,
      url: found.url,
      folder: found.folder,
      ...(file === undefined ? {} : { file }),
      revision: readRevision(found.folder),
    });
  }

  #addLayer(include: string, chain: readonly Found[]): void {
    const name = includedName(include);
    // The reference asks for the name in the include, not the one the layer gives itself.
    if (this.layers.some((layer) => layer.name === name)) return;
    const from = chain.at(-1)?.folder ?? '.';
    const tried = include.startsWith('layer:')
      ? candidates(this.#folders.layers, name, 'layer')
      : [from, this.#workingFolder, ...this.#folders.layers].map((folder) => resolve(folder, include));
    const folder = tried.find(isFolder);
    if (folder === undefined) refuseMissing({ include, tried, chain, variable: 'CHARM_LAYERS_DIR' });
    this.visit({ name, url: include, folder: realpathSync(folder) }, chain);
  }

  #addInterface(include: string, from: Found): void {
    const name = includedName(include);
    if (this.interfaces.some((one) => one.name === name)) return;
    const tried = candidates(this.#folders.interfaces, name, 'interface');
    const folder = tried.find(isFolder);
    if (folder === undefined) {
      refuseMissing({ include, tried, chain: [from], variable: 'CHARM_INTERFACES_DIR' });
    }
    const path = join(folder, 'interface.yaml');
    const file = parseInterfaceFile(existsSync(path) ? readFileSync(path, 'utf8') : '', path);
    const real = realpathSync(folder);
    this.interfaces.push({
      name: file.name ?? name,
      url: include,
      folder: real,
      file,
      revision: readRevision(real),
    });
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

function includedName(include: string): string {
  const colon = /^(?:layer|interface):(.*)$/s.exec(include);
  return colon?.[1] ?? basename(include);
}

/** `NAME`, or the long form of a repository's name, in each folder. A name cannot lead out of the folder. */
function candidates(folders: readonly string[], name: string, kind: string): readonly string[] {
  if (name === '' || name === '.' || name === '..' || /[/\\]/.test(name) || isAbsolute(name)) return [];
  return folders.flatMap((folder) => [join(folder, name), join(folder, `${kind}-${name}`)]);
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
  readonly include: string;
  readonly tried: readonly string[];
  readonly chain: readonly Found[];
  readonly variable: string;
}): never {
  const { include, tried, chain, variable } = missing;
  const where = tried.length === 0 ? 'that is no name of a folder' : `looked for ${tried.join(', ')}`;
  throw new BuildError(
    `cannot find "${include}", which "${chain.at(-1)?.url}" includes: ${where}; set ${variable} to the folder that holds it`,
  );
}
