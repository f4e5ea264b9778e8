import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

/** Runs a command; throws where it fails. */
export type RunCommand = (command: readonly string[]) => Promise<void>;

/** A source of packages, and the key that they are signed with. */
export interface Source {
  readonly source: string;
  readonly key: string | null;
}

const run = promisify(execFile);

/**
 * Reads the options `install_sources` and `install_keys`: YAML lists, or lone texts.
 * @throws Error where they are no lists of texts, or there are keys and not as many as sources.
 */
export function readSources({
  sources,
  keys,
}: {
  readonly sources: string;
  readonly keys: string;
}): Source[] {
  const listed = readList('install_sources', sources).map((source) => source ?? '');
  const signed = readList('install_keys', keys);
  if (signed.length > 0 && signed.length !== listed.length) {
    throw new Error(
      `cannot use the ${signed.length} install_keys for ${listed.length} install_sources: give one for each, or null`,
    );
  }
  return listed.map((source, index) => ({ source, key: signed[index] ?? null }));
}

/** Adds a source, in any of the forms that the option `install_sources` takes. */
export async function addSource(source: string, runCommand: RunCommand): Promise<void> {
  const name = nameSource(source.trim());
  if (name !== undefined) await runCommand(['add-apt-repository', '--yes', name]);
}

/** Trusts a key: an armoured one, or the id of one, which a key server is asked for. */
export async function addKey(key: string, runCommand: RunCommand): Promise<void> {
  if (!key.includes(ARMOUR)) {
    return runCommand(['apt-key', 'adv', '--keyserver', KEY_SERVER, '--recv-keys', key.trim()]);
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'apt-key-'));
  try {
    const file = path.join(folder, 'key.asc');
    writeFileSync(file, `${key.trim()}\n`);
    await addKeyFile(file, runCommand);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Trusts the keys in a file, armoured or not. Where the machine has no apt-key any more, they are put where apt looks. */
export async function addKeyFile(file: string, runCommand: RunCommand): Promise<void> {
  if (await isThere('apt-key')) return runCommand(['apt-key', 'add', file]);
  const keys = readFileSync(file);
  const name = createHash('sha256').update(keys).digest('hex').slice(0, 16);
  writeFileSync(`/etc/apt/trusted.gpg.d/charm-${name}.${keys.includes(ARMOUR) ? 'asc' : 'gpg'}`, keys);
}

const ARMOUR = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const KEY_SERVER = 'hkp://keyserver.ubuntu.com:80';

function readList(option: string, text: string): readonly (string | null)[] {
  const value: unknown = text.trim() === '' ? [] : parse(text);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    // An id of a key may be all digits.
    if (typeof item === 'number') return String(item);
    if (typeof item === 'string') return item === '' ? null : item;
    if (item === null) return null;
    throw new Error(
      `cannot use the option ${option}: it is a YAML list of texts, and has ${JSON.stringify(item)}`,
    );
  });
}

/** What add-apt-repository calls a source; undefined for what every machine has. */
function nameSource(source: string): string | undefined {
  if (source === '' || source === 'distro') return undefined;
  if (source === 'distro-proposed' || source === 'proposed') {
    const mirror = 'http://archive.ubuntu.com/ubuntu';
    return `deb ${mirror} ${readCodename()}-proposed main universe multiverse restricted`;
  }
  if (!source.startsWith('cloud:')) return source;
  const pocket = source.slice('cloud:'.length).replace(new RegExp(`^${readCodename()}-`), '');
  return `cloud-archive:${pocket.replace(/\/(updates|proposed)$/, (_, part) => (part === 'updates' ? '' : '-proposed'))}`;
}

function readCodename(): string {
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^VERSION_CODENAME="?([^"\n]*)/m.exec(release)?.[1] ?? '';
}

async function isThere(program: string): Promise<boolean> {
  return run('/bin/sh', ['-c', 'command -v "$0"', program]).then(
    () => true,
    () => false,
  );
}
