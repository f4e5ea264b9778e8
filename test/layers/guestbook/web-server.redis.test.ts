import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { postEntry, startRedis, startWebsite } from './website.ts';

test('an entry that was posted is listed first, as JSON and on the page', async () => {
  const website = await startWebsite(await startRedis());
  const posted = await postEntry(website, { name: 'Ada', message: 'first' });
  expect(posted.status).toBe(201);
  const entry = await posted.json();
  expect(entry).toEqual({ name: 'Ada', message: 'first', at: expect.stringMatching(/^\d{4}-.*Z$/) });
  await postEntry(website, { name: 'Bob <b>', message: 'second' });

  const listed = await fetch(`${website}/entries`);
  expect(listed.headers.get('content-type')).toBe('application/json');
  expect(await listed.json()).toEqual([expect.objectContaining({ name: 'Bob <b>' }), entry]);

  const page = await fetch(`${website}/`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain('<h1>Guests</h1>');
  expect(html).toContain('Bob &#60;b&#62;');
  expect(html.indexOf('second')).toBeLessThan(html.indexOf('first'));
});

test('the form of the page adds an entry and leads back to the page', async () => {
  const website = await startWebsite(await startRedis());
  const body = new URLSearchParams({ name: 'Ada', message: 'a & b = c' });
  const answer = await fetch(`${website}/entries`, { method: 'POST', body, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  expect(await (await fetch(`${website}/entries`)).json()).toEqual([
    expect.objectContaining({ name: 'Ada', message: 'a & b = c' }),
  ]);
});

test.each([
  ['text that is no JSON', '{"name":', 'cannot add the entry: it is no JSON'],
  ['nothing', '', 'cannot add the entry: it is no JSON'],
  ['no message', '{"name":"Ada"}', 'cannot add the entry: "message" must be a text of 1 to 2000 characters'],
])('%s is refused with 400 and the reason, and nothing is stored', async (_, body, error) => {
  const website = await startWebsite(await startRedis());
  const answer = await postEntry(website, body);
  expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  expect(await (await fetch(`${website}/entries`)).json()).toEqual([]);
});

test('what is too long is refused with 413', async () => {
  const website = await startWebsite(await startRedis());
  const answer = await postEntry(website, { name: 'Ada', message: 'm'.repeat(1_000_000) });
  expect([answer.status, await answer.json()]).toEqual([
    413,
    { error: 'cannot add the entry: it is over 65536 bytes' },
  ]);
});

test('unknown places and methods are refused', async () => {
  const website = await startWebsite(await startRedis());
  expect((await fetch(`${website}/constructor`)).status).toBe(404);
  const answer = await fetch(`${website}/entries`, { method: 'DELETE' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
  const head = await fetch(`${website}/entries?page=1`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('only the newest 100 entries are shown, and what others put into the list is left out', async () => {
  const redis = await startRedis();
  const website = await startWebsite(redis);
  for (let number = 0; number < 101; number += 1) {
    await postEntry(website, { name: 'Ada', message: `number ${number}` });
  }
  await redis.run('LPUSH', 'guestbook:entries', 'rubbish');
  const entries = (await (await fetch(`${website}/entries`)).json()) as { message: string }[];
  expect(entries).toHaveLength(99);
  expect(entries[0]?.message).toBe('number 100');
});

test('while redis is away everything but health is 503 at once, and all is well when it is back', async () => {
  const redis = await startRedis();
  const log: string[] = [];
  const website = await startWebsite(redis, log);
  await postEntry(website, { name: 'Ada', message: 'before' });
  await redis.kill();
  const refused = await postEntry(website, { name: 'Ada', message: 'meanwhile' });
  expect([refused.status, await refused.json()]).toEqual([
    503,
    { error: 'redis, where the entries are, cannot be reached; try again later' },
  ]);
  expect((await fetch(`${website}/`)).status).toBe(503);
  expect((await fetch(`${website}/health`)).status).toBe(200);
  expect(log).toContain('The client is offline');
  await redis.start();
  expect(await listWhenBack(website)).toEqual([expect.objectContaining({ message: 'before' })]);
});

test('a redis that hangs is away too', async () => {
  const redis = await startRedis();
  const website = await startWebsite(redis);
  await postEntry(website, { name: 'Ada', message: 'before' });
  redis.signal('SIGSTOP');
  expect((await fetch(`${website}/entries`)).status).toBe(503);
  redis.signal('SIGCONT');
  expect(await listWhenBack(website)).toHaveLength(1);
});

test('a redis that refuses is away too', async () => {
  const redis = await startRedis();
  const log: string[] = [];
  const website = await startWebsite(redis, log);
  await redis.run('SET', 'guestbook:entries', 'no list');
  expect((await fetch(`${website}/entries`)).status).toBe(503);
  expect(log).toEqual(['redis: connected', expect.stringContaining('WRONGTYPE')]);
});

async function listWhenBack(website: string): Promise<unknown> {
  for (;;) {
    const answer = await fetch(`${website}/entries`);
    if (answer.status === 200) return answer.json();
    await setTimeout(50);
  }
}
