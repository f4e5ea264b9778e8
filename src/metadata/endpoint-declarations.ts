import type { Field } from './field.ts';
import { ENDPOINT_NAME, isReservedName } from './name-rules.ts';

/** The part an endpoint plays in its relations. */
export type Role = 'provides' | 'requires' | 'peers';

/** The roles, in the order in which their endpoints are listed everywhere. */
export const ROLES: readonly Role[] = ['provides', 'requires', 'peers'];

/** An endpoint as metadata.yaml declares it. */
export interface EndpointDeclaration {
  readonly name: string;
  readonly role: Role;
  /** The protocol spoken. Never empty; Juju asks nothing else of it. */
  readonly interface: string;
  /** `container`: only units on the same machine see each other. Juju's default is `global`. */
  readonly scope: 'global' | 'container';
  /** How many relations the endpoint may have; absent where there is no limit. */
  readonly limit?: number;
  /** Whether the charm works without a relation here. Informational in Juju; false where not said. */
  readonly optional: boolean;
}

/** Reads the three maps of endpoints out of metadata.yaml's fields: provides, then requires, then peers. */
export function readEndpoints(metadata: {
  readonly fields: ReadonlyMap<string, Field>;
  readonly charm: string;
  readonly subordinate: boolean;
}): readonly EndpointDeclaration[] {
  const { fields, charm, subordinate } = metadata;
  const endpoints: EndpointDeclaration[] = [];
  for (const role of ROLES) {
    for (const [name, field] of fields.get(role)?.entries() ?? []) {
      const endpoint = readEndpoint(name, role, field);
      const earlier = endpoints.find((other) => other.name === name);
      if (earlier !== undefined) {
        field.fault(`"${name}" is declared under "${earlier.role}" too; an endpoint's name must be unique`);
      }
      // Juju leaves its own charms alone.
      if (!charm.startsWith('juju-')) refuseReservedNames({ endpoint, field, subordinate });
      endpoints.push(endpoint);
    }
  }
  return endpoints;
}

/** An endpoint is a mapping, or just the interface's name. */
function readEndpoint(name: string, role: Role, field: Field): EndpointDeclaration {
  if (!ENDPOINT_NAME.test(name)) {
    field.fault(
      `"${name}" is no endpoint name: use lower-case letters, digits, and single dashes or underscores between them, and begin with a letter`,
    );
  }
  if (typeof field.value === 'string') {
    return { name, role, interface: field.nonEmptyString() ?? '', scope: 'global', optional: false };
  }
  const fields = field.members();
  if (field.isMapping && !fields.has('interface')) field.fault('"interface" is missing');
  const limit = fields.get('limit');
  const count = limit === undefined || limit.isNull ? undefined : limit.integer();
  if (count !== undefined && count < 0) limit?.fault(`must not be negative, got ${count}`);
  return {
    name,
    role,
    interface: fields.get('interface')?.nonEmptyString() ?? '',
    scope: fields.get('scope')?.oneOf('global', 'container') ?? 'global',
    ...(count === undefined ? {} : { limit: count }),
    optional: fields.get('optional')?.boolean() ?? false,
  };
}

/**
 * `juju` and `juju-…` are Juju's own. A charm may require such an interface (that is how `juju-info` is required), and
 * a subordinate may also call an endpoint so where it is required in container scope.
 */
function refuseReservedNames(declared: {
  readonly endpoint: EndpointDeclaration;
  readonly field: Field;
  readonly subordinate: boolean;
}): void {
  const { endpoint, field, subordinate } = declared;
  const isExempt = subordinate && endpoint.role === 'requires' && endpoint.scope === 'container';
  if (!isExempt && isReservedName(endpoint.name)) {
    field.fault(`"${endpoint.name}" is a reserved endpoint name: Juju keeps "juju" and "juju-…" for itself`);
  }
  if (endpoint.role !== 'requires' && isReservedName(endpoint.interface)) {
    field.fault(`"${endpoint.interface}" is a reserved interface: a charm can only require it`);
  }
}
