import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackCharm } from '../../src/builder/charm-archive.ts';
import { type ArchivedFile, makeZip } from '../cli/sim/archive-bytes.ts';

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'archive-'));
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Unpacks an archive of files, and answers the folder. */
async function unpack(files: readonly ArchivedFile[]): Promise<string> {
  writeFileSync(join(place, 'x.charm'), makeZip(files));
  const folder = join(place, 'out', 'charm');
  mkdirSync(folder, { recursive: true });
  await unpackCharm(join(place, 'x.charm'), folder);
  return folder;
}

const file = (path: string, content = '', mode = 0o100644): ArchivedFile => ({ path, content, mode });
const link = (path: string, target: string): ArchivedFile => file(path, target, 0o120777);

describe('a packed charm', () => {
  it('is unpacked with its folders, with who may run what, and with its symbolic links', async () => {
    const folder = await unpack([
      file('metadata.yaml', 'name: x\n'),
      file('dispatch', '#!/bin/sh\n', 0o100755),
      file('lib/', '', 0o40755),
      link('lib/current', 'deep/v1'),
      file('lib/deep/v1/code.py', 'pass\n'),
      link('later', 'made-by-a-hook'),
    ]);
    expect(readFileSync(join(folder, 'metadata.yaml'), 'utf8')).toBe('name: x\n');
    expect(statSync(join(folder, 'dispatch')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'metadata.yaml')).mode & 0o111).toBe(0);
    expect(readlinkSync(join(folder, 'lib/current'))).toBe('deep/v1');
    expect(readFileSync(join(folder, 'lib/current/code.py'), 'utf8')).toBe('pass\n');
  });

  it.each([
    ['a path that goes up', [file('../outside', 'x')]],
    ['an absolute path', [file('/outside', 'x')]],
    ['a link that goes up', [link('lib/away', '../../outside')]],
    ['an absolute link', [link('away', '/etc')]],
    ['a link that goes up by way of another', [link('same', '.'), link('away', 'same/../../out')]],
    ['a link that is inside by its text alone', [link('same', '.'), link('away', 'same/..')]],
    ['a file below a link', [link('lib', 'other'), file('lib/code', 'x')]],
    ['a file that is there twice', [file('code', 'x'), file('code', 'y')]],
  ])('is refused with %s', async (_what, files) => {
    await expect(unpack(files)).rejects.toThrow(/^cannot unpack ".*x\.charm": /);
    expect(existsSync(join(place, 'outside'))).toBe(false);
    expect(existsSync(join(place, 'out', 'outside'))).toBe(false);
  });

  it('is refused where it is no archive', async () => {
    writeFileSync(join(place, 'x.charm'), 'PK but not really');
    await expect(unpackCharm(join(place, 'x.charm'), place)).rejects.toThrow(/^cannot unpack/);
  });
});
