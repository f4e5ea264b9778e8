import { CommandFailure } from './command-failure.ts';

/** Prints what a command answers, as it is. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Says what goes on, on the standard error, so that it never mixes with what a command answers (Juju's rule). */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says that something was asked for which changes nothing here. */
export function sayIgnored(what: string): void {
  say(`NOTE ${what} is not simulated, and changes nothing here.`);
}

/** Says of each option that was given which of them mean nothing here. */
export function sayIgnoredOptions(flags: object, names: readonly string[]): void {
  for (const name of names) {
    const key = name.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (Object.hasOwn(flags, key)) sayIgnored(name);
  }
}

/** Does something about each of several names: what cannot be done is told, and the others are done all the same. */
export async function forEachName(
  names: readonly string[],
  act: (name: string) => Promise<unknown>,
): Promise<void> {
  const failures: string[] = [];
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  if (failures.length > 0) throw new CommandFailure(failures.join('\nERROR '));
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
