import { describe, expect, it } from 'vitest';
import { cacheTools } from '../../src/tools/cached-tools.ts';
import type { HookTools } from '../../src/tools/hook-tools.ts';
import { MemoryTools } from '../../src/tools/memory-tools.ts';

/** Cached tools over a model, and a log of every question that got through to it. */
function makeCached() {
  const memory = new MemoryTools({
    unit: 'web/0',
    isLeader: true,
    relations: {
      'db:1': {
        application: 'redis',
        units: { 'redis/0': { a: '1' }, 'redis/1': {} },
        applicationBag: { x: '1' },
      },
      'db:10': { application: 'redis', units: { 'redis/0': { a: '10' } } },
    },
    config: { port: 80, nested: { list: [1] } },
    leaderSettings: { token: 'a' },
  });
  memory.ports = ['80/tcp'];
  const log: string[] = [];
  const watched = new Proxy(memory, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        log.push(`${String(name)} ${JSON.stringify(parameters).slice(1, -1)}`.trim());
        return Reflect.apply(member, target, parameters);
      };
    },
  });
  return { tools: cacheTools(watched as HookTools), memory, log };
}

describe('asking', () => {
  it.each<[string, (tools: HookTools) => unknown]>([
    ['relationIds', (tools) => tools.relationIds('db')],
    ['relationIds of an unknown endpoint', (tools) => tools.relationIds('unknown')],
    ['relationList', (tools) => tools.relationList('db:1')],
    ['relationApplication', (tools) => tools.relationApplication('db:1')],
    ['relationGet of a unit', (tools) => tools.relationGet({ relationId: 'db:1', member: 'redis/0' })],
    ['relationGet of an empty bag', (tools) => tools.relationGet({ relationId: 'db:1', member: 'redis/1' })],
    [
      'relationGet of an application',
      (tools) => tools.relationGet({ relationId: 'db:1', member: 'redis', app: true }),
    ],
    ['configGet', (tools) => tools.configGet()],
    ['isLeader', (tools) => tools.isLeader()],
    ['leaderGet', (tools) => tools.leaderGet()],
    ['openedPorts', (tools) => tools.openedPorts()],
    ['networkGet', (tools) => tools.networkGet('db')],
    ['unitGet', (tools) => tools.unitGet('private-address')],
  ])('%s twice asks Juju once, and answers alike', (_, ask) => {
    const { tools, log } = makeCached();
    const first = ask(tools);
    expect(ask(tools)).toEqual(first);
    expect(log).toHaveLength(1);
  });

  it('remembers an answer of undefined or false, too', () => {
    const log: string[] = [];
    const bare = new MemoryTools({ unit: 'web/0' });
    bare.relationGet = () => void log.push('relation-get');
    bare.relationApplication = () => void log.push('relation-list');
    bare.isLeader = () => log.push('is-leader') < 0;
    const tools = cacheTools(bare);
    for (let time = 0; time < 2; time += 1) {
      expect(tools.relationGet({ relationId: 'db:1', member: 'redis', app: true })).toBeUndefined();
      expect(tools.relationApplication('db:1')).toBeUndefined();
      expect(tools.isLeader()).toBe(false);
    }
    expect(log).toEqual(['relation-get', 'relation-list', 'is-leader']);
  });

  it('keeps what differs apart: relations, members, units and applications, bindings, addresses', () => {
    const { tools, log } = makeCached();
    const asked = [
      () => tools.relationGet({ relationId: 'db:1', member: 'redis/0' }),
      () => tools.relationGet({ relationId: 'db:1', member: 'redis/1' }),
      () => tools.relationGet({ relationId: 'db:10', member: 'redis/0' }),
      () => tools.relationGet({ relationId: 'db:1', member: 'redis', app: true }),
      () => tools.relationList('db:1'),
      () => tools.relationList('db:10'),
      () => tools.relationApplication('db:1'),
      () => tools.networkGet('db'),
      () => tools.networkGet('db', { relationId: 'db:1' }),
      () => tools.unitGet('private-address'),
      () => tools.unitGet('public-address'),
    ];
    const answers = asked.map((ask) => ask());
    expect(asked.map((ask) => ask())).toEqual(answers);
    expect(log).toHaveLength(asked.length);
  });

  it('asks again after a question that failed', () => {
    const { tools, memory } = makeCached();
    expect(() => tools.relationList('db:2')).toThrow('relation not found');
    memory.model.relations = { 'db:2': { application: 'redis', units: {} } };
    expect(tools.relationList('db:2')).toEqual([]);
  });

  it('never keeps back a line of the log, and asks for the status each time', () => {
    const { tools, log } = makeCached();
    for (let time = 0; time < 2; time += 1) {
      tools.log('text', 'INFO');
      tools.statusGet();
    }
    expect(log).toEqual(['log "text","INFO"', 'statusGet', 'log "text","INFO"', 'statusGet']);
  });

  it('asks for secrets each time: a reading may move on to a newer revision', () => {
    const { tools, memory, log } = makeCached();
    memory.secrets = { 'secret:1': { owner: 'other', revisions: [{ a: '1' }] } };
    tools.secretGet({ id: 'secret:1' });
    memory.secrets = { 'secret:1': { owner: 'other', revisions: [{ a: '1' }, { a: '2' }] } };
    expect(tools.secretGet({ id: 'secret:1' }, 'refresh')).toEqual({ a: '2' });
    expect(tools.secretGet({ id: 'secret:1' })).toEqual({ a: '2' });
    expect(log).toHaveLength(3);
  });
});

