import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBase } from '../../src/builder/base.ts';
import { buildCharm } from '../../src/builder/build.ts';
import { unpackCharm } from '../../src/builder/charm-archive.ts';
import { packCharm } from '../../src/builder/pack.ts';
import { GuestbookVisitor } from '../../src/cli/demo/guestbook-visitor.ts';
import { Model } from '../../src/simulator/model.ts';
import { processesOf } from '../layers/unit-runner.ts';

/** What a machine has on PATH that has no more than it must: coreutils, and the workload. */
const COREUTILS =
  'cat chmod cp cut date dirname env head id ln ls mkdir mktemp mv pwd readlink rm sleep sort touch tr wc';
const PROGRAMS = [...COREUTILS.split(' '), 'redis-server'];

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'packed-')));
let model: Model;

beforeAll(async () => {
  const machine = path.join(folder, 'bin');
  mkdirSync(machine);
  for (const program of PROGRAMS) symlinkSync(findProgram(program), path.join(machine, program));
  const [redis, guestbook] = await Promise.all([build('redis'), build('guestbook')]);
  // Packing a Node takes a while, and once shows that it works.
  const { file } = await packCharm({ folder: redis, into: folder, base: readBase('ubuntu@24.04') });
  const unpacked = path.join(folder, 'unpacked');
  mkdirSync(unpacked);
  await unpackCharm(file, unpacked);
  model = await Model.create({ path: machine });
  await model.deploy(unpacked);
  await model.deploy(guestbook);
  model.integrate('guestbook', 'redis');
  await model.settle();
});

afterAll(async () => {
  await model.destroy();
  rmSync(folder, { recursive: true, force: true });
});

/** A layer of this package, with the Node that charms bring with them. */
async function build(layer: string): Promise<string> {
  const charm = fileURLToPath(new URL(`../../layers/${layer}`, import.meta.url));
  const { output } = await buildCharm({
    charm,
    output: path.join(folder, layer),
    runtime: 'bundled',
    environment: process.env,
  });
  return output;
}

function findProgram(name: string): string {
  const places = (process.env.PATH ?? '').split(path.delimiter).map((place) => path.join(place, name));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`there is no ${name} on PATH`);
  return found;
}

test('a packed charm runs all its hooks where there is no Node on the machine', () => {
  const hooks = model.hooks();
  expect(hooks.filter(({ outcome }) => outcome !== 'ran')).toEqual([]);
  const ran = hooks.filter(({ unit }) => unit === 'redis/0').map(({ hook }) => hook);
  expect(ran).toEqual([
    'install',
    ...['db-relation-created', 'cluster-relation-created'].sort((a, b) => ran.indexOf(a) - ran.indexOf(b)),
    'leader-elected',
    'config-changed',
    'start',
    'db-relation-joined',
    'db-relation-changed',
    expect.stringMatching(/relation-changed$/),
  ]);
  const redis = model.status().applications.redis?.units?.['redis/0'];
  expect(redis?.['workload-status']).toMatchObject({
    current: 'active',
    message: expect.stringMatching(/^serving on 127/),
  });
  expect(lstatSync(path.join(model.unitFolder('redis/0'), 'bin/node')).isFile()).toBe(true);
});

test('what its application runs for long runs on the charm’s Node too', async () => {
  const charm = model.unitFolder('guestbook/0');
  const programs = processesOf(charm).map((pid) => readlinkSync(`/proc/${pid}/exe`));
  expect(programs).toEqual([path.join(charm, 'bin/node')]);
  const { lacks, lines } = await new GuestbookVisitor(model).write('packed');
  expect(lacks).toBeUndefined();
  expect(lines.at(-1)).toMatch(/^LRANGE .*packed/);
});

test('it goes without a trace', async () => {
  model.removeRelation('guestbook', 'redis');
  model.removeApplication('redis');
  model.removeApplication('guestbook');
  const { errors } = await model.settle();
  expect(errors).toEqual([]);
  expect(model.units()).toEqual([]);
  expect(model.hooks().at(-1)).toMatchObject({ outcome: 'ran' });
  expect(processesOf(model.folder)).toEqual([]);
});
