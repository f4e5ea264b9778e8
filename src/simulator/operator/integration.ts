import type { ApplicationState, ModelState, RelationEndpoint, RelationState } from '../state/model-state.ts';
import { relationKey, relationsOf } from '../state/relation-scope.ts';

/**
 * Relates two applications, each given as `application` or `application:endpoint`, and answers the relation.
 * Throws, in Juju's words, where no pair of endpoints fits or more than one does, where the two are related already, and
 * where an endpoint's `limit` is reached.
 */
export function addRelation(state: ModelState, first: string, second: string): RelationState {
  const failure = `cannot add relation "${first} ${second}"`;
  const [one, other] = inferEndpoints(state, first, second, failure);
  const requirerFirst = one.role === 'requires' ? [one, other] : [other, one];
  if (findRelation(state, requirerFirst) !== undefined) {
    throw new Error(`${failure}: relation ${requirerFirst.map(text).join(' ')} already exists`);
  }
  for (const endpoint of requirerFirst) refuseBeyondLimit(state, endpoint, failure);
  return createRelation(state, requirerFirst);
}

/** Makes the peer relations of an application, as Juju does when it is deployed; of new endpoints only at a refresh. */
export function addPeerRelations(
  state: ModelState,
  application: ApplicationState,
  isNew: (endpoint: string) => boolean = () => true,
): void {
  for (const endpoint of endpointsOf(application)) {
    if (endpoint.role === 'peers' && isNew(endpoint.name)) createRelation(state, [endpoint]);
  }
}

/** The relation between two applications, given as for `addRelation`. Throws where there is none, or more than one. */
export function relationBetween(state: ModelState, first: string, second: string): RelationState {
  const failure = `cannot find relation "${first} ${second}"`;
  const [a, b] = [splitEndpoint(first), splitEndpoint(second)];
  const matches = relationsOf(state, a.application).filter((relation) => {
    const ends = relation.endpoints;
    const [own] = ends.filter((end) => isMeant(end, a));
    return own !== undefined && ends.some((end) => (ends.length === 1 || end !== own) && isMeant(end, b));
  });
  const [relation] = matches;
  if (relation === undefined) throw new Error(`${failure}: relation "${first} ${second}" not found`);
  if (matches.length > 1) {
    const keys = matches.map((match) => `"${relationKey(match)}"`).join('; ');
    throw new Error(
      `${failure}: it could refer to ${keys}; name the endpoints, as in "application:endpoint"`,
    );
  }
  return relation;
}

/** The endpoints of an application: those its charm declares, and the `juju-info` that Juju adds to each. */
export function endpointsOf(application: ApplicationState): RelationEndpoint[] {
  const { metadata } = application.charm;
  const endpoints = metadata.endpoints.map((endpoint) => ({
    application: application.name,
    name: endpoint.name,
    role: endpoint.role,
    interface: endpoint.interface,
    implicit: false,
  }));
  if (endpoints.some((endpoint) => endpoint.name === 'juju-info')) return endpoints;
  const implicit = {
    application: application.name,
    name: 'juju-info',
    role: 'provides',
    interface: 'juju-info',
    implicit: true,
  } as const;
  return [...endpoints, implicit];
}

type EndpointPair = readonly [RelationEndpoint, RelationEndpoint];

interface EndpointText {
  readonly application: string;
  readonly endpoint: string | undefined;
}

function splitEndpoint(given: string): EndpointText {
  const [application = '', endpoint] = given.split(':');
  return { application, endpoint };
}

function isMeant(endpoint: RelationEndpoint, given: EndpointText): boolean {
  return endpoint.application === given.application && (given.endpoint ?? endpoint.name) === endpoint.name;
}

function inferEndpoints(state: ModelState, first: string, second: string, failure: string): EndpointPair {
  const [ones, others] = [candidates(state, first, failure), candidates(state, second, failure)];
  const pairs = ones.flatMap((one) =>
    others.filter((other) => canRelate(one, other)).map((other): EndpointPair => [one, other]),
  );
  // What a charm declares is meant before what Juju adds to every charm.
  const explicit = pairs.filter(([one, other]) => !one.implicit && !other.implicit);
  const fitting = explicit.length > 0 ? explicit : pairs;
  const [pair] = fitting;
  if (pair === undefined) {
    const why = describeMismatch(ones, others);
    throw new Error(`${failure}: no relations found${why === '' ? '' : `: ${why}`}`);
  }
  if (fitting.length > 1) {
    const choices = fitting.map(([one, other]) => `"${text(one)} ${text(other)}"`).join('; ');
    throw new Error(`${failure}: ambiguous relation: "${first} ${second}" could refer to ${choices}`);
  }
  refuseContainerScope(state, pair, failure);
  return pair;
}

