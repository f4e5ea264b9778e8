import { HookToolError } from './errors.ts';
import { withPrivateFiles } from './private-files.ts';

/** What a secret holds, by key: text, or any bytes. */
export type SecretContent = Readonly<Record<string, string | Uint8Array>>;

/** Juju's rule for the keys of a secret: three or more small letters, digits and single hyphens, a letter first. */
const KEY = /^[a-z](?:-?[a-z0-9]){2,}$/;

/**
 * Checks the keys of a secret before anything is sent: Juju would take `ab=c` and `ab#file` for other keys.
 *
 * @throws HookToolError with exit code 2 and Juju's words.
 */
export function refuseBadKeys(tool: string, content: SecretContent): void {
  for (const key of Object.keys(content)) {
    if (KEY.test(key)) continue;
    throw new HookToolError({
      command: [tool],
      exitCode: 2,
      stderr: `ERROR key ${JSON.stringify(key)} not valid\n`,
    });
  }
}

/**
 * Checks the revision that is to be removed: Juju would take 0 for the whole secret.
 *
 * @throws HookToolError with exit code 2.
 */
export function refuseBadRevision(revision: number | undefined): void {
  if (revision === undefined || (Number.isInteger(revision) && revision > 0)) return;
  throw new HookToolError({
    command: ['secret-remove'],
    exitCode: 2,
    stderr: `ERROR invalid value "${revision}" for option --revision: not a revision\n`,
  });
}

/** Writes a secret's content into private files for as long as `use` runs, which is given `key#file=PATH` arguments. */
export function withContentFiles<T>(content: SecretContent, use: (pairs: readonly string[]) => T): T {
  const keys = Object.keys(content);
  return withPrivateFiles(Object.values(content), (files) =>
    use(files.map((file, index) => `${keys[index]}#file=${file}`)),
  );
}
