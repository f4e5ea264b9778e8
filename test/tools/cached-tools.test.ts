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
  memory.storage = { 'data/0': { kind: 'block', location: '/dev/sdb' } };
  memory.state = { a: '1' };
  memory.goal = {
    units: { 'web/0': { status: 'active' } },
    relations: { db: { redis: { status: 'joined' } } },
  };
  memory.credential = { type: 'ec2', name: 'aws', credential: { 'auth-type': 'x', attrs: { key: 'k' } } };
  memory.resources = { image: '/srv/image' };
  memory.relationModels = { 'db:1': 'uuid' };
  memory.secrets = { 'secret:1': { owner: 'unit', revisions: [{ abc: '1' }], settings: { label: 'mine' } } };
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
    ['relationModel', (tools) => tools.relationModel('db:1')],
    ['goalState', (tools) => tools.goalState()],
    ['credentialGet', (tools) => tools.credentialGet()],
    ['resourceGet', (tools) => tools.resourceGet('image')],
    ['actionGet', (tools) => tools.actionGet()],
    ['storageList', (tools) => tools.storageList()],
    ['storageList of a name', (tools) => tools.storageList('none')],
    ['storageGet', (tools) => tools.storageGet('data/0')],
    ['stateGet', (tools) => tools.stateGet()],
  ])('%s twice asks Juju once, and answers alike', (_, ask) => {
    const { tools, memory, log } = makeCached();
    memory.action = { parameters: { list: [1] }, results: {}, log: [] };
    const first = ask(tools);
    expect(ask(tools)).toEqual(first);
    expect(log).toHaveLength(1);
  });

  it.each<[string, (tools: HookTools) => unknown]>([
    ['statusGet', (tools) => tools.statusGet()],
    ['applicationStatusGet', (tools) => tools.applicationStatusGet()],
    ['secretGet', (tools) => tools.secretGet({ id: 'secret:1' })],
    ['secretGet by label', (tools) => tools.secretGet({ label: 'mine' }, 'refresh')],
    ['secretGetBytes', (tools) => tools.secretGetBytes('secret:1', 'abc')],
    ['secretInfo', (tools) => tools.secretInfo({ id: 'secret:1' })],
    ['secretIds', (tools) => tools.secretIds()],
    ['k8sSpecGet', (tools) => tools.k8sSpecGet()],
    ['k8sRawGet', (tools) => tools.k8sRawGet()],
  ])('%s twice asks Juju twice', (_, ask) => {
    const { tools, log } = makeCached();
    expect(ask(tools)).toEqual(ask(tools));
    expect(log).toHaveLength(2);
  });

  it.each<[string, (tools: HookTools) => unknown]>([
    ['log', (tools) => tools.log('x', 'INFO')],
    ['relationSet', (tools) => tools.relationSet({ relationId: 'db:1' }, { a: '1' })],
    ['openPort', (tools) => tools.openPort('90')],
    ['closePort', (tools) => tools.closePort('90')],
    ['storageAdd', (tools) => tools.storageAdd('data')],
    ['secretAdd', (tools) => tools.secretAdd({ abc: '1' })],
    ['secretSet', (tools) => tools.secretSet('secret:1', { content: { abc: '2' } })],
    ['secretGrant', (tools) => tools.secretGrant('secret:1', { relationId: 'db:1' })],
    ['secretRevoke', (tools) => tools.secretRevoke('secret:1', { relationId: 'db:1' })],
    ['reboot', (tools) => tools.reboot()],
    ['addMetric', (tools) => tools.addMetric({ users: 1 })],
    ['payloadRegister', (tools) => tools.payloadRegister({ type: 'x', class: 'y', id: 'z' })],
    ['payloadUnregister', (tools) => tools.payloadUnregister('y', 'z')],
    ['k8sSpecSet', (tools) => tools.k8sSpecSet('a: 1')],
    ['k8sRawSet', (tools) => tools.k8sRawSet('a: 1')],
  ])('%s twice tells Juju twice', (_, tell) => {
    const { tools, log } = makeCached();
    tell(tools);
    tell(tools);
    expect(log).toHaveLength(2);
  });

  it.each<[string, (tools: HookTools) => unknown]>([
    ['actionSet', (tools) => tools.actionSet({ a: '1' })],
    ['actionFail', (tools) => tools.actionFail()],
    ['actionLog', (tools) => tools.actionLog('x')],
  ])('%s twice tells Juju twice', (_, tell) => {
    const { tools, memory, log } = makeCached();
    memory.action = { parameters: {}, results: {}, log: [] };
    tell(tools);
    tell(tools);
    expect(log).toHaveLength(2);
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
      () => tools.relationModel('db:1'),
      () => tools.relationModel('db:10'),
      () => tools.storageList(),
      () => tools.storageList('data'),
      () => tools.resourceGet('image'),
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
    tools.leaderSet({ ' other ': ' b\n' });
    tools.stateSet({ a: '', b: '1' });
    tools.stateSet({ a: '', b: '1' });
    tools.stateSet({ a: 'x', b: '1' });
    tools.stateSet({});
    expect(told).toEqual([{ other: 'b' }, { token: '' }, { a: '', b: '1' }, { a: 'x' }]);
    expect({ ...memory.model.leaderSettings }).toEqual({ other: 'b' });
    expect(tools.stateGet()).toEqual({ a: 'x', b: '1' });
  });
});

