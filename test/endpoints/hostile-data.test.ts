import {
  type CombinedUnits,
  Endpoint,
  hook,
  type ReceivedData,
  type ReceivedRaw,
  when,
} from 'charms-reactive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

/** Looks at everything that can be looked at, in every hook, in every way. */
class Nosy extends Endpoint {
  @hook('{requires:redis}-relation-{created,joined,changed,departed,broken}')
  @when('endpoint.{endpoint_name}.joined')
  inItsHooks(): void {
    this.lookAtAll();
  }

  override manageFlags(): void {
    this.lookAtAll();
  }

  lookAtAll(): void {
    this.#lookAtUnits(this.allJoinedUnits);
    for (const relation of this.relations) {
      this.#lookAtUnits(relation.joinedUnits);
      lookAt(relation.receivedApp, relation.receivedAppRaw);
      Object.assign(relation.toPublish, {
        seen: relation.receivedApp.echo,
        all: relation.joinedUnits.received.echo,
      });
    }
    for (const unit of this.allDepartedUnits) lookAt(unit.received, unit.receivedRaw);
    this.dataChanged('everything', { ...this.allJoinedUnits.received });
  }

  #lookAtUnits(units: CombinedUnits): void {
    lookAt(units.received, units.receivedRaw);
    for (const unit of units) lookAt(unit.received, unit.receivedRaw);
  }
}

function lookAt(decoded: ReceivedData, raw: ReceivedRaw): void {
  for (const key of new Set([...Object.keys(raw), '__proto__', 'constructor', 'then', 'missing'])) {
    const isThere = Object.hasOwn(raw, key);
    expect(key in decoded).toBe(isThere);
    expect(typeof raw[key]).toBe(isThere ? 'string' : 'object');
    const value = decoded[key];
    if (typeof value === 'object' && value !== null) expect(Object.isFrozen(value)).toBe(true);
    else expect(['string', 'number', 'boolean', 'object']).toContain(typeof value);
  }
  JSON.stringify(decoded);
  expect(Object.keys({ ...decoded })).toEqual(Object.keys(raw));
}

/** Keys and texts as the other side could put into a databag: Juju keeps any text but the empty one. */
const evilName = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'toJSON',
  'echo',
  'hasOwnProperty',
  '{endpoint_name}',
  'a.b',
  '*',
  '$(reboot)',
  "'; drop table kv; --",
  '%_',
);
const key = fc.oneof(evilName, fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }));
const evilText = fc.constantFrom(
  '{"__proto__": {"polluted": true}}',
  '[{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}]',
  '{"toJSON": 1, "then": {"then": null}, "length": -1}',
  '{',
  '{"a": ',
  '[1, 2',
  '"half',
  '\\',
  '"\\u00',
  '"\\ud800"',
  '\ud83c',
  '\0',
  '1e999',
  '-1e999',
  '123456789012345678901234567890.000000000000001',
  '-0',
  'NaN',
  '[NaN, Infinity, -Infinity]',
  `${'['.repeat(900)}${']'.repeat(900)}`,
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  '{"a": 1, "a": 2, "": {"": ""}}',
  '"\u{F8FF}charms-reactive special number x"',
  'True',
  'null',
  'undefined',
);
const text = fc.oneof(
  { weight: 4, arbitrary: evilText },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1 }) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.json().map((json) => json.slice(0, -1) || '"') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 500, maxLength: 4000 }) },
);
const bag = fc
  .array(fc.tuple(key, text), { maxLength: 6 })
  .map((pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs)) as Record<string, string>);

