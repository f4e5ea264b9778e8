import type { Flags } from '../flags/flag-registry.ts';
import type { JsonValue } from '../store/python-json.ts';

/** The value of a flag that conversations set: whose it is. */
export interface FlagHolders {
  /** The endpoint whose conversation set the flag first. */
  readonly relation: string;
  /** The keys of the conversations that are in the state. */
  readonly conversations: readonly string[];
}

/** Reads a flag's value; undefined when the flag is not set, or was set by anything but a conversation. */
export function readHolders(value: JsonValue | undefined): FlagHolders | undefined {
  if (typeof value !== 'object' || value === null || !('relation' in value)) return undefined;
  const { relation, conversations } = value;
  if (typeof relation !== 'string') return undefined;
  const keys = Array.isArray(conversations) ? conversations : [];
  return { relation, conversations: keys.filter((key) => typeof key === 'string') };
}

/** Leaves in a flag those conversations that `stays` says, and clears it when none is left (the reference's rule). */
export function keepHolders(flags: Flags, flag: string, stays: (key: string) => boolean): void {
  const holders = readHolders(flags.value(flag));
  if (!holders) return;
  const conversations = holders.conversations.filter(stays);
  if (conversations.length === 0) flags.clear(flag);
  else if (conversations.length < holders.conversations.length) {
    flags.set(flag, { ...holders, conversations });
  }
}