describe('deleting what is not there', () => {
  it('is left out', () => {
    const { tools, log } = makeCached();
    tools.stateDelete('missing');
    tools.stateDelete('constructor');
    tools.stateDelete('a');
    tools.stateDelete('a');
    expect({ ...tools.stateGet() }).toEqual({});
    expect(log).toEqual(['stateGet', 'stateDelete "a"', 'stateGet']);
  });

  it('and could not be there is left to Juju to refuse', () => {
    const { tools } = makeCached();
    expect(() => tools.stateDelete('')).toThrow('missing required key');
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

  it('state makes it be read anew', () => {
    const { tools } = makeCached();
    tools.stateGet();
    tools.stateSet({ b: '2' });
    expect({ ...tools.stateGet() }).toEqual({ a: '1', b: '2' });
    tools.stateDelete('a');
    expect({ ...tools.stateGet() }).toEqual({ b: '2' });
  });

  it('a secret shows in what is read of it', () => {
    const { tools } = makeCached();
    expect(tools.secretInfo({ id: 'secret:1' }).label).toBe('mine');
    tools.secretSet('secret:1', { label: 'newer', content: { abc: '2' } });
    expect(tools.secretInfo({ id: 'secret:1' }).label).toBe('newer');
    expect(tools.secretGet({ id: 'secret:1' }, 'peek')).toEqual({ abc: '2' });
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

  it.each<[string, (tools: HookTools) => unknown]>([
    ['a bag', (tools) => tools.relationGet({ relationId: 'db:1', member: 'redis/0' })],
    ['leader settings', (tools) => tools.leaderGet()],
    ['state', (tools) => tools.stateGet()],
    ['parameters of an action', (tools) => tools.actionGet()],
    ['addresses', (tools) => tools.networkGet('db')],
    ['a goal state', (tools) => tools.goalState()],
    ['a credential', (tools) => tools.credentialGet()],
    ['storage', (tools) => tools.storageGet('data/0')],
    ['config', (tools) => tools.configGet()],
  ])('that are %s are never shared, nor what is in them', (_, ask) => {
    const { tools, memory } = makeCached();
    memory.action = { parameters: { list: [1], map: { a: { b: 1 } } }, results: {}, log: [] };
    const first = JSON.stringify(ask(tools));
    spoil(ask(tools));
    expect(JSON.stringify(ask(tools))).toBe(first);
  });

  it('have nothing under the names of what every object has', () => {
    const { tools } = makeCached();
    for (const bag of [
      tools.leaderGet(),
      tools.stateGet(),
      tools.relationGet({ relationId: 'db:1', member: 'redis/0' }),
    ]) {
      expect(bag).toBeDefined();
      expect(bag?.constructor).toBeUndefined();
    }
  });

  it('that are config are never shared: they may be changed by their type', () => {
    const { tools } = makeCached();
    tools.configGet().port = 81;
    delete tools.configGet().nested;
    expect(tools.configGet()).toEqual({ port: 80, nested: { list: [1] } });
  });
});

/** Changes whatever can be changed, all the way down. */
function spoil(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return;
  for (const value of Object.values(answer)) spoil(value);
  if (Array.isArray(answer)) answer.push('spoiled');
  else for (const key of [...Object.keys(answer), 'spoiled']) Reflect.set(answer, key, 'spoiled');
}
