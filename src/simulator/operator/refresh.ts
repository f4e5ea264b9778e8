import type { ApplicationState, CharmState, ModelState, RelationState } from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, relationKey, relationsOf } from '../state/relation-scope.ts';
import { addPeerRelations, endpointsOf } from './integration.ts';
import { defaultCounts } from './storage.ts';

/**
 * Gives an application another revision of its charm: its units run upgrade-charm in the new code. Peer relations come and
 * go with their endpoints, and options that the charm has no more lose their values. Throws, in Juju's words, where the new
 * charm has another name, lacks an endpoint that is in use, or is a subordinate where the old was none; nothing is changed
 * then.
 */
export function refreshCharm(state: ModelState, application: ApplicationState, charm: CharmState): void {
  refuseUnfit(state, application, charm);
  const before = application.charm;
  application.charm = charm;
  application.charmModified += 1;
  const names = new Set(endpointsOf(application).map(({ name }) => name));
  for (const relation of relationsOf(state, application.name)) {
    if (isPeerRelation(relation) && !names.has(relation.endpoints[0]?.name ?? ''))
      dropRelation(state, relation);
  }
  const held = new Set(before.metadata.endpoints.map(({ name }) => name));
  addPeerRelations(state, application, (name) => !held.has(name));
  for (const name of Object.keys(application.config)) {
    if (charm.options[name]?.type !== before.options[name]?.type) delete application.config[name];
  }
  Object.assign(application.storageCounts, {
    ...defaultCounts(charm.metadata.storage),
    ...application.storageCounts,
  });
}

/** A peer relation whose endpoint is gone goes at once, without a hook: the new charm would not know it. */
function dropRelation(state: ModelState, { id }: RelationState): void {
  for (const unit of Object.values(state.units)) delete unit.agent.relations[id];
  delete state.relations[id];
}

function refuseUnfit(state: ModelState, application: ApplicationState, charm: CharmState): void {
  const failure = `cannot upgrade application "${application.name}" to charm "local:${charm.metadata.name}-${charm.revision}"`;
  const before = application.charm.metadata;
  if (charm.metadata.name !== before.name) {
    throw new Error(
      `${failure}: the charm is "${charm.metadata.name}", and the application runs "${before.name}"`,
    );
  }
  if (charm.metadata.subordinate !== before.subordinate) {
    throw new Error(`${failure}: cannot change an application's subordinacy`);
  }
  for (const relation of relationsOf(state, application.name)) {
    const used = ownEndpoint(relation, application.name);
    if (used === undefined || used.implicit || isPeerRelation(relation)) continue;
    const kept = charm.metadata.endpoints.find(({ name }) => name === used.name);
    if (kept?.interface === used.interface && kept.role === used.role) continue;
    throw new Error(`${failure}: would break relation "${relationKey(relation)}"`);
  }
}
