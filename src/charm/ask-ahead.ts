import type { HookTools } from '../tools/hook-tools.ts';
import type { Parts } from './parts.ts';

/**
 * Asks Juju at once, where that is faster, what the start of this hook is about to ask: who is related, the config where earlier
 * hooks read it, and what the hook's own unit published. Relations are those that are known; a new one is asked about later.
 *
 * The `dispatch` script asks the same even earlier, as far as the hook before left it to be asked (`askNextTime`).
 */
export function askAhead(parts: Parts): void {
  const { tools, hook } = parts;
  const { relation } = hook;
  const isOurs = relation !== undefined && endpointNames(parts).includes(relation.endpoint);
  const isBroken = hook.name.endsWith('-relation-broken');
  const ids = knownRelations(parts).filter((id) => id !== relation?.id);
  tools.askAhead((ask) => {
    askAlways(ask, parts);
    for (const id of ids) ask.relationList(id);
    if (!isOurs || isBroken) return;
    ask.relationList(relation.id);
    if (relation.remoteUnit) ask.relationGet({ relationId: relation.id, member: relation.remoteUnit });
  });
}

/** Leaves to be asked at the start of the next hook, before it is known which that is, what any hook asks. */
export function askNextTime(parts: Parts): void {
  parts.tools.askNextTime((ask) => {
    askAlways(ask, parts);
    for (const { relations } of parts.endpoints)
      for (const { relationId } of relations) ask.relationList(relationId);
  });
}

function askAlways(ask: HookTools, parts: Parts): void {
  for (const name of endpointNames(parts)) ask.relationIds(name);
  if (parts.config.isRead) ask.configGet();
}

/** The relations of which something is kept. */
function knownRelations(parts: Parts): string[] {
  const names = endpointNames(parts);
  return parts.remoteBags.relationIds().filter((id) => names.includes(id.split(':')[0] ?? ''));
}

function endpointNames({ endpoints }: Parts): string[] {
  return Array.from(endpoints, ({ endpointName }) => endpointName);
}
