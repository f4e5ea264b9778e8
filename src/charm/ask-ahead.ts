import type { Parts } from './parts.ts';

/**
 * Asks Juju at once, where that is faster, what the start of this hook is about to ask: who is related, the config where earlier
 * hooks read it, and what the hook's own unit published. Relations are those that are known; a new one is asked about later.
 */
export function askAhead({ tools, hook, endpoints, remoteBags, config }: Parts): void {
  const { relation } = hook;
  const names = Array.from(endpoints, ({ endpointName }) => endpointName);
  const isOurs = relation !== undefined && names.includes(relation.endpoint);
  const isBroken = hook.name.endsWith('-relation-broken');
  const known = new Set(remoteBags.relationIds().filter((id) => names.includes(id.split(':')[0] ?? '')));
  if (isOurs) known.add(relation.id);
  if (isOurs && isBroken) known.delete(relation.id);
  tools.askAhead((ask) => {
    for (const name of names) ask.relationIds(name);
    if (config.wasRead) ask.configGet();
    for (const id of known) ask.relationList(id);
    if (isOurs && relation.remoteUnit && !isBroken) {
      ask.relationGet({ relationId: relation.id, member: relation.remoteUnit });
    }
  });
}
