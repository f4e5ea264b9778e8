import { RelationBase } from '../conversations/relation-base.ts';
import type { RelationBaseClass, RelationBaseImplementation } from '../conversations/relation-base-class.ts';
import { Endpoint } from '../endpoints/endpoint.ts';
import type { EndpointClass, InterfaceImplementation } from '../endpoints/endpoint-set.ts';
import { RequesterEndpoint } from '../endpoints/requests/requester-endpoint.ts';
import { ResponderEndpoint } from '../endpoints/requests/responder-endpoint.ts';
import type { CharmMetadata, Role } from '../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../metadata/config-options.ts';
import type { JsonValue } from '../store/python-json.ts';
import { type FunctionLayer, isFunctionLayer, Layer, type LayerClass } from './layer.ts';

/** Everything a charm is made of, as the builder writes it into the bundle. */
export interface CharmDefinition {
  readonly metadata: CharmMetadata;
  readonly config?: ConfigOptions;
  /** layer.yaml's options, by layer. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** The layers' handler files, base layers first; each with all that it exports. */
  readonly layers: readonly LayerModule[];
  /** The role files of the interfaces; each with all that it exports. */
  readonly interfaces?: readonly InterfaceModule[];
  /** The SQLite addon's file, where it lies beside the bundle. */
  readonly nativeBinding?: string;
}

/** One file below a layer's `reactive/`. */
export interface LayerModule {
  /** The layer's name. */
  readonly name: string;
  /** The file, for errors: `reactive/redis.ts`. */
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** One role file of an interface: `requires.ts`, `provides.ts` or `peers.ts`. */
export interface InterfaceModule {
  readonly role: Role;
  readonly interface: string;
  /** The file, for errors: `interfaces/redis/requires.ts`. */
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** A layer found in a file. */
export interface FoundLayer {
  readonly name: string;
  readonly layer: LayerClass | FunctionLayer;
}

/**
 * The layers a handler file exports, each once; a file that exports none only helps others. A class that another one
 * exported there extends does not count.
 */
export function findLayers(module: LayerModule): FoundLayer[] {
  const values = Object.values(module.exports);
  const found = [...withoutParents(values.filter(isLayerClass)), ...new Set(values.filter(isFunctionLayer))];
  return found.map((layer) => ({ name: module.name, layer }));
}

/** One role file of an interface, with the kind of class it exports. */
export type Implementation = InterfaceImplementation | RelationBaseImplementation;

/** Whether an implementation is in the older style, in conversations. */
export function isRelationBase(implementation: Implementation): implementation is RelationBaseImplementation {
  return 'relationBaseClass' in implementation;
}

/**
 * The one Endpoint or RelationBase class a role file exports. A class that another one exported there extends does not count, so that a
 * file may pass on the class its own builds on.
 * @throws Error when the file exports none, or several.
 */
export function findImplementation(module: InterfaceModule): Implementation {
  const classes = withoutParents(Object.values(module.exports).filter(isImplementationClass));
  const [found, ...others] = classes;
  if (!found || others.length > 0) {
    const names = classes.map(({ name }) => name).join(', ');
    throw new Error(
      `cannot use "${module.file}" as ${module.role} of "${module.interface}": it must export one class that extends ` +
        `Endpoint or RelationBase, and exports ${names || 'none'}`,
    );
  }
  const { role, interface: interfaceName } = module;
  return isRelationBaseClass(found)
    ? { role, interface: interfaceName, relationBaseClass: found }
    : { role, interface: interfaceName, endpointClass: found };
}

function withoutParents<C extends { readonly prototype: object }>(classes: readonly C[]): C[] {
  const each = [...new Set(classes)];
  return each.filter(
    ({ prototype }) => !each.some((other) => Object.prototype.isPrototypeOf.call(prototype, other.prototype)),
  );
}

function isLayerClass(value: unknown): value is LayerClass & { readonly prototype: object } {
  return typeof value === 'function' && value.prototype instanceof Layer;
}

/** A role file may pass on all that the framework exports. */
const frameworkClasses: ReadonlySet<unknown> = new Set([RequesterEndpoint, ResponderEndpoint]);

function isImplementationClass(
  value: unknown,
): value is (EndpointClass | RelationBaseClass) & { readonly prototype: object } {
  if (frameworkClasses.has(value)) return false;
  return (typeof value === 'function' && value.prototype instanceof Endpoint) || isRelationBaseClass(value);
}

function isRelationBaseClass(value: unknown): value is RelationBaseClass {
  return typeof value === 'function' && value.prototype instanceof RelationBase;
}
