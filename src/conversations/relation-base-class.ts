import type { EndpointDeclaration, Role } from '../metadata/charm-metadata.ts';
import type { RelationBase, RelationBaseContext } from './relation-base.ts';

/** A class that implements one side of an interface in conversations. */
export type RelationBaseClass = (new (
  context: RelationBaseContext,
) => RelationBase) & {
  readonly scope: string;
};

/** One role file of an interface layer that exports a RelationBase. */
export interface RelationBaseImplementation {
  readonly role: Role;
  readonly interface: string;
  readonly relationBaseClass: RelationBaseClass;
}

/** An endpoint of the charm that a RelationBase implements. */
export interface ImplementedEndpoint {
  readonly declaration: EndpointDeclaration;
  readonly implementation: RelationBaseImplementation;
}

/**
 * The endpoints whose role and interface a RelationBase implements, by name, in the order of the declarations.
 * @throws TypeError, naming the class, when its scope is no text.
 */
export function findImplemented(
  declarations: readonly EndpointDeclaration[],
  implementations: readonly RelationBaseImplementation[],
): ReadonlyMap<string, ImplementedEndpoint> {
  const found = new Map<string, ImplementedEndpoint>();
  for (const declaration of declarations) {
    const implementation = implementations.find(
      ({ role, interface: name }) => role === declaration.role && name === declaration.interface,
    );
    if (!implementation) continue;
    assertScope(implementation);
    found.set(declaration.name, { declaration, implementation });
  }
  return found;
}

function assertScope({ role, interface: name, relationBaseClass }: RelationBaseImplementation): void {
  const scope: unknown = relationBaseClass.scope;
  if (typeof scope === 'string' && scope !== '') return;
  throw new TypeError(
    `cannot use ${relationBaseClass.name} as ${role} of "${name}": its static scope must be one of scopes, or a text of its own`,
  );
}
