import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { GuestbookVisitor } from '../../src/cli/demo/guestbook-visitor.ts';
import { Model } from '../../src/simulator/model.ts';
import { connectTo } from '../layers/redis/redis-unit.ts';
import { processesOf } from '../layers/unit-runner.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'redis-life-')));
let model: Model;
let visitor: GuestbookVisitor;

beforeAll(async () => {
  await Promise.all([
    build('test/fixtures/layers/redis-earlier', 'earlier'),
    build('layers/redis', 'redis'),
    build('layers/guestbook', 'guestbook'),
  ]);
  model = await Model.create({ path: process.env.PATH ?? '' });
  visitor = new GuestbookVisitor(model);
});

afterAll(async () => {
  await model?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function build(charm: string, name: string): Promise<void> {
  await buildCharm({ charm: path.join(ROOT, charm), output: path.join(folder, name) });
}

async function settle(): Promise<void> {
  const { errors } = await model.settle();
  expect(errors).toEqual([]);
}

const statusOf = (unit: string) => {
  const status = model.status().applications[unit.split('/')[0] ?? '']?.units?.[unit]?.['workload-status'];
  return `${unit} ${status?.current}: ${status?.message?.replace(/:\d+/, '')}`;
};

/** What a unit publishes for clients. */
function offerOf(unit: string) {
  const relation = model.relations().find(({ endpoints }) => endpoints.join().includes('guestbook'));
  const { host = '""', port, password = '""' } = relation?.units[unit] ?? {};
  return { host: JSON.parse(host), port: Number(port), password: JSON.parse(password) };
}

async function run(unit: string, action: string) {
  const [task] = await model.enqueueAction([unit], action);
  await settle();
  return model.tasks().find(({ id }) => id === task?.id);
}

const entries = async () => (await visitor.read()).map(({ message }) => message);

test('a charm of an earlier revision is refreshed in place: what guests wrote stays, what else there was is kept aside', async () => {
  await model.deploy(path.join(folder, 'earlier'), { units: 2 });
  await model.deploy(path.join(folder, 'guestbook'));
  model.integrate('guestbook', 'redis');
  await settle();
  await visitor.write('before the upgrade');
  await (await connectTo(offerOf('redis/1'))).set('only-here', 1);

  await model.refresh('redis', path.join(folder, 'redis'));
  await settle();
  expect(['redis/0', 'redis/1', 'guestbook/0'].map(statusOf)).toEqual([
    'redis/0 active: serving on 127.0.0.1 as primary',
    'redis/1 active: serving on 127.0.0.1 as a replica of redis/0',
    expect.stringMatching('guestbook/0 active: serving on http'),
  ]);
  await visitor.write('after the upgrade');
  expect(await entries()).toEqual(['after the upgrade', 'before the upgrade']);
  expect(existsSync(path.join(model.unitFolder('redis/1'), '.redis/backups/before-replication'))).toBe(true);
  expect(existsSync(path.join(model.unitFolder('redis/0'), '.redis/backups'))).toBe(false);
});

test('the password is in a secret that all units read, and actions answer', async () => {
  const { password } = offerOf('redis/0');
  const peers = model.relations().find(({ endpoints }) => endpoints.length === 1);
  expect(peers?.applications.redis).toMatchObject({ 'password-secret': expect.stringMatching('secret:') });
  expect(JSON.stringify(peers)).not.toContain(password);
  expect((await run('redis/1', 'get-password'))?.results).toMatchObject({ password });
  const backup = await run('redis/1', 'backup');
  expect(backup).toMatchObject({
    status: 'completed',
    results: { sha256: expect.stringMatching(/^\w{64}$/) },
  });
  expect(existsSync(String(backup?.results.path))).toBe(true);
});

test('a primary that is killed is replaced, and one that is removed hands over: no entry is lost', async () => {
  model.elect('redis/1');
  for (const pid of processesOf(model.unitFolder('redis/0'))) process.kill(pid, 'SIGKILL');
  model.fire('redis/1', 'update-status');
  await settle();
  expect(['redis/0', 'redis/1'].map(statusOf)).toEqual([
    'redis/0 active: serving on 127.0.0.1 as a replica of redis/1',
    'redis/1 active: serving on 127.0.0.1 as primary',
  ]);
  await visitor.write('after the loss');

  model.removeUnit('redis/1');
  await settle();
  expect(statusOf('redis/0')).toBe('redis/0 active: serving on 127.0.0.1 as primary');
  await visitor.write('after the removal');
  expect(await entries()).toEqual([
    'after the removal',
    'after the loss',
    'after the upgrade',
    'before the upgrade',
  ]);
});
