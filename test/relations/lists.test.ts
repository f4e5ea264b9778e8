import { defineLayer, Endpoint, handler, hook } from 'charms-reactive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CombinedUnits } from '../../src/relations/combined-units.ts';
import { KeyedList } from '../../src/relations/keyed-list.ts';
import { compareNumbered } from '../../src/relations/natural-order.ts';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

/** Looks at the endpoint `db` of a unit in one hook. */
async function look<T>(unit: TrialUnit, see: (endpoint: Endpoint) => T): Promise<T> {
  const answers: T[] = [];
  const layer = defineLayer('web', [
    handler(hook('update-status'), (itself) => {
      answers.push(see(itself.endpoint('db', Endpoint)));
    }),
  ]);
  unit.charm = makeCharm({ metadata: { requires: { db: 'redis' } }, layers: { web: layer } });
  await unit.run('update-status');
  return answers[0] as T;
}

test('B16, Q19: relations are in order of their number, and so are units', async () => {
  const unit = new TrialUnit(makeCharm());
  for (const id of ['db:10', 'db:9', 'db:2']) {
    for (const number of [11, 10, 2, 1, 0]) unit.putUnit(id, `redis/${number}`, {});
  }
  const seen = await look(unit, (endpoint) => ({
    relations: endpoint.relations.names(),
    units: endpoint.relations[0]?.joinedUnits.names(),
    all: Array.from(
      endpoint.allJoinedUnits,
      ({ relation, unitName }) => `${relation.relationId} ${unitName}`,
    ),
  }));
  const units = ['redis/0', 'redis/1', 'redis/2', 'redis/10', 'redis/11'];
  expect(seen).toEqual({
    relations: ['db:2', 'db:9', 'db:10'],
    units,
    all: ['db:2', 'db:9', 'db:10'].flatMap((id) => units.map((name) => `${id} ${name}`)),
  });
});

test('B16, Q19: in merged data the lowest relation id wins, then the lowest unit', async () => {
  const unit = new TrialUnit(makeCharm());
  unit.putUnit('db:10', 'redis/0', { a: '"10/0"', b: '"10/0"', c: '"10/0"', d: '"10/0"' });
  unit.putUnit('db:2', 'redis/12', { a: '"2/12"', b: '"2/12"', c: '"2/12"' });
  unit.putUnit('db:2', 'redis/9', { a: '"2/9"', b: '"2/9"' });
  unit.putUnit('db:2', 'redis/10', { a: '"2/10"' });
  unit.putUnit('db:2', 'redis/2', { a: '"2/2"', nothing: 'null' });
  unit.putUnit('db:2', 'redis/3', { nothing: '1' });
  const seen = await look(unit, ({ allJoinedUnits, relations }) => ({
    all: { ...allJoinedUnits.received },
    raw: allJoinedUnits.receivedRaw.a,
    second: { ...relations[1]?.joinedUnits.received },
    missing: allJoinedUnits.received.missing,
  }));
  expect(seen).toEqual({
    all: { a: '2/2', b: '2/9', c: '2/12', d: '10/0', nothing: null },
    raw: '"2/2"',
    second: { a: '10/0', b: '10/0', c: '10/0', d: '10/0' },
    missing: null,
  });
});

test('merged data is read-only, and of no units is empty', async () => {
  const unit = new TrialUnit(makeCharm());
  unit.putRelation('db:1', { units: {} });
  await look(unit, ({ allJoinedUnits }) => {
    expect({ ...allJoinedUnits.received }).toEqual({});
    expect(allJoinedUnits.received.anything).toBeNull();
    expect(() => Object.assign(allJoinedUnits.received, { a: 1 })).toThrow(TypeError);
  });
});

test('a unit of a name that occurs in several relations is the one of the lowest relation', async () => {
  const unit = new TrialUnit(makeCharm());
  unit.putUnit('db:10', 'redis/0', { from: '10' });
  unit.putUnit('db:2', 'redis/0', { from: '2' });
  const seen = await look(unit, ({ allJoinedUnits, relations }) => [
    allJoinedUnits.get('redis/0')?.received.from,
    allJoinedUnits.has('redis/0'),
    allJoinedUnits.get('redis/1'),
    allJoinedUnits.has('redis/1'),
    relations.get('db:10')?.joinedUnits.get('redis/0')?.received.from,
    relations.get('2'),
    relations.has('db:3'),
  ]);
  expect(seen).toEqual([2, true, undefined, false, 10, undefined, false]);
});

