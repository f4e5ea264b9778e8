/**
 * The name that patterns of hooks are held against: the hook's, or `actions/<name>` in an action, which has no hook's name
 * whatever it is called.
 */
export function dispatchedName(run: { readonly name: string; readonly action?: string }): string {
  return run.action === undefined ? run.name : `actions/${run.action}`;
}

/** What happens to a relation, in the order Juju lets it happen. */
export type RelationEvent = 'created' | 'joined' | 'changed' | 'departed' | 'broken';

const RELATION_HOOK = /^(.+)-relation-(created|joined|changed|departed|broken)$/;

/**
 * Splits the name of a relation hook into its endpoint and event; undefined for any other hook.
 *
 * `db-relation-joined` gives `{ endpoint: 'db', event: 'joined' }`.
 */
export function parseRelationHook(
  hook: string,
): { readonly endpoint: string; readonly event: RelationEvent } | undefined {
  const match = RELATION_HOOK.exec(hook);
  if (!match?.[1]) return undefined;
  return { endpoint: match[1], event: match[2] as RelationEvent };
}
