import type { Flags } from '../flags/flag-registry.ts';
import { compareCodePoints, type JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import { CONVERSATION_PREFIX, conversationKey, LOCAL_DATA } from './conversation-key.ts';
import type { EndpointRelations } from './endpoint-relations.ts';
import { readHolders } from './flag-holders.ts';
import { scopes } from './scopes.ts';

/** What moving conversations needs to know. */
export interface Migration {
  readonly store: UnitData;
  readonly flags: Flags;
  readonly relations: EndpointRelations;
  /** The scope that an endpoint's RelationBase declares; undefined when it has none. */
  readonly scopeOf: (endpoint: string) => string | undefined;
}

/** A conversation as the reference stored it up to its release 0.4.0: by endpoint, whatever its relation. */
interface OlderConversation {
  readonly endpoint: string;
  readonly scope: string;
  readonly units: readonly string[];
}

/**
 * Moves conversations out of the layout in which `namespace` was missing and `relation_name` stood in its place.
 *
 * One that spans relations only gets its namespace. One of a unit or an application is split into one for each relation
 * in which some of its units are; the flags that listed it list those, and its local data goes with each. A flag that then
 * lists none is cleared.
 */
export function moveOlderConversations(migration: Migration): void {
  for (const [key, value] of Object.entries(migration.store.getRange(CONVERSATION_PREFIX))) {
    const older = readOlder(key, value);
    if (!older) continue;
    const { endpoint, scope } = older;
    if (scope === scopes.GLOBAL || scope === migration.scopeOf(endpoint)) {
      migration.store.set(key, { namespace: endpoint, units: older.units, scope });
    } else {
      split(migration, key, older);
    }
  }
}

function split({ store, flags, relations }: Migration, key: string, older: OlderConversation): void {
  const { endpoint, scope } = older;
  const local = store.getRange(key + LOCAL_DATA, { strip: true });
  const newKeys: string[] = [];
  for (const namespace of relations.idsOf(endpoint)) {
    const present = relations.unitsOf(namespace).map(({ unitName }) => unitName);
    const units = older.units.filter((unit) => present.includes(unit)).sort(compareCodePoints);
    if (units.length === 0) continue;
    const newKey = conversationKey({ namespace, scope });
    store.set(newKey, { namespace, units, scope });
    store.update(local, newKey + LOCAL_DATA);
    newKeys.push(newKey);
  }
  store.unset(key);
  store.unsetRange(null, key + LOCAL_DATA);
  for (const flag of flags.list()) replaceHolder(flags, flag, { key, newKeys });
}

function replaceHolder(
  flags: Flags,
  flag: string,
  { key, newKeys }: { readonly key: string; readonly newKeys: readonly string[] },
): void {
  const holders = readHolders(flags.value(flag));
  if (!holders?.conversations.includes(key)) return;
  const others = holders.conversations.filter((other) => other !== key);
  const conversations = [...others, ...newKeys.filter((newKey) => !others.includes(newKey))];
  if (conversations.length === 0) flags.clear(flag);
  else flags.set(flag, { ...holders, conversations });
}

function readOlder(key: string, value: JsonValue): OlderConversation | undefined {
  if (typeof value !== 'object' || value === null || !('relation_name' in value)) return undefined;
  const { relation_name: endpoint, scope, units } = value;
  if ('namespace' in value || typeof endpoint !== 'string' || typeof scope !== 'string') return undefined;
  if (key !== conversationKey({ namespace: endpoint, scope }) || !Array.isArray(units)) return undefined;
  return { endpoint, scope, units: units.filter((unit) => typeof unit === 'string') };
}
