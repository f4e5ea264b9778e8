import type { Endpoint, JsonValue, RelatedUnit, Relation } from 'charms-reactive';

/** Everything a handler can see of an endpoint, in the form in which the cases record it. */
export function seeEndpoint(endpoint: Endpoint): JsonValue {
  return {
    name: endpoint.endpointName,
    is_joined: endpoint.isJoined,
    all_joined_units: endpoint.allJoinedUnits.names(),
    merged: { ...endpoint.allJoinedUnits.received },
    departed: Array.from(endpoint.allDepartedUnits, (unit) => [
      unit.unitName,
      unit.relation.relationId,
      { ...unit.receivedRaw },
    ]),
    relations: Array.from(endpoint.relations, seeRelation),
  };
}

/** The cases leave out a relation's application while no unit is there: the reference answers our own name then. */
function seeRelation(relation: Relation): JsonValue {
  return {
    id: relation.relationId,
    endpoint: relation.endpointName,
    app: relation.joinedUnits.length > 0 ? (relation.applicationName ?? null) : null,
    merged: { ...relation.joinedUnits.received },
    units: Array.from(relation.joinedUnits, seeUnit),
  };
}

function seeUnit(unit: RelatedUnit): JsonValue {
  return {
    unit: unit.unitName,
    app: unit.applicationName,
    missing: unit.received.missing ?? null,
    received: { ...unit.received },
    raw: { ...unit.receivedRaw },
  };
}
