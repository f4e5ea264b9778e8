import { HookToolError } from './errors.ts';

/**
 * Settings as `key=value` arguments, for the tools that take nothing else. Juju trims the space around both, but for
 * action-set.
 *
 * @throws HookToolError, with exit code 2 as Juju would, for a key that no such argument can hold: an empty one, or one
 *   with `=` in it, which Juju would take for a shorter key.
 */
export function keyValueArguments(tool: string, settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).map(([key, value]) => {
    if (key.trim() !== '' && !key.includes('=')) return `${key}=${value}`;
    throw new HookToolError({
      command: [tool],
      exitCode: 2,
      stderr: `ERROR expected "key=value", got the key ${JSON.stringify(key)}\n`,
    });
  });
}
