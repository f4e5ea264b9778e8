import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Architecture, nodeArchitecture } from './architecture.ts';
import { BuildError } from './build-error.ts';
import { PACKAGE_FOLDER } from './search-folders.ts';

const run = promisify(execFile);

/** Where a Node for charms is looked for. */
export interface NodeSearch {
  readonly architecture: Architecture;
  /** A folder for what is fetched; made where it is missing. */
  readonly cache: string;
  /** Told before and after anything is fetched, which takes a while. */
  readonly onStep: (message: string) => void;
  /** For tests: what is run as npm. */
  readonly npm?: string;
}

/**
 * The Node for Linux that goes into charms, of the version that this package is developed with: the one that is installed with
 * it if it fits, else the one in the cache, which is fetched from the npm registry when it is first needed. Throws
 * `BuildError` where it cannot be fetched.
 */
export async function findNode(search: NodeSearch): Promise<string> {
  const version = pinnedVersion();
  const installed = findInstalled(version, search.architecture);
  if (installed !== undefined) return installed;
  const name = `node-linux-${nodeArchitecture(search.architecture)}`;
  const folder = join(search.cache, 'runtimes', `${name}-${version}`);
  if (!existsSync(folder)) await fetchPackage({ name, version, folder, search });
  return join(folder, 'bin', 'node');
}

/** The version of Node that charms get. */
export function pinnedVersion(): string {
  return readField(join(PACKAGE_FOLDER, 'package.json'), 'devDependencies', 'node');
}

/** The npm package `node` beside this one brings the program for the machine that it is installed on. */
function findInstalled(version: string, architecture: Architecture): string | undefined {
  if (process.platform !== 'linux' || process.arch !== nodeArchitecture(architecture)) return undefined;
  try {
    const description = createRequire(import.meta.url).resolve('node/package.json');
    const program = join(dirname(description), 'bin', 'node');
    return readField(description, 'version') === version && existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

async function fetchPackage(fetch: {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly search: NodeSearch;
}): Promise<void> {
  const { name, version, folder, search } = fetch;
  search.onStep(`Fetching ${name} ${version} from the npm registry: about 50 MB, once`);
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(join(dirname(folder), 'fetch-'));
  try {
    const words = ['pack', `${name}@${version}`, '--pack-destination', fresh, '--ignore-scripts'];
    // Where there is no network npm would go on trying for minutes.
    await run(search.npm ?? 'npm', [...words, '--fetch-retries=1', '--fetch-retry-mintimeout=1000']);
    const archive = readdirSync(fresh).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error('npm pack left no .tgz');
    await run('tar', ['-xzf', join(fresh, archive), '-C', fresh]);
    if (!existsSync(join(fresh, 'package', 'bin', 'node'))) throw new Error('the package has no bin/node');
    moveInto(join(fresh, 'package'), folder);
  } catch (error) {
    throw new BuildError(
      `cannot fetch Node ${version} for ${search.architecture}, the npm package "${name}": ${reasonOf(error)}; try again with a network, or give a Node of your own with --runtime`,
      { cause: error },
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  search.onStep(`Fetched ${name} ${version} into ${folder}`);
}

/** Another build may have been faster, with the same result. */
function moveInto(fresh: string, folder: string): void {
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Of all that npm says the line with the reason, else the first that is more than a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!)\s*/i, '').trim())
    .filter((line) => line !== '' && !/^(?:npm warn|(?:code|errno|syscall) )/i.test(line));
  return lines.find((line) => line.includes('reason:')) ?? lines[0] ?? error.message;
}

function readField(file: string, ...keys: readonly string[]): string {
  const value = keys.reduce<unknown>(
    (from, key) => (typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined),
    JSON.parse(readFileSync(file, 'utf8')),
  );
  if (typeof value !== 'string') throw new BuildError(`cannot read "${keys.join('.')}" in "${file}"`);
  return value;
}
