import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { valid, validRange } from 'semver';

/** A copy of an npm package that is installed. */
export interface InstalledCopy {
  readonly folder: string;
  readonly version: string;
}

/** The copy in the nearest `node_modules` from a folder upward. */
export function findCopy(name: string, folder: string): InstalledCopy | undefined {
  const copy = join(folder, 'node_modules', name);
  if (existsSync(join(copy, 'package.json'))) {
    const { version } = readDescription(copy);
    return { folder: copy, version: valid(typeof version === 'string' ? version : undefined) ?? '0.0.0' };
  }
  const above = dirname(folder);
  return above === folder ? undefined : findCopy(name, above);
}

/** The versions of a package that the nearest package.json from a folder upward asks for; undefined where it says nothing of them. */
export function findRange(name: string, folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) {
    const description = readDescription(folder);
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']) {
      const asked = description[kind];
      const range: unknown =
        typeof asked === 'object' && asked !== null ? Reflect.get(asked, name) : undefined;
      // A path, a tag or a repository says nothing of versions.
      if (typeof range === 'string') return validRange(range) === null ? undefined : range;
    }
    return undefined;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findRange(name, above);
}

function readDescription(folder: string): Readonly<Record<string, unknown>> {
  try {
    const description: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof description === 'object' && description !== null ? { ...description } : {};
  } catch {
    // Not for this room to say: what uses it will.
    return {};
  }
}