function candidates(state: ModelState, given: string, failure: string): RelationEndpoint[] {
  const wanted = splitEndpoint(given);
  const application = state.applications[wanted.application];
  if (application === undefined) {
    throw new Error(`${failure}: application "${wanted.application}" not found`);
  }
  if (application.life === 'dying') {
    throw new Error(`${failure}: application "${wanted.application}" is not alive`);
  }
  const endpoints = endpointsOf(application);
  if (wanted.endpoint === undefined) return endpoints;
  const named = endpoints.filter((endpoint) => endpoint.name === wanted.endpoint);
  if (named.length === 0) {
    throw new Error(`${failure}: application "${application.name}" has no "${wanted.endpoint}" relation`);
  }
  return named;
}

function canRelate(one: RelationEndpoint, other: RelationEndpoint): boolean {
  const roles = [one.role, other.role].sort().join();
  return (
    one.application !== other.application &&
    one.interface === other.interface &&
    roles === 'provides,requires'
  );
}

/** Says why two endpoints that were named do not fit each other. */
function describeMismatch(ones: readonly RelationEndpoint[], others: readonly RelationEndpoint[]): string {
  const [one, ...moreOnes] = ones;
  const [other, ...moreOthers] = others;
  if (one === undefined || other === undefined || moreOnes.length > 0 || moreOthers.length > 0) return '';
  const describe = (endpoint: RelationEndpoint) =>
    `"${text(endpoint)}" ${endpoint.role} interface "${endpoint.interface}"`;
  return `${describe(one)}, ${describe(other)}`;
}

/** A container-scoped relation needs a subordinate at one end (Juju's rule). */
function refuseContainerScope(state: ModelState, pair: EndpointPair, failure: string): void {
  const container = pair.find((endpoint) => declarationOf(state, endpoint)?.scope === 'container');
  if (container === undefined) return;
  const isSubordinate = ({ application }: RelationEndpoint) =>
    state.applications[application]?.charm.metadata.subordinate ?? false;
  if (pair.some(isSubordinate)) return;
  throw new Error(
    `${failure}: "${text(container)}" has scope container, which needs a subordinate application at one end`,
  );
}

function refuseBeyondLimit(state: ModelState, endpoint: RelationEndpoint, failure: string): void {
  const limit = declarationOf(state, endpoint)?.limit;
  const held = relationsOf(state, endpoint.application).filter((relation) =>
    relation.endpoints.some((end) => text(end) === text(endpoint)),
  );
  if (!state.rules.enforceLimits || limit === undefined || limit <= 0 || held.length < limit) return;
  throw new Error(
    `${failure}: establishing a new relation for ${text(endpoint)} would exceed its maximum relation limit of ${limit}`,
  );
}

function declarationOf(state: ModelState, endpoint: RelationEndpoint) {
  const endpoints = state.applications[endpoint.application]?.charm.metadata.endpoints;
  return endpoints?.find((declared) => declared.name === endpoint.name);
}

function findRelation(state: ModelState, endpoints: readonly RelationEndpoint[]): RelationState | undefined {
  const key = endpoints.map(text).join(' ');
  return Object.values(state.relations).find((relation) => relationKey(relation) === key);
}

function createRelation(state: ModelState, endpoints: readonly RelationEndpoint[]): RelationState {
  const id = state.nextRelation++;
  const bags = endpoints.map(({ application }) => [application, { settings: {}, version: 0 }] as const);
  const relation: RelationState = {
    id,
    endpoints,
    scope:
      endpoints.length > 1 && endpoints.some((end) => declarationOf(state, end)?.scope === 'container')
        ? 'container'
        : 'global',
    life: 'alive',
    units: {},
    applications: Object.fromEntries(bags),
  };
  state.relations[id] = relation;
  return relation;
}

function text(endpoint: RelationEndpoint): string {
  return `${endpoint.application}:${endpoint.name}`;
}
