import type { EndpointDeclaration, Role } from '../metadata/charm-metadata.ts';
import type { SourceText } from './syntax-tree.ts';

/** A module whose exported layers have handlers. */
export interface LayerSource {
  /** The layer's name. */
  readonly name: string;
  readonly path: string;
}

/** A module that implements a role of an interface. */
export interface RoleSource {
  readonly interface: string;
  readonly role: Role;
  readonly path: string;
}

/** A program that is no module: handlers, actions and hooks in bash, Python or whatever else. */
export interface ScriptSource extends SourceText {
  /** Undefined where it cannot be read. */
  readonly language: 'bash' | 'python' | undefined;
  /** Whether the framework looks into it for handlers. */
  readonly hasHandlers: boolean;
}

/** A charm's code, and what its metadata says that the code is about. */
export interface CodeSources {
  readonly modules: readonly SourceText[];
  readonly layers: readonly LayerSource[];
  readonly roles: readonly RoleSource[];
  readonly scripts: readonly ScriptSource[];
  /** The name of the charm's own layer. */
  readonly ownLayer: string;
  readonly endpoints: readonly EndpointDeclaration[];
  /** The names of the options in config.yaml. */
  readonly options: readonly string[];
  /** Whether code is missing that the charm has, such as that of a bundle without its map. */
  readonly isPartial: boolean;
}

/** The group of what a module has: its layer's name, `interface:` and its interface's, or its package. */
export function groupOf(path: string, { layers, roles }: CodeSources): string {
  const layer = layers.find((one) => path.startsWith(rootOf(one.path, 'reactive')));
  if (layer) return layer.name;
  const role = roles.find((one) => path.startsWith(one.path.replace(/[^/]*$/, '')));
  if (role) return `interface:${role.interface}`;
  const [, kind, name = path] = /^(layers|interfaces|node_modules)\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return kind === 'interfaces' ? `interface:${name}` : name;
}

/** The endpoints that the code in a module may be about. */
export function endpointsOf(path: string, { roles, endpoints }: CodeSources): readonly EndpointDeclaration[] {
  const exact = roles.find((one) => one.path === path);
  if (exact) {
    return endpoints.filter((one) => one.interface === exact.interface && one.role === exact.role);
  }
  const near = roles.find((one) => path.startsWith(one.path.replace(/[^/]*$/, '')));
  return near ? endpoints.filter((one) => one.interface === near.interface) : endpoints;
}

function rootOf(path: string, folder: string): string {
  return path.slice(0, path.lastIndexOf(`${folder}/`));
}
