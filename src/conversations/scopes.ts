/**
 * How remote units are grouped into conversations; the `scope` of a RelationBase. Any other text is a scope too: it
 * groups as GLOBAL does, under its own name.
 */
export const scopes = Object.freeze({
  /** One conversation for all units of all relations of the endpoint. */
  GLOBAL: 'global',
  /** One conversation for each remote application of each relation. */
  SERVICE: 'service',
  /** One conversation for each remote unit of each relation: what a RelationBase has unless it says otherwise. */
  UNIT: 'unit',
} as const);
