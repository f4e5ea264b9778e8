import { describeValue } from '../metadata/field.ts';
import { BuildError } from './build-error.ts';
import type { Mapping } from './yaml-mapping.ts';

/** An endpoint as merged metadata.yaml gives it, by the reference's rules, which know no short form. */
export interface CharmEndpoint {
  readonly role: 'provides' | 'requires' | 'peers';
  readonly name: string;
  readonly interface: string;
}

/**
 * The endpoints of a charm whose hooks are made from a template. Python's charms.reactive reads metadata.yaml on the unit, and
 * as the reference does it wants a mapping for each endpoint, with its `interface`. Throws `BuildError` for anything else.
 */
export function readCharmEndpoints(metadata: Mapping, charm: string): readonly CharmEndpoint[] {
  return (['provides', 'requires', 'peers'] as const).flatMap((role) => {
    const endpoints = metadata.has(role) ? metadata.get(role) : new Map();
    if (!(endpoints instanceof Map)) {
      throw new BuildError(
        `cannot build "${charm}": ${role} in metadata.yaml must be a mapping, got ${describeValue(endpoints)}; remove the key where there are none`,
      );
    }
    return Array.from(endpoints, ([name, endpoint]) => ({
      role,
      name: refuseSlash(String(name), charm),
      interface: readInterface(endpoint, `${role}.${name}`, charm),
    }));
  });
}

/** The name of an endpoint or a storage, which is to begin the names of files. */
export function refuseSlash(name: string, charm: string): string {
  if (!name.includes('/')) return name;
  throw new BuildError(`cannot build "${charm}": "${name}" in metadata.yaml cannot begin the name of a hook`);
}

function readInterface(endpoint: unknown, keyPath: string, charm: string): string {
  const name: unknown = endpoint instanceof Map && endpoint.has('interface') ? endpoint.get('interface') : {};
  // What is no name is for Juju to refuse.
  if (typeof name !== 'object' || name === null) return String(name);
  throw new BuildError(
    `cannot build "${charm}": ${keyPath} in metadata.yaml names no interface; write "${keyPath.split('.')[1]}: {interface: NAME}"`,
  );
}
