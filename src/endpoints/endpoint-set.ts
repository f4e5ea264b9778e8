import type { EndpointDeclaration, Role } from '../metadata/charm-metadata.ts';
import { startEndpoint, type Warn } from './automatic-flags.ts';
import { Endpoint, type EndpointContext } from './endpoint.ts';

/** A class that implements one side of an interface. */
export type EndpointClass<E extends Endpoint = Endpoint> = new (context: EndpointContext) => E;

/** One role file of an interface layer. */
export interface InterfaceImplementation {
  readonly role: Role;
  readonly interface: string;
  readonly endpointClass: EndpointClass;
}

/** The charm's endpoints in one hook, one object each, in metadata order. */
export class EndpointSet implements Iterable<Endpoint> {
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #implementations: readonly InterfaceImplementation[];

  /**
   * Makes an endpoint object for each declaration. One whose interface has no implementation is a plain Endpoint: its
   * automatic flags are kept all the same.
   */
  constructor(source: {
    /** In metadata order; without those that a RelationBase implements. */
    readonly declarations: readonly EndpointDeclaration[];
    readonly implementations: readonly InterfaceImplementation[];
    readonly context: Omit<EndpointContext, 'declaration'>;
  }) {
    const { declarations, implementations, context } = source;
    this.#implementations = implementations;
    this.#endpoints = new Map(
      declarations.map((declaration) => {
        const endpointClass = findImplementation(implementations, declaration)?.endpointClass ?? Endpoint;
        return [declaration.name, new endpointClass({ ...context, declaration })];
      }),
    );
  }

  [Symbol.iterator](): Iterator<Endpoint> {
    return this.#endpoints.values();
  }

  /** The endpoint of that name; undefined when the charm has none. */
  get(name: string): Endpoint | undefined {
    return this.#endpoints.get(name);
  }

  /** The endpoints of an implementation's role and interface, in metadata order. */
  implementedBy(implementation: InterfaceImplementation): Endpoint[] {
    return [...this].filter(
      ({ declaration }) => findImplementation(this.#implementations, declaration) === implementation,
    );
  }

  /** Keeps the automatic flags of every endpoint, in order of name, as the reference does. */
  start(options: { readonly enter: (endpoint: Endpoint) => () => void; readonly warn: Warn }): void {
    for (const name of [...this.#endpoints.keys()].sort()) {
      const endpoint = this.#endpoints.get(name) as Endpoint;
      const leave = options.enter(endpoint);
      try {
        startEndpoint(endpoint, options.warn);
      } finally {
        leave();
      }
    }
  }
}

/** The implementation of an endpoint's role and interface; undefined when the charm brings none. */
export function findImplementation(
  implementations: readonly InterfaceImplementation[],
  declaration: EndpointDeclaration,
): InterfaceImplementation | undefined {
  return implementations.find(
    (candidate) => candidate.role === declaration.role && candidate.interface === declaration.interface,
  );
}
