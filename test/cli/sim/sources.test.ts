import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeZip } from './archive-bytes.ts';
import { SimShop } from './sim-shop.ts';

let shop: SimShop;

beforeEach(() => {
  shop = new SimShop();
});

afterEach(() => shop.close());

const LAYERS = fileURLToPath(new URL('../../../layers/', import.meta.url));

test('a packed charm is deployed, and runs', async () => {
  const metadata = 'name: packed\nsummary: s\ndescription: d\n';
  const dispatch = '#!/bin/bash\nstatus-set active unpacked\n';
  const archive = makeZip([
    { path: 'metadata.yaml', content: metadata, mode: 0o100644 },
    { path: 'manifest.yaml', content: 'bases: [{name: ubuntu, channel: 24.04/stable}]\n', mode: 0o100644 },
    { path: 'dispatch', content: dispatch, mode: 0o100755 },
  ]);
  writeFileSync(join(shop.here, 'packed.charm'), archive);
  expect(shop.sim('deploy', './packed.charm').stderr).toContain(
    'Deploying "packed" from local charm "packed", revision 0 on ubuntu@24.04/stable\n',
  );
  await shop.doneInside('settle', '-q');
  expect(await shop.doneInside('status')).toMatch(/^packed\/0\* +active +idle .*unpacked$/m);
});

test('a layer is built first, its handlers are told of as they run, and its flags can be seen', async () => {
  const before = leftovers();
  expect((await shop.inside('deploy', join(LAYERS, 'guestbook'), 'book')).stderr).toMatch(
    /^Processing layer:basic$.*^Built guestbook/ms,
  );
  const told = await shop.doneInside('settle', '--hooks', '1');
  expect(told).toMatch(/^book\/0 +install +ran +\d+ ms\n {6}ran guestbook\.\w+\n {10}\S/m);
  expect(JSON.parse(await shop.doneInside('show-flags', 'book/0', '--format', 'json'))).toEqual({
    'book/0': expect.any(Array),
  });
  expect(leftovers()).toEqual(before);
});

test('a bundle is deployed with its charms, options, places and relations, and again over itself', async () => {
  const [web, db] = [
    shop.charm({
      name: 'web',
      metadata: 'requires: {db: db}\n',
      config: 'options: {title: {type: string}}\n',
    }),
    shop.charm({ name: 'db', metadata: 'provides: {db: db}\n' }),
  ];
  writeBundle(`
applications:
  web: {charm: ${web}, num_units: 2, options: {title: Hello}, to: ["0", db/0], expose: true, constraints: mem=4G}
  db: {charm: ${db}, num_units: 1, to: ["1"]}
relations: [[web:db, db]]
machines: {"0": {}, "1": {}}
`);
  const { stderr } = await shop.inside('deploy', './bundle.yaml');
  expect(stderr).toContain("NOTE The bundle's constraints change nothing here.\nExecuting changes:\n");
  expect(stderr).toMatch(/^- add relation web:db - db$/m);
  expect(stderr).toMatch(/Deploy of bundle completed\.\n$/);
  const status = JSON.parse(await shop.doneInside('status', '--format', 'json'));
  const machineOf = (unit: string) => status.applications[unit.split('/')[0] ?? ''].units[unit].machine;
  expect(machineOf('web/1')).toBe(machineOf('db/0'));
  expect(machineOf('web/0')).not.toBe(machineOf('db/0'));
  expect(status.applications.web).toMatchObject({
    exposed: true,
    relations: { db: [{ 'related-application': 'db' }] },
  });
  expect(await shop.doneInside('config', 'web', 'title')).toBe('Hello\n');

  const again = await shop.inside('deploy', './bundle.yaml');
  expect(again).toMatchObject({ status: 0 });
  expect(again.stderr).not.toMatch(/add unit|deploy application|add relation/);
});

test('what is no charm here is refused with what would be', async () => {
  mkdirSync(join(shop.here, 'source'));
  writeFileSync(join(shop.here, 'source', 'charmcraft.yaml'), 'name: x\n');
  writeFileSync(join(shop.here, 'notes.txt'), 'no charm');
  for (const [path, words] of [
    ['postgresql', /^ERROR cannot deploy "postgresql": .*Charmhub is not simulated/],
    ['./source', /^ERROR cannot deploy "\.\/source": .*charmcraft pack/],
    ['./notes.txt', /^ERROR cannot deploy "\.\/notes\.txt": it is neither/],
  ] as const) {
    const { status, stderr } = await shop.inside('deploy', path);
    expect(stderr).toMatch(words);
    expect(status).toBe(1);
  }
  // A model is made only for what can be deployed.
  expect((await shop.inside('models')).stderr).toContain('There are no models');
});

function writeBundle(text: string): void {
  writeFileSync(join(shop.here, 'bundle.yaml'), text);
}

/** What deploying has left in the temporary folder. */
function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('reactive-charm-'));
}