describe('telling what is told already', () => {
  it('leaves out a status and a version that are the last ones told, and no others', () => {
    const { tools, memory, log } = makeCached();
    tools.statusSet('active', 'x');
    tools.statusSet('active', 'x');
    tools.statusSet('active', 'x', { application: true });
    tools.statusSet('active', 'y');
    tools.statusSet('waiting', 'y');
    tools.statusSet('active', 'x');
    tools.applicationVersionSet('1');
    tools.applicationVersionSet('1');
    tools.applicationVersionSet('2');
    tools.applicationVersionSet('1');
    expect(log).toEqual(
      [
        'statusSet "active","x"',
        'statusSet "active","x",{"application":true}',
        'statusSet "active","y"',
        'statusSet "waiting","y"',
        'statusSet "active","x"',
        'applicationVersionSet "1"',
        'applicationVersionSet "2"',
        'applicationVersionSet "1"',
      ].map((line) => expect.stringContaining(line)),
    );
    expect(memory.status).toEqual({ status: 'active', message: 'x' });
  });

  it('tells again what Juju refused', () => {
    const { tools, memory } = makeCached();
    memory.model.isLeader = false;
    const tell = () => tools.statusSet('active', 'x', { application: true });
    expect(tell).toThrow('not the leader');
    memory.model.isLeader = true;
    tell();
    expect(memory.applicationStatus).toEqual({ status: 'active', message: 'x' });
  });

  it('leaves out leader settings and state that are so already', () => {
    const { tools, memory } = makeCached();
    const told: unknown[] = [];
    const { leaderSet, stateSet } = memory;
    memory.leaderSet = (settings) => {
      told.push(settings);
      leaderSet.call(memory, settings);
    };
    memory.stateSet = (values) => {
      told.push(values);
      stateSet.call(memory, values);
    };
    tools.leaderSet({ token: 'a', gone: '' });
    tools.leaderSet({ token: 'a', other: 'b' });
    tools.leaderSet({ token: '' });
    tools.leaderSet({ token: '' });
    tools.stateSet({ a: '', b: '1' });
    tools.stateSet({ a: '', b: '1' });
    tools.stateSet({ a: 'x', b: '1' });
    expect(told).toEqual([{ other: 'b' }, { token: '' }, { a: '', b: '1' }, { a: 'x' }]);
    expect({ ...memory.model.leaderSettings }).toEqual({ other: 'b' });
    expect(tools.stateGet()).toEqual({ a: 'x', b: '1' });
  });
});

