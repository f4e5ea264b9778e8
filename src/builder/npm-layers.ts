import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BuildError } from './build-error.ts';

/** A layer or an interface that an npm package is: `"reactive": { "layer": "apt" }` in its package.json. */
interface PackagedLayer {
  readonly kind: 'layer' | 'interface';
  readonly name: string;
  readonly folder: string;
}

/** The layers and interfaces among installed npm packages, each `node_modules` read once. */
export class NpmLayers {
  readonly #found = new Map<string, readonly PackagedLayer[]>();

  /**
   * The folder of the package that says it is this layer or interface, in the nearest `node_modules` from a folder upward.
   * Throws `BuildError` where several packages there say so.
   */
  find(kind: PackagedLayer['kind'], name: string, from: string): string | undefined {
    const fitting = this.#in(join(from, 'node_modules')).filter(
      (one) => one.kind === kind && one.name === name,
    );
    const [first, second] = fitting;
    if (first !== undefined && second !== undefined) {
      throw new BuildError(
        `cannot tell which package is "${kind}:${name}": "${first.folder}" and "${second.folder}" both say so; remove one`,
      );
    }
    if (first !== undefined) return realpathSync(first.folder);
    const above = dirname(from);
    return above === from ? undefined : this.find(kind, name, above);
  }

  #in(folder: string): readonly PackagedLayer[] {
    const known = this.#found.get(folder) ?? listPackages(folder).flatMap(readPackage);
    this.#found.set(folder, known);
    return known;
  }
}

/** The folders of all packages, those with a scope (`@charms/apt`) among them. */
function listPackages(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => {
      const path = join(folder, name);
      return name.startsWith('@')
        ? readdirSync(path)
            .sort()
            .map((scoped) => join(path, scoped))
        : [path];
    });
}

/** Anything of another form under `reactive` is somebody else's business. */
function readPackage(folder: string): readonly PackagedLayer[] {
  const said = readReactive(join(folder, 'package.json'));
  if (typeof said !== 'object' || said === null) return [];
  const inFolder = 'folder' in said && typeof said.folder === 'string' ? said.folder : '';
  return (['layer', 'interface'] as const).flatMap((kind) => {
    const name: unknown = Reflect.get(said, kind);
    return typeof name === 'string' && name !== '' ? [{ kind, name, folder: join(folder, inFolder) }] : [];
  });
}

function readReactive(file: string): unknown {
  try {
    const description: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof description === 'object' && description !== null && 'reactive' in description
      ? description.reactive
      : undefined;
  } catch {
    // No package, or one that npm itself would not take.
    return undefined;
  }
}
