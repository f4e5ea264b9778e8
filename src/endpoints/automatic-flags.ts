import { parseRelationHook } from '../hook/hook-name.ts';
import { DATA_CHANGED_PREFIX, textChanged } from '../relations/data-changes.ts';
import type { ReceivedRaw } from '../relations/received-data.ts';
import type { RelatedUnit } from '../relations/related-unit.ts';
import { dumpPythonJson, rewritePythonJson, tryParsePythonJson } from '../store/python-json.ts';
import { HookToolError } from '../tools/errors.ts';
import type { Endpoint } from './endpoint.ts';

/** Called where the framework goes on without something a hook tool should have told it. */
export type Warn = (message: string) => void;

/**
 * Does for one endpoint what the start of a hook asks for: records who departs, then keeps `joined`, `departed`, `broken`,
 * `changed` and `changed.<key>`, calls the interface's `manageFlags`, and last keeps the flags of its kind of endpoint.
 */
export function startEndpoint(endpoint: Endpoint, warn: Warn): void {
  endpoint.registerTriggers();
  const event = ownEvent(endpoint);
  if (event === 'departed') recordDeparture(endpoint, warn);
  const wasJoined = endpoint.isFlagSet('joined');
  endpoint.toggleFlag('joined', endpoint.isJoined);
  if (event === 'departed') endpoint.setFlag('departed');
  else if (endpoint.isJoined) endpoint.clearFlag('departed');
  if (event === 'broken') endpoint.flags.setForHook(endpoint.expandName('broken'));
  if (!wasJoined || event) {
    compareData(endpoint, event);
    endpoint.manageFlags();
  }
  endpoint.refreshAutomaticFlags(warn);
}

/** What happens in this hook to a relation of this endpoint; undefined in any other hook. */
function ownEvent(endpoint: Endpoint): string | undefined {
  const relationHook = parseRelationHook(endpoint.hook.name);
  return relationHook?.endpoint === endpoint.endpointName ? relationHook.event : undefined;
}

function recordDeparture(endpoint: Endpoint, warn: Warn): void {
  const { relation } = endpoint.hook;
  if (!relation?.remoteUnit) return;
  const unit = endpoint.relation(relation.id).unit(relation.remoteUnit);
  try {
    endpoint.allDepartedUnits.add(unit);
  } catch (error) {
    if (!(error instanceof HookToolError)) throw error;
    warn(
      `the data of departing unit ${unit.unitName} in ${relation.id} cannot be read any more: ${error.message}`,
    );
    endpoint.allDepartedUnits.add(unit.withData({}));
  }
}

function compareData(endpoint: Endpoint, event: string | undefined): void {
  endpoint.allDepartedUnits.removeJoined(endpoint.allJoinedUnits);
  // Nobody has gone since the hook before, and looking costs more the more units there are.
  if (event !== 'changed') forgetGone(endpoint);
  const members = Array.from(endpoint.allJoinedUnits, (unit) => ({
    unit,
    relationId: unit.relation.relationId,
    unitName: unit.unitName,
  }));
  const { remoteBags } = endpoint;
  remoteBags?.askAhead(members);
  for (const member of members) {
    if (remoteBags?.isCompared(member)) continue;
    compareBag(endpoint, memberIdOf(member.unit), member.unit.receivedRaw);
    remoteBags?.markCompared(member);
  }
  const application = changedApplication(endpoint);
  if (application) compareBag(endpoint, application.id, application.bag);
}

/** Juju runs a changed hook without a unit when an application's own databag changed; that is when it is read. */
function changedApplication(
  endpoint: Endpoint,
): { readonly id: string; readonly bag: ReceivedRaw } | undefined {
  const { relation } = endpoint.hook;
  if (ownEvent(endpoint) !== 'changed' || !relation || relation.remoteUnit) return undefined;
  const { applicationName, receivedAppRaw } = endpoint.relation(relation.id);
  return applicationName ? { id: `${relation.id}.${applicationName}`, bag: receivedAppRaw } : undefined;
}

/** Sets `changed` flags for each key whose value is not the one seen last, or that is gone. */
function compareBag(endpoint: Endpoint, memberId: string, bag: ReceivedRaw): void {
  const prefix = `endpoint.${endpoint.endpointName}.${memberId}.`;
  for (const [key, text] of Object.entries(bag)) {
    if (textChanged(endpoint.kv, prefix + key, pythonText(text ?? ''))) setChanged(endpoint, key);
  }
  for (const key of Object.keys(endpoint.kv.getRange(DATA_CHANGED_PREFIX + prefix, { strip: true }))) {
    if (key in bag) continue;
    endpoint.kv.unset(DATA_CHANGED_PREFIX + prefix + key);
    setChanged(endpoint, key);
  }
}

function setChanged(endpoint: Endpoint, key: string): void {
  endpoint.setFlag('changed');
  endpoint.flags.set(`endpoint.${endpoint.endpointName}.changed.${key}`);
}

/** What Python hashes is the decoded value; text that is no JSON is hashed as a string. */
function pythonText(text: string): string {
  return tryParsePythonJson(text) === undefined ? dumpPythonJson(text) : rewritePythonJson(text);
}

/** Drops what was remembered of units and relations that are gone, so that whoever comes back counts as changed. */
function forgetGone(endpoint: Endpoint): void {
  const name = endpoint.endpointName;
  const prefix = `${DATA_CHANGED_PREFIX}endpoint.${name}.`;
  const joined = new Set([...endpoint.allJoinedUnits].map(memberIdOf));
  for (const key of Object.keys(endpoint.kv.getRange(`${prefix}${name}:`))) {
    const [memberId, relationId = '', member = ''] = MEMBER_ID.exec(key.slice(prefix.length)) ?? [];
    if (!memberId) continue;
    const isHere = member.includes('/') ? joined.has(memberId) : endpoint.relations.has(relationId);
    if (!isHere) endpoint.kv.unset(key);
  }
  for (const { relationId } of endpoint.relations) {
    endpoint.remoteBags?.forgetGone(relationId, (unitName) => joined.has(`${relationId}.${unitName}`));
  }
}

/** The relation's id and the unit or application, before the key: `db:3.redis/0.port`, `db:3.redis.port`. */
const MEMBER_ID = /^([^.]*?:\d+)\.([^./]+(?:\/\d+)?)(?=\.)/;

function memberIdOf(unit: RelatedUnit): string {
  return `${unit.relation.relationId}.${unit.unitName}`;
}