test('B27: a keyed list can be sliced, searched and mapped as any list, into plain lists', () => {
  const list = new KeyedList(['a', 'b', 'c'], (item) => `key ${item}`);
  expect([...list]).toEqual(['a', 'b', 'c']);
  expect(list).toHaveLength(3);
  expect(list[1]).toBe('b');
  expect(list.at(-1)).toBe('c');
  expect(list.slice(1)).toEqual(['b', 'c']);
  expect(list.slice(-2, -1)).toEqual(['b']);
  expect(list.filter((item) => item !== 'b')).toEqual(['a', 'c']);
  expect(list.map((item) => item.length)).toEqual([1, 1, 1]);
  expect(list.concat(['d'])).toEqual(['a', 'b', 'c', 'd']);
  expect(list.toSorted().toReversed()).toEqual(['c', 'b', 'a']);
  expect(list.flatMap((item) => [item, item])).toHaveLength(6);
  expect(list.includes('b')).toBe(true);
  expect(list.indexOf('c')).toBe(2);
  expect(JSON.stringify(list)).toBe('["a","b","c"]');
  for (const made of [list.slice(0), list.filter(Boolean), list.map(String), list.concat([])]) {
    expect(made.constructor).toBe(Array);
  }
  expect(Array.isArray(list)).toBe(true);
  expect(list.get('key b')).toBe('b');
  expect(list.get('b')).toBeUndefined();
  expect(list.names()).toEqual(['key a', 'key b', 'key c']);
  const single = new KeyedList([7], String);
  expect(single).toHaveLength(1);
  expect(single.names()).toEqual(['7']);
});

test.each<[string, (list: KeyedList<string>) => unknown]>([
  ['pop', (list) => list.pop()],
  ['push', (list) => list.push('d')],
  ['shift', (list) => list.shift()],
  ['unshift', (list) => list.unshift('d')],
  ['splice', (list) => list.splice(0, 1)],
  ['sort', (list) => list.sort((a, b) => (a < b ? 1 : -1))],
  ['reverse', (list) => list.reverse()],
  ['fill', (list) => list.fill('x')],
  ['copyWithin', (list) => list.copyWithin(0, 1)],
  ['an index', (list) => Object.assign(list, { 0: 'x' })],
  ['length', (list) => Object.assign(list, { length: 0 })],
  ['delete', (list) => delete (list as (string | undefined)[])[0]],
])('B27: a keyed list is read-only: %s is refused and changes nothing', (_, act) => {
  const list = new KeyedList(['a', 'b', 'c'], (item) => item);
  expect(() => act(list)).toThrow(TypeError);
  expect([...list]).toEqual(['a', 'b', 'c']);
  const units = new CombinedUnits([]);
  expect(() => units.push({} as never)).toThrow(TypeError);
});

test('B27: what one handler does to a list of relations or units, no other one sees', async () => {
  const unit = new TrialUnit(makeCharm());
  unit.putUnit('db:1', 'redis/0', {});
  unit.putUnit('db:2', 'redis/1', {});
  const seen = await look(unit, (endpoint) => {
    for (const list of [endpoint.relations, endpoint.allJoinedUnits] as unknown[][]) {
      try {
        list.reverse();
        list.pop();
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }
    return [endpoint.relations.names(), endpoint.allJoinedUnits.names(), endpoint.isJoined];
  });
  expect(seen).toEqual([['db:1', 'db:2'], ['redis/0', 'redis/1'], true]);
});

test('numbered names are ordered by name and then by number, totally', () => {
  const name = fc
    .tuple(fc.constantFrom('db:', 'db-x:', 'redis/', 'a/1/', ''), fc.nat(2000))
    .map(([base, n]) => base + n);
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const sorted = names.toSorted(compareNumbered);
      expect(names.toReversed().toSorted(compareNumbered)).toEqual(sorted);
      for (const [index, after] of sorted.slice(1).entries()) {
        const before = sorted[index] ?? '';
        const [, base, number] = /^(.*[:/])?(\d+)$/.exec(before) ?? [];
        const [, nextBase, nextNumber] = /^(.*[:/])?(\d+)$/.exec(after) ?? [];
        if (base && base === nextBase) expect(Number(number)).toBeLessThanOrEqual(Number(nextNumber));
      }
    }),
  );
  expect(['db:10', 'db:2', 'db:1'].sort(compareNumbered)).toEqual(['db:1', 'db:2', 'db:10']);
  expect(compareNumbered('db:2', 'db:2')).toBe(0);
});