test('whatever the other side writes into its bags, no hook fails in the framework, and no prototype is touched', async () => {
  const before = [Object.prototype, Array.prototype, Function.prototype].map(
    (proto) => Reflect.ownKeys(proto).length,
  );
  await fc.assert(
    fc.asyncProperty(bag, bag, bag, bag, async (first, second, third, app) => {
      const metadata = { requires: { db: 'redis' } };
      const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Nosy } }));
      unit.putRelation('db:1', { application: 'redis', units: {}, applicationBag: app });
      await unit.run('db-relation-created', { relation: 'db:1' });
      await unit.join('db:1', 'redis/0', first);
      await unit.change('db:1', 'redis/0', second);
      await unit.join('db:1', 'redis/1', third);
      await unit.changeApp('db:1', app);
      await unit.changeApp('db:1', third);
      await unit.run('update-status');
      await unit.depart('db:1', 'redis/0');
      await unit.depart('db:1', 'redis/1');
      await unit.break('db:1');
      await unit.run('update-status');
      expect(unit.flags()).toContain('endpoint.db.departed');
      const left = Object.keys(unit.stored('reactive.data_changed.endpoint.db.db:1.redis/'));
      expect(left).toEqual([]);
    }),
    { numRuns: 20, seed: 20_261_122 },
  );
  const after = [Object.prototype, Array.prototype, Function.prototype].map(
    (proto) => Reflect.ownKeys(proto).length,
  );
  expect(after).toEqual(before);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('the same data seen again is never a change, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(bag, async (data) => {
      const metadata = { requires: { db: 'redis' } };
      const unit = new TrialUnit(makeCharm({ metadata }));
      await unit.join('db:1', 'redis/0', data);
      for (const report of [
        await unit.change('db:1', 'redis/0', data),
        await unit.join('db:1', 'redis/1', data),
      ]) {
        const own = report.changes.filter(({ flag }) => !flag.startsWith('endpoint.db.changed'));
        expect(own).toEqual([]);
      }
      const { changes } = await unit.change('db:1', 'redis/0', data);
      expect(changes).toEqual([]);
    }),
    { numRuns: 30, seed: 3 },
  );
});

test('every key that is not as it was gets its flag, and no other', async () => {
  const plain = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.constantFrom('1', '2', '"x"', 'x', '[1, 2]', '[1,2]'),
  );
  const meaning = (texts: string | undefined): string | undefined =>
    texts === undefined ? undefined : JSON.stringify(/^["\d[]/.test(texts) ? JSON.parse(texts) : texts);
  class Clearing extends Endpoint {
    @when('endpoint.{endpoint_name}.changed')
    dealWith(): void {
      for (const flag of this.flags.list()) if (flag.includes('.changed')) this.flags.clear(flag);
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { minLength: 2, maxLength: 5 }), async (bags) => {
      const metadata = { requires: { db: 'redis' } };
      const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Clearing } }));
      await unit.join('db:1', 'redis/0', bags[0] ?? {});
      for (const [index, next] of bags.slice(1).entries()) {
        const former = bags[index] ?? {};
        const { changes } = await unit.change('db:1', 'redis/0', next);
        const expected = ['a', 'b', 'c', 'd'].filter((name) => meaning(former[name]) !== meaning(next[name]));
        const flags = changes.filter(({ to, flag }) => to === 'set' && flag.includes('.changed.'));
        expect(flags.map(({ flag }) => flag.replace('endpoint.db.changed.', '')).sort()).toEqual(expected);
      }
    }),
    { numRuns: 40, seed: 5 },
  );
});

test('a value of several megabytes is read, compared, kept and forgotten like any other', async () => {
  const seen: number[] = [];
  class Redis extends Endpoint {
    override manageFlags(): void {
      seen.push(String(this.allJoinedUnits.received.big ?? '').length);
    }
  }
  const metadata = { requires: { db: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Redis } }));
  const big = JSON.stringify('é'.repeat(1_000_000));
  await unit.join('db:1', 'redis/0', { big });
  const { changes } = await unit.change('db:1', 'redis/0', { big });
  await unit.depart('db:1', 'redis/0');
  expect(seen).toEqual([1_000_000, 1_000_000, 0]);
  expect(changes).toEqual([]);
});
