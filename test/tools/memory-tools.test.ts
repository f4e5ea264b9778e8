import { expect, it } from 'vitest';
import { MemoryTools } from '../../src/tools/memory-tools.ts';

it('fills in what a test does not say', () => {
  const tools = new MemoryTools({ unit: 'web/0' });
  expect(tools.isLeader()).toBe(false);
  expect(tools.configGet()).toEqual({});
  expect(tools.relationIds('db')).toEqual([]);
  expect({ ...tools.leaderGet() }).toEqual({});
  expect(tools.unitGet('private-address')).toBe('127.0.0.1');
});

it('shows what was published, by relation, only after the hook succeeded', () => {
  const tools = new MemoryTools({
    unit: 'web/0',
    isLeader: true,
    relations: { 'db:1': { application: 'redis', units: {} }, 'db:2': { application: 'redis', units: {} } },
  });
  tools.relationSet({ relationId: 'db:1' }, { a: '1' });
  tools.relationSet({ relationId: 'db:1', app: true }, { x: '1' });
  expect(tools.published).toEqual({});
  tools.commit();
  tools.relationSet({ relationId: 'db:2' }, { b: '2' });
  tools.commit();
  expect(tools.published).toEqual({
    'db:1': { unit: { a: '1' }, app: { x: '1' } },
    'db:2': { unit: { b: '2' }, app: {} },
  });
});

it('follows a model that a test changes between hooks', () => {
  const tools = new MemoryTools({ unit: 'web/0' });
  tools.model.relations = { 'db:1': { application: 'redis', units: { 'redis/0': { a: '1' } } } };
  tools.model.config = { port: 81 };
  tools.model.isLeader = true;
  expect(tools.relationList('db:1')).toEqual(['redis/0']);
  expect(tools.configGet()).toEqual({ port: 81 });
  expect(tools.isLeader()).toBe(true);
});

it('tells the bag of our own application from that of the application on the other side', () => {
  const tools = new MemoryTools({
    unit: 'web/0',
    isLeader: true,
    relations: { 'db:1': { application: 'redis', units: {}, applicationBag: { theirs: '1' } } },
  });
  expect(tools.relationGet({ relationId: 'db:1', member: 'web', app: true })).toEqual({});
  expect(tools.relationGet({ relationId: 'db:1', member: 'redis', app: true })).toEqual({ theirs: '1' });
});

it('takes names of built-in members for names', () => {
  const tools = new MemoryTools({
    unit: 'web/0',
    relations: { 'db:1': { application: 'redis', units: { 'redis/0': {} } } },
  });
  expect(() => tools.relationList('constructor')).toThrow('relation not found');
  expect(() => tools.relationGet({ relationId: 'db:1', member: 'toString', app: true })).toThrow(
    'permission denied',
  );
  tools.relationSet({ relationId: 'db:1' }, JSON.parse('{"__proto__": "a", "constructor": "b"}'));
  expect(Object.entries(tools.relationGet({ relationId: 'db:1', member: 'web/0' }) ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});
