import { expect, test } from 'vitest';
import { makeGuestbookUnit, redisHook, websiteOf } from './guestbook/guestbook-unit.ts';
import { postEntry } from './guestbook/website.ts';
import { makeRedisUnit, relateClient } from './redis/redis-unit.ts';
import { processesOf, type UnitRunner } from './unit-runner.ts';

const bootHooks = async (unit: UnitRunner) => {
  for (const hook of ['install', 'leader-elected', 'config-changed', 'start']) await unit.hook(hook);
};

const statusOf = ({ tools }: UnitRunner) =>
  `${tools.status.status}: ${tools.status.message.replace(/:\d+/, ':PORT')}`;

test('the two charms come through their whole lives together, and leave nothing running', async () => {
  const redis = makeRedisUnit();
  const guestbook = await makeGuestbookUnit();
  const log: string[] = [];
  const note = (moment: string) =>
    log.push(
      `${moment} | ${statusOf(redis)} | ${statusOf(guestbook)} | ${processesOf(redis.folder).length} ${processesOf(guestbook.folder).length}`,
    );

  await bootHooks(redis);
  await bootHooks(guestbook);
  note('deployed');

  guestbook.relate({ 'redis:0': { application: 'redis', units: {} } });
  await redisHook(guestbook, 'created');
  await relateClient(redis);
  const seeRedis = () =>
    guestbook.relate({
      'redis:0': { application: 'redis', units: { 'redis/0': redis.tools.published['db:0']?.unit ?? {} } },
    });
  seeRedis();
  await redisHook(guestbook, 'joined', 'redis/0');
  await redisHook(guestbook, 'changed', 'redis/0');
  note('related');

  const posted = await postEntry(websiteOf(guestbook), { name: 'Ada', message: 'hello' });
  expect(posted.status).toBe(201);
  guestbook.configure({ title: 'Visitors' });
  await guestbook.hook('config-changed');
  redis.configure({ maxmemory: '32mb' });
  await redis.hook('config-changed');
  for (const unit of [redis, guestbook]) await unit.hook('update-status');
  const page = await (await fetch(websiteOf(guestbook))).text();
  expect(page).toContain('<h1>Visitors</h1>');
  expect(page).toContain('hello');
  note('configured');

  guestbook.relate({ 'redis:0': { application: 'redis', units: {} } });
  await redisHook(guestbook, 'departed', 'redis/0');
  await redisHook(guestbook, 'broken');
  guestbook.relate({});
  redis.relate({ 'db:0': { application: 'guestbook', units: {} } });
  await redis.hook({ name: 'db-relation-departed', relationId: 'db:0', remoteUnit: 'guestbook/0' });
  await redis.hook({ name: 'db-relation-broken', relationId: 'db:0' });
  redis.relate({});
  for (const unit of [redis, guestbook]) await unit.hook('update-status');
  note('parted');

  for (const unit of [redis, guestbook]) {
    await unit.hook('stop');
    await unit.hook('remove');
  }
  note('removed');

  expect(log).toEqual([
    'deployed | active: serving on 127.0.0.1:PORT as primary | blocked: needs a relation to redis | 1 0',
    'related | active: serving on 127.0.0.1:PORT as primary | active: serving on http://127.0.0.1:PORT/ | 1 1',
    'configured | active: serving on 127.0.0.1:PORT as primary | active: serving on http://127.0.0.1:PORT/ | 1 1',
    'parted | active: serving on 127.0.0.1:PORT as primary | blocked: needs a relation to redis | 1 0',
    'removed | maintenance: stopped | blocked: needs a relation to redis | 0 0',
  ]);
});
