import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { addUnit } from '../../../src/simulator/operator/lifecycle.ts';
import { attachResource } from '../../../src/simulator/operator/resources.ts';
import type { ApplicationState } from '../../../src/simulator/state/model-state.ts';
import { DryModel } from '../dry-model.ts';
import { answer, refusal } from '../tool-caller.ts';

const METADATA = `resources:
  software: {type: file, filename: software.zip}
  image: {type: oci-image}
  missing: {type: file, filename: missing.txt}
`;

let model: DryModel;
let folder: string;
let wp: ApplicationState;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resources-'));
  model = new DryModel();
  model.deploy('wp', { metadata: METADATA, units: 0 });
  const application = model.state.applications.wp;
  if (application === undefined) throw new Error('no wp');
  wp = application;
  addUnit(model.state, wp, { folder: join(folder, 'agents') });
  attach('software', 'one');
});

afterEach(() => rmSync(folder, { recursive: true }));

function attach(name: string, content: string): void {
  const file = join(folder, `upload${name === 'software' ? '.zip' : ''}`);
  writeFileSync(file, content);
  attachResource(wp, { name, file, folder });
}

function hook(): HookContext {
  return model.context('wp/0', { kind: 'update-status', name: 'update-status' });
}

it('brings a copy of the file to the unit and prints its path, without a line end', () => {
  const file = join(folder, 'agents', 'unit-wp-0', 'resources', 'software', 'software.zip');
  expect(answer(hook(), 'resource-get', 'software')).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe('one');
});

it('leaves the copy alone while it is right, and brings it up to date when it is not', () => {
  const file = answer(hook(), 'resource-get', 'software');
  const { ino } = statSync(file);
  answer(hook(), 'resource-get', 'software');
  expect(statSync(file).ino).toBe(ino);
  attach('software', 'two');
  expect(readFileSync(file, 'utf8')).toBe('one');
  answer(hook(), 'resource-get', 'software');
  expect(readFileSync(file, 'utf8')).toBe('two');
  writeFileSync(file, 'broken');
  answer(hook(), 'resource-get', 'software');
  expect(readFileSync(file, 'utf8')).toBe('two');
});

it('gives an image as a file that names it', () => {
  attachResource(wp, { name: 'image', file: 'ubuntu:24.04', folder });
  const file = answer(hook(), 'resource-get', 'image');
  expect(readFileSync(file, 'utf8')).toBe('registrypath: "ubuntu:24.04"\nusername: ""\npassword: ""\n');
});

it('refuses what was never attached, what the charm does not have, and wrong calls', () => {
  expect(refusal(hook(), 'resource-get', 'missing')).toBe(
    '1 ERROR could not download resource: resource "missing" not found: nothing was attached for it',
  );
  expect(refusal(hook(), 'resource-get', 'constructor')).toBe(
    '1 ERROR could not download resource: resource "constructor" not found',
  );
  expect(refusal(hook(), 'resource-get')).toBe('2 ERROR missing required resource name');
  expect(refusal(hook(), 'resource-get', 'a', 'b')).toBe('2 ERROR unrecognized args: ["b"]');
});
