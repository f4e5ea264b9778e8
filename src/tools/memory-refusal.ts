import { HookToolError } from './errors.ts';

/** What Juju says to a unit that may not, since another one leads. */
export const NOT_THE_LEADER = 'this unit is not the leader';

/**
 * Refuses a call as a hook tool does: with exit code 1, or 2 for a call that is malformed.
 *
 * @throws HookToolError always.
 */
export function refuse(command: readonly string[], why: string, exitCode: 1 | 2 = 1): never {
  throw new HookToolError({ command, exitCode, stderr: `ERROR ${why}\n` });
}

/** What a map holds under a key, but nothing that it has from its prototype. */
export function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
