import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { attachResource, fingerprintOf } from '../../../src/simulator/operator/resources.ts';
import type { ApplicationState } from '../../../src/simulator/state/model-state.ts';
import { DryModel } from '../dry-model.ts';

let folder: string;
let wp: ApplicationState;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const model = new DryModel();
  model.deploy('wp', {
    metadata:
      'resources:\n  software: {type: file, filename: software.zip}\n  plain: {type: file, filename: plain}\n  image: {type: oci-image}\n',
  });
  const application = model.state.applications.wp;
  if (application === undefined) throw new Error('no wp');
  wp = application;
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

it('copies the file into the model, with size and fingerprint', () => {
  const file = write('a.zip', 'one');
  const resource = attachResource(wp, { name: 'software', file, folder, isDeployment: true });
  writeFileSync(file, 'changed afterwards');
  expect(readFileSync(resource.file, 'utf8')).toBe('one');
  expect(resource.file.startsWith(join(folder, 'resources', 'wp'))).toBe(true);
  const fingerprint = createHash('sha384').update('one').digest('hex');
  expect(resource).toMatchObject({ revision: 0, size: 3, fingerprint });
  expect(wp.resources.software).toBe(resource);
});

it('makes upgrade-charm due for what is attached later, and not for what comes with the deployment', () => {
  attachResource(wp, { name: 'software', file: write('a.zip', 'one'), folder, isDeployment: true });
  expect(wp.charmModified).toBe(0);
  const second = attachResource(wp, { name: 'software', file: write('b.zip', 'two'), folder });
  const third = attachResource(wp, { name: 'software', file: write('c.zip', 'three'), folder });
  expect([second.revision, third.revision, wp.charmModified]).toEqual([1, 2, 2]);
  expect(readFileSync(second.file, 'utf8')).toBe('two');
  expect(attachResource(wp, { name: 'plain', file: write('any', ''), folder }).revision).toBe(1);
});

it('takes the name of an image where there is no file', () => {
  const image = attachResource(wp, { name: 'image', file: 'ubuntu:24.04', folder });
  expect(readFileSync(image.file, 'utf8')).toContain('registrypath: "ubuntu:24.04"');
  const described = attachResource(wp, { name: 'image', file: write('x.yaml', 'registrypath: y\n'), folder });
  expect(readFileSync(described.file, 'utf8')).toBe('registrypath: y\n');
});

it('changes nothing where it refuses', () => {
  const attach = (name: string, file: string) => () => attachResource(wp, { name, file, folder });
  expect(attach('other', write('a.zip', ''))).toThrow(
    'unrecognized resource "other": the charm has "software", "plain", "image"',
  );
  expect(attach('software', join(folder, 'none.zip'))).toThrow(
    `cannot attach resource "software": open ${join(folder, 'none.zip')}: no such file or directory`,
  );
  expect(attach('software', folder)).toThrow('no such file');
  expect(attach('software', write('a.txt', ''))).toThrow(
    'incorrect extension on resource upload "a.txt", expected ".zip"',
  );
  expect([wp.resources, wp.charmModified]).toEqual([{}, 0]);
});

it('takes the fingerprint of a file of any size', () => {
  for (const size of [0, 1, 1024 * 1024, 1024 * 1024 + 1]) {
    const content = 'x'.repeat(size);
    expect(fingerprintOf(write('big', content))).toBe(createHash('sha384').update(content).digest('hex'));
  }
});
