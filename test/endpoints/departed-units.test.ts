import {
  defineLayer,
  Endpoint,
  type FunctionHandler,
  handler,
  hook,
  type JsonValue,
  type Unit,
} from 'charms-reactive';
import { SqliteStore } from 'charms-reactive/testing';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

const KEY = 'reactive.endpoints.departed.db';

/** A unit that does `act` with its endpoint `db` in each update-status. */
function makeUnit(act: (endpoint: Endpoint, unit: Unit) => void = () => {}): TrialUnit {
  const handlers: FunctionHandler[] = [
    handler(hook('update-status'), (unit) => act(unit.endpoint('db', Endpoint), unit)),
  ];
  const metadata = { requires: { db: 'redis' } };
  return new TrialUnit(makeCharm({ metadata, layers: { web: defineLayer('web', handlers) } }));
}

function preset(unit: TrialUnit, value: JsonValue): void {
  const store = new SqliteStore({ path: unit.storeFile });
  store.set(KEY, value);
  store.flush();
  store.close();
}

test('Q18, Q23: a departed unit stays, with its data, in the layout of the reference', async () => {
  const seen: unknown[] = [];
  const unit = makeUnit(({ allDepartedUnits }) => {
    seen.push(allDepartedUnits.length);
    for (const departed of allDepartedUnits) {
      seen.push([
        departed.unitName,
        departed.relation.relationId,
        { ...departed.received },
        departed.receivedRaw.port,
      ]);
    }
  });
  await unit.join('db:1', 'redis/0', { port: '6379', name: '"a"' });
  await unit.depart('db:1', 'redis/0');
  await unit.break('db:1');
  await unit.run('update-status');
  await unit.run('update-status');
  const once = [1, ['redis/0', 'db:1', { port: 6379, name: 'a' }, '6379']];
  expect(seen).toEqual([...once, ...once]);
  expect(unit.stored(KEY)).toEqual({
    [KEY]: [{ relation: 'db:1', unit_name: 'redis/0', data: { port: '6379', name: '"a"' } }],
  });
});

test('Q18: the unit is among the departed, with its data, in the departed hook itself', async () => {
  const seen: unknown[] = [];
  class Redis extends Endpoint {
    override manageFlags(): void {
      seen.push([
        this.hook.name,
        this.allJoinedUnits.names(),
        Array.from(this.allDepartedUnits, ({ unitName, received }) => [unitName, received.port]),
      ]);
    }
  }
  const metadata = { requires: { db: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Redis } }));
  await unit.join('db:1', 'redis/0', { port: '1' });
  await unit.join('db:1', 'redis/1', { port: '2' });
  await unit.depart('db:1', 'redis/0');
  expect(seen.at(-1)).toEqual(['db-relation-departed', ['redis/1'], [['redis/0', 1]]]);
});

test('Q18: the charm takes units off the list, one or all, for good where the hook goes well', async () => {
  let act: (endpoint: Endpoint) => void = () => {};
  const unit = makeUnit((endpoint) => act(endpoint));
  for (const name of ['redis/0', 'redis/1', 'redis/2']) {
    await unit.join('db:1', name, {});
    await unit.depart('db:1', name);
  }
  act = ({ allDepartedUnits }) => {
    allDepartedUnits.remove('redis/1');
    allDepartedUnits.remove('redis/7');
    expect(allDepartedUnits.get('redis/1')).toBeUndefined();
    expect(allDepartedUnits.get('redis/2')?.unitName).toBe('redis/2');
  };
  await unit.run('update-status');
  const names = (): unknown[] =>
    (unit.stored(KEY)[KEY] as { unit_name: string }[]).map((entry) => entry.unit_name);
  expect(names()).toEqual(['redis/0', 'redis/2']);
  act = ({ allDepartedUnits }) => {
    allDepartedUnits.clear();
    throw new Error('no');
  };
  await unit.runFailing('update-status');
  expect(names()).toEqual(['redis/0', 'redis/2']);
  act = ({ allDepartedUnits }) => {
    allDepartedUnits.clear();
    expect([...allDepartedUnits]).toEqual([]);
    expect(allDepartedUnits.length).toBe(0);
  };
  await unit.run('update-status');
  expect(unit.stored(KEY)).toEqual({});
});

test('taking units off the list while walking over it skips none', async () => {
  const walked: string[] = [];
  const unit = makeUnit(({ allDepartedUnits }) => {
    for (const { unitName } of allDepartedUnits) {
      walked.push(unitName);
      allDepartedUnits.remove(unitName);
    }
  });
  for (const name of ['redis/0', 'redis/1', 'redis/2']) {
    await unit.join('db:1', name, {});
    await unit.depart('db:1', name);
  }
  await unit.run('update-status');
  expect(walked).toEqual(['redis/0', 'redis/1', 'redis/2']);
  expect(unit.stored(KEY)).toEqual({});
});

test('Q23: what a Python charm stored is read', async () => {
  const seen: unknown[] = [];
  const unit = makeUnit(({ allDepartedUnits }) => {
    for (const { unitName, relation, received } of allDepartedUnits) {
      seen.push([unitName, relation.relationId, { ...received }]);
    }
  });
  preset(unit, [
    { relation: 'db:1', unit_name: 'redis/0', data: { port: '1' } },
    { relation: 'db:2', unit_name: 'redis/0', data: {} },
  ]);
  await unit.run('update-status');
  expect(seen).toEqual([
    ['redis/0', 'db:1', { port: 1 }],
    ['redis/0', 'db:2', {}],
  ]);
});

test('B20: a unit that departs while it stands on the list already stands there once, with its latest data', async () => {
  const unit = makeUnit();
  preset(unit, [
    { relation: 'db:1', unit_name: 'redis/0', data: { port: '1' } },
    { relation: 'db:1', unit_name: 'redis/1', data: {} },
    { relation: 'db:1', unit_name: 'redis/0', data: { port: '2' } },
  ]);
  unit.putUnit('db:1', 'redis/0', { port: '3' });
  await unit.depart('db:1', 'redis/0');
  expect(unit.stored(KEY)).toEqual({
    [KEY]: [
      { relation: 'db:1', unit_name: 'redis/1', data: {} },
      { relation: 'db:1', unit_name: 'redis/0', data: { port: '3' } },
    ],
  });
});

test.each<[string, JsonValue]>([
  ['a text', 'x'],
  ['a map', { relation: 'db:1' }],
  ['null', null],
  ['odd items', [null, 1, 'x', [], {}, { relation: 1, unit_name: 'redis/0' }, { relation: 'db:1' }]],
  ['odd data', [{ relation: 'db:1', unit_name: 'redis/0', data: null }]],
  ['a list as data', [{ relation: 'db:1', unit_name: 'redis/0', data: ['x'] }]],
  [
    'values that are no text',
    [{ relation: 'db:1', unit_name: 'redis/0', data: { a: 1, b: null, c: { d: [] }, e: 'x' } }],
  ],
])('whatever the store holds in its place fails no hook: %s', async (_, value) => {
  const unit = makeUnit(({ allDepartedUnits }) => {
    for (const departed of allDepartedUnits) {
      expect(departed.unitName).toBe('redis/0');
      JSON.stringify([departed.received, departed.receivedRaw, { ...departed.received }]);
    }
  });
  preset(unit, value);
  await unit.run('update-status');
  await unit.join('db:1', 'redis/0', { a: '1' });
  await unit.depart('db:1', 'redis/0');
  expect(unit.stored(KEY)).toEqual({ [KEY]: [{ relation: 'db:1', unit_name: 'redis/0', data: { a: '1' } }] });
});
