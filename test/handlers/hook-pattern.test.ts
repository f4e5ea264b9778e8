import { defineLayer, Endpoint, handler, hook, type Unit } from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, type RelationEvent, TrialUnit } from '../charm/trial-unit.ts';

const metadata = {
  provides: { website: { interface: 'http' }, admin: { interface: 'http' } },
  requires: {
    backend: { interface: 'http' },
    db: { interface: 'redis' },
    'db-admin': { interface: 'redis' },
  },
  peers: { cluster: { interface: 'web-peer' } },
};

/** Whether a handler with this pattern runs in a hook; `isHook` must say the same. */
async function fits(pattern: string, name: string): Promise<boolean> {
  let answer: boolean | undefined;
  const layer = defineLayer('web', [handler(hook(pattern), function start() {})], {
    beforeStart: (unit: Unit) => {
      answer = unit.isHook(pattern);
    },
  });
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }));
  const [endpoint = ''] = name.split('-relation-');
  const event: RelationEvent = name.includes('-relation-') ? { relation: `${endpoint}:1`, app: 'far' } : {};
  if (event.relation) unit.putRelation(event.relation, { application: 'far', units: {} });
  const runs = handlersOf(await unit.run(name, event)).length > 0;
  expect(answer).toBe(runs);
  return runs;
}

test.each([
  ['install', ['install'], ['start', 'config-changed']],
  ['db-relation-joined', ['db-relation-joined'], ['db-relation-changed', 'db-admin-relation-joined']],
  ['db-relation-{joined,changed}', ['db-relation-joined', 'db-relation-changed'], ['db-relation-departed']],
  ['{install,upgrade-charm}', ['install', 'upgrade-charm'], ['start']],
  ['{install}', ['install'], ['start']],
  [
    '{requires:redis}-relation-joined',
    ['db-relation-joined', 'db-admin-relation-joined'],
    ['backend-relation-joined'],
  ],
  [
    '{provides:http}-relation-joined',
    ['website-relation-joined', 'admin-relation-joined'],
    ['backend-relation-joined'],
  ],
  ['{requires:http}-relation-joined', ['backend-relation-joined'], ['website-relation-joined']],
  ['{peers:web-peer}-relation-changed', ['cluster-relation-changed'], ['db-relation-changed']],
  ['{peer:web-peer}-relation-changed', ['cluster-relation-changed'], ['db-relation-changed']],
  [
    '{provides:http}-relation-{joined,changed}',
    [
      'website-relation-joined',
      'website-relation-changed',
      'admin-relation-joined',
      'admin-relation-changed',
    ],
    ['website-relation-departed', 'backend-relation-joined'],
  ],
  [
    '{db,{requires:http}}-relation-{broken,departed}',
    ['db-relation-broken', 'backend-relation-departed'],
    ['db-relation-joined', 'db-admin-relation-broken'],
  ],
  [
    '{website,db}-relation-{joined}',
    ['website-relation-joined', 'db-relation-joined'],
    ['admin-relation-joined'],
  ],
  ['{pre,post}-series-{upgrade,}', ['pre-series-upgrade', 'post-series-upgrade'], ['upgrade-charm']],
  ['{requires:memcache}-relation-joined', [], ['db-relation-joined']],
])('the pattern %s fits %j, and not %j', async (pattern, fitting, others) => {
  for (const name of fitting) expect([name, await fits(pattern, name)]).toEqual([name, true]);
  for (const name of others) expect([name, await fits(pattern, name)]).toEqual([name, false]);
});

test.each(['{broken, departed}', '{ broken ,departed }', '{broken,departed }'])(
  'white space in braces means nothing, though the reference is silently dead then: %s',
  async (parts) => {
    expect(await fits(`{requires:redis}-relation-${parts}`, 'db-relation-departed')).toBe(true);
    expect(await fits(`{ requires : redis }-relation-${parts}`, 'db-relation-broken')).toBe(true);
  },
);

test.each([
  'db-relation-joined}',
  '{db-relation-joined',
  '{requires:redis-relation-joined',
  'db-relation-{}',
  'db}',
  '{{db}',
])(
  'a pattern with a brace too many or too few is refused, though the reference is silently dead then: %s',
  async (pattern) => {
    const layer = defineLayer('web', [handler(hook(pattern), function start() {})]);
    const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }));
    const { message } = await unit.runFailing('start');
    expect(message).toContain('"web.start"');
    expect(message).toContain(`"${pattern}"`);
    expect(message).toContain('brace');
  },
);

test('a stray brace is refused also where the charm has no endpoint of the interface', async () => {
  const pattern = '{requires:memcache}-relation-joined}';
  const layer = defineLayer('web', [handler(hook(pattern), function start() {})]);
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }));
  expect((await unit.runFailing('start')).message).toContain(`"${pattern}"`);
});

test.each(['interface', 'require', 'Provides', 'toString', '__proto__'])(
  'a role that is none is refused by its name, though the reference is silently dead then: %s',
  async (role) => {
    const layer = defineLayer('web', [handler(hook(`{${role}:redis}-relation-joined`), function start() {})]);
    const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }));
    const { message } = await unit.runFailing('start');
    expect(message).toContain('"web.start"');
    expect(message).toContain(`"${role}"`);
    expect(message).toContain('provides, requires or peers');
  },
);

test('isHook refuses a malformed pattern too', async () => {
  let message = '';
  const layer = defineLayer('web', [], {
    atStart: (unit) => {
      try {
        unit.isHook('db-relation-joined}');
      } catch (error) {
        message = (error as Error).message;
      }
    },
  });
  await new TrialUnit(makeCharm({ metadata, layers: { web: layer } })).run('start');
  expect(message).toContain('"db-relation-joined}"');
});

test("an endpoint's handler answers to its own relation hooks only, and to hooks of no relation once for each", async () => {
  class Redis extends Endpoint {
    @hook('{requires:redis}-relation-{joined,changed}')
    anySibling(): void {}

    @hook('{endpoint_name}-relation-joined')
    itself(): void {}

    @hook('{requires:http}-relation-joined')
    otherInterface(): void {}

    @hook('stop')
    stop(): void {}
  }
  const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Redis } }));
  expect(handlersOf(await unit.join('db:1', 'redis/0'))).toEqual([
    'redis/requires.anySibling@db',
    'redis/requires.itself@db',
  ]);
  expect(handlersOf(await unit.join('db-admin:2', 'redis/0'))).toEqual([
    'redis/requires.anySibling@db-admin',
    'redis/requires.itself@db-admin',
  ]);
  expect(handlersOf(await unit.join('backend:3', 'far/0'))).toEqual([]);
  expect(handlersOf(await unit.run('stop'))).toEqual([
    'redis/requires.stop@db',
    'redis/requires.stop@db-admin',
  ]);
});

test('an endpoint named like the hook of another one is told apart from it', async () => {
  class Redis extends Endpoint {
    @hook('{requires:redis}-relation-joined')
    joined(): void {}
  }
  const requires = { db: { interface: 'redis' }, 'db-relation-x': { interface: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata: { requires }, interfaces: { 'requires/redis': Redis } }));
  expect(handlersOf(await unit.join('db-relation-x:1', 'redis/0'))).toEqual([
    'redis/requires.joined@db-relation-x',
  ]);
});
