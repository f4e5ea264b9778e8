import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own language
const STATE_FORMAT = '--showformat=${Package}:${Architecture} ${db:Status-Status}\\n';
// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own language
const VERSION_FORMAT = '--showformat=${Version}\\n';

/** A package as dpkg knows it, without the version or the release that were asked for. */
export function plainName(name: string): string {
  return name.replace(/[=/].*/s, '');
}

/** Those of the packages that dpkg says are installed; undefined where it cannot be asked. */
export async function findInstalled(packages: readonly string[]): Promise<string[] | undefined> {
  const answer = await ask([STATE_FORMAT, ...new Set(packages.map(plainName))]);
  if (answer === undefined) return undefined;
  const installed = answer
    .split('\n')
    .filter((line) => line.endsWith(' installed'))
    .flatMap((line) => {
      const [name = ''] = line.split(' ');
      return [name, name.split(':')[0]];
    });
  return packages.filter((name) => installed.includes(plainName(name)));
}

/** The version of an installed package; without `full` only its leading digits, dots and letters. */
export async function readVersion(
  name: string,
  { full }: { readonly full: boolean },
): Promise<string | undefined> {
  const version = (await ask([VERSION_FORMAT, plainName(name)]))?.split('\n')[0]?.trim();
  if (!version) return undefined;
  return full ? version : (/^[\da-z.]+/i.exec(version)?.[0] ?? version);
}

/** What dpkg-query prints; where it does not know a package it prints the rest, and fails. */
async function ask(args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run('dpkg-query', ['--show', ...args])).stdout;
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    return code === 1 ? stdout : undefined;
  }
}