describe('writing', () => {
  it('a bag makes its relation be asked anew, and no other', () => {
    const { tools, log } = makeCached();
    const mine = { relationId: 'db:1', member: 'web/0' };
    const other = { relationId: 'db:10', member: 'redis/0' };
    expect(tools.relationGet(mine)).toEqual({});
    tools.relationGet(other);
    tools.relationList('db:1');
    tools.relationSet({ relationId: 'db:1' }, { b: '2' });
    expect(tools.relationGet(mine)).toEqual({ b: '2' });
    log.length = 0;
    tools.relationGet(mine);
    tools.relationGet(other);
    tools.relationList('db:1');
    expect(log).toEqual([]);
    tools.relationSet({ relationId: 'db:10' }, { b: '3' });
    tools.relationGet(mine);
    tools.relationGet(other);
    expect(log).toEqual([
      'relationSet {"relationId":"db:10"},{"b":"3"}',
      'relationGet {"relationId":"db:10","member":"redis/0"}',
    ]);
  });

  it("an application's bag is read anew", () => {
    const { tools } = makeCached();
    const ours = { relationId: 'db:10', member: 'web', app: true };
    expect(tools.relationGet(ours)).toEqual({});
    tools.relationSet({ relationId: 'db:10', app: true }, { y: '2' });
    expect(tools.relationGet(ours)).toEqual({ y: '2' });
  });

  it('as leader makes the settings be read anew', () => {
    const { tools } = makeCached();
    tools.leaderGet();
    tools.leaderSet({ token: 'b' });
    expect({ ...tools.leaderGet() }).toEqual({ token: 'b' });
  });

  it('ports makes them be read anew', () => {
    const { tools } = makeCached();
    expect(tools.openedPorts()).toEqual(['80/tcp']);
    tools.openPort('81');
    expect(tools.openedPorts()).toEqual(['80/tcp', '81/tcp']);
    tools.closePort('80');
    expect(tools.openedPorts()).toEqual(['81/tcp']);
  });

  it('passes on what Juju refuses, and forgets nothing for it', () => {
    const { tools, memory, log } = makeCached();
    tools.relationGet({ relationId: 'db:1', member: 'web/0' });
    memory.model.isLeader = false;
    expect(() => tools.relationSet({ relationId: 'db:1', app: true }, { a: '1' })).toThrow('cannot write');
    expect(() => tools.leaderSet({ a: '1' })).toThrow('not the leader');
    log.length = 0;
    tools.relationGet({ relationId: 'db:1', member: 'web/0' });
    expect(log).toEqual([]);
  });
});

describe('answers', () => {
  it('that are lists are never shared', () => {
    const { tools } = makeCached();
    for (const ask of [
      () => tools.relationIds('db'),
      () => tools.relationList('db:1'),
      () => tools.openedPorts(),
    ]) {
      const first = [...ask()];
      ask().push('x');
      ask().reverse();
      expect(ask()).toEqual(first);
    }
  });

  it('that are leader settings, state or parameters of an action are never shared', () => {
    const { tools, memory } = makeCached();
    memory.state = { a: '1' };
    memory.action = { parameters: { list: [1] }, results: {}, log: [] };
    Object.assign(tools.leaderGet(), { token: 'changed' });
    Object.assign(tools.stateGet(), { a: 'changed' });
    (tools.actionGet().list as number[]).push(2);
    expect({ ...tools.leaderGet() }).toEqual({ token: 'a' });
    expect({ ...tools.stateGet() }).toEqual({ a: '1' });
    expect(tools.actionGet()).toEqual({ list: [1] });
  });

  it('that are config are never shared: they may be changed by their type', () => {
    const { tools } = makeCached();
    tools.configGet().port = 81;
    delete tools.configGet().nested;
    expect(tools.configGet()).toEqual({ port: 80, nested: { list: [1] } });
  });
});
