import { describe, expect, it } from 'vitest';
import { nextHook } from '../../../src/simulator/agent/events.ts';
import { failHook } from '../../../src/simulator/agent/statuses.ts';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import { addUnit, removeApplication, removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { DryModel } from '../dry-model.ts';

const REDIS = 'provides:\n  db: redis\npeers:\n  cluster: redis-cluster\n';
const WEB = 'requires:\n  redis: redis\n';

function related(options: { readonly redis?: number; readonly web?: number; readonly seed?: number } = {}) {
  const model = new DryModel(options.seed === undefined ? {} : { seed: options.seed });
  model.deploy('redis', { metadata: REDIS, units: options.redis ?? 1 });
  model.deploy('web', { metadata: WEB, units: options.web ?? 1 });
  addRelation(model.state, 'web', 'redis');
  return model;
}

function write(
  model: DryModel,
  unit: string,
  relationId: number,
  settings: Record<string, string>,
  app = false,
) {
  const context = model.context(unit, { kind: 'update-status', name: 'update-status' });
  context.changes.write({ relationId, isApplication: app }, settings);
  context.changes.commit();
}

describe('the first hooks of a unit', () => {
  it('are install, leader-elected, config-changed and start for a leader without relations', () => {
    const model = new DryModel();
    model.deploy('web', {});
    expect(model.settle()).toEqual([
      'web/0 install',
      'web/0 leader-elected',
      'web/0 config-changed',
      'web/0 start',
    ]);
    expect(model.settle()).toEqual([]);
  });

  it('are the same with leader-settings-changed for a follower', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    expect(model.of('web/1', model.settle())).toEqual([
      'install',
      'leader-settings-changed',
      'config-changed',
      'start',
    ]);
  });

  it('tell of every relation as created between install and leadership, peers among them', () => {
    const model = related();
    const hooks = model.settleUnit('redis/0').map((hook) => hook.slice('redis/0 '.length));
    expect(hooks[0]).toBe('install');
    expect(hooks.slice(1, 3).sort()).toEqual(['cluster-relation-created', 'db-relation-created']);
    expect(hooks.slice(3)).toEqual(['leader-elected', 'config-changed', 'start']);
  });

  it('come before any joined hook, however long the other side has been there', () => {
    const model = related();
    model.settleUnit('web/0');
    expect(model.settleUnit('redis/0').at(-1)).toBe('redis/0 db-relation-changed web/0');
    expect(model.of('redis/0').indexOf('start')).toBeLessThan(
      model.of('redis/0').indexOf('db-relation-joined web/0'),
    );
  });
});

describe('a relation', () => {
  it('added later is created, then joined and changed for each unit in turn, in textual order', () => {
    const model = new DryModel();
    model.deploy('redis', { metadata: REDIS, units: 11 });
    model.deploy('web', { metadata: WEB });
    model.settle();
    addRelation(model.state, 'web', 'redis');
    for (const unit of Object.keys(model.state.units)) model.step(unit);
    const hooks = model.of('web/0', model.settle());
    expect(hooks.slice(0, 6)).toEqual([
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
      'redis-relation-joined redis/1',
      'redis-relation-changed redis/1',
      'redis-relation-joined redis/10',
      'redis-relation-changed redis/10',
    ]);
  });

  it('tells of a change once, however many there were', () => {
    const model = related();
    model.settle();
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/0', id, { port: '1' });
    write(model, 'redis/0', id, { port: '2' });
    expect(model.settle()).toEqual(['web/0 redis-relation-changed redis/0']);
  });

  it('tells nothing of a write that changes nothing', () => {
    const model = related();
    model.settle();
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/0', id, { port: '1' });
    model.settle();
    write(model, 'redis/0', id, { port: '1', absent: '' });
    expect(model.settle()).toEqual([]);
  });

  it('tells of a change back to what it was before, since the version differs', () => {
    const model = related();
    model.settle();
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/0', id, { port: '1' });
    write(model, 'redis/0', id, { port: '' });
    expect(model.settle()).toEqual(['web/0 redis-relation-changed redis/0']);
  });

  it('tells of an application bag with a changed hook that names no unit, before the first joined hook', () => {
    const model = related();
    model.settleUnit('redis/0');
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/0', id, { url: 'x' }, true);
    const hooks = model.of('web/0', model.settleUnit('web/0'));
    expect(hooks.slice(-3)).toEqual([
      'redis-relation-changed',
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
    ]);
  });

  it('tells each unit of one side of a change on the other, and not the side that wrote', () => {
    const model = related({ redis: 2, web: 2 });
    model.settle();
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/1', id, { port: '1' });
    expect(model.settle().sort()).toEqual([
      'web/0 redis-relation-changed redis/1',
      'web/1 redis-relation-changed redis/1',
    ]);
  });

  it('that is removed departs every unit and then breaks, on both sides, and is gone', () => {
    const model = related({ redis: 2 });
    model.settle();
    removeRelation(model.state, relationBetween(model.state, 'web', 'redis'));
    const hooks = model.settle();
    expect(model.of('web/0', hooks)).toEqual([
      'redis-relation-departed redis/0',
      'redis-relation-departed redis/1',
      'redis-relation-broken',
    ]);
    expect(model.of('redis/0', hooks)).toEqual(['db-relation-departed web/0', 'db-relation-broken']);
    expect(() => relationBetween(model.state, 'web', 'redis')).toThrow('relation "web redis" not found');
  });

  it('that is removed before anybody entered it fires no hooks at all', () => {
    const model = related();
    removeRelation(model.state, relationBetween(model.state, 'web', 'redis'));
    expect(model.settle().filter((hook) => hook.includes('redis-relation'))).toEqual([]);
    expect(Object.keys(model.state.relations)).toEqual(['0']);
  });

  it('made again gets a new number and all its hooks again', () => {
    const model = related();
    model.settle();
    removeRelation(model.state, relationBetween(model.state, 'web', 'redis'));
    model.settle();
    expect(addRelation(model.state, 'web', 'redis').id).toBe(2);
    expect(model.of('web/0', model.settle())).toEqual([
      'redis-relation-created',
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
    ]);
  });

  it('runs the changed hook that follows a joined one even where the unit has left meanwhile', () => {
    const model = related();
    model.settleUnit('redis/0');
    while (model.hooks.at(-1) !== 'web/0 redis-relation-joined redis/0') model.step('web/0');
    model.unit('redis/0').life = 'dying';
    expect(model.of('web/0', model.settleUnit('web/0'))).toEqual([
      'redis-relation-changed redis/0',
      'redis-relation-departed redis/0',
    ]);
  });

  it('never joins a unit that died before it was seen', () => {
    const model = related();
    model.settleUnit('redis/0');
    model.unit('redis/0').life = 'dying';
    expect(model.settle().filter((hook) => hook.startsWith('web/0 redis'))).toEqual([
      'web/0 redis-relation-created',
    ]);
  });

  it('to juju-info fires hooks on the requiring side only', () => {
    const model = new DryModel();
    model.deploy('redis', { metadata: REDIS });
    model.deploy('monitor', { metadata: 'requires:\n  host: juju-info\n' });
    addRelation(model.state, 'monitor', 'redis');
    const hooks = model.settle();
    expect(model.of('monitor/0', hooks)).toContain('host-relation-joined redis/0');
    expect(model.of('redis/0', hooks).filter((hook) => hook.includes('juju-info'))).toEqual([]);
    removeRelation(model.state, relationBetween(model.state, 'monitor', 'redis'));
    expect(model.settle()).toEqual([
      'monitor/0 host-relation-departed redis/0',
      'monitor/0 host-relation-broken',
    ]);
    expect(Object.keys(model.state.relations)).toEqual(['0']);
  });
});

describe('peers', () => {
  it('join each other, and tell of the application bag to all, the leader too', () => {
    const model = new DryModel();
    model.deploy('redis', { metadata: REDIS, units: 2 });
    const first = model.settle();
    expect(model.of('redis/0', first).slice(-2)).toEqual([
      'cluster-relation-joined redis/1',
      'cluster-relation-changed redis/1',
    ]);
    write(model, 'redis/0', 0, { password: 'x' }, true);
    expect(model.settle().sort()).toEqual([
      'redis/0 cluster-relation-changed',
      'redis/1 cluster-relation-changed',
    ]);
  });

  it('come after all other relations', () => {
    const model = related({ redis: 2 });
    for (const unit of ['web/0', 'redis/1', 'redis/0']) model.settleUnit(unit);
    const hooks = model.of('redis/0');
    expect(hooks.indexOf('db-relation-changed web/0')).toBeLessThan(
      hooks.indexOf('cluster-relation-joined redis/1'),
    );
  });

  it('depart and are never broken', () => {
    const model = new DryModel();
    model.deploy('redis', { metadata: REDIS, units: 2 });
    model.settle();
    model.unit('redis/1').life = 'dying';
    const hooks = model.settle();
    expect(model.of('redis/1', hooks)).toEqual(['cluster-relation-departed redis/0', 'stop', 'remove']);
    expect(model.of('redis/0', hooks)).toEqual(['cluster-relation-departed redis/1']);
  });
});

describe('a unit that is removed', () => {
  it('departs early for the others, leaves its relations, then its peers, then stops and is removed', () => {
    const model = related({ redis: 2 });
    model.settle();
    model.unit('redis/0').life = 'dying';
    expect(model.settleUnit('web/0')).toEqual(['web/0 redis-relation-departed redis/0']);
    expect(model.of('redis/0', model.settle())).toEqual([
      'db-relation-departed web/0',
      'db-relation-broken',
      'cluster-relation-departed redis/1',
      'stop',
      'remove',
    ]);
    expect(Object.keys(model.state.units)).toEqual(['redis/1', 'web/0']);
  });

  it('is gone without a hook if it never was installed', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    model.unit('web/1').life = 'dying';
    expect(model.of('web/1', model.settle())).toEqual([]);
    expect(Object.keys(model.state.units)).toEqual(['web/0']);
  });

  it('hands leadership on when it is gone, and leader-elected runs on the heir', () => {
    const model = new DryModel();
    model.deploy('web', { units: 3 });
    model.settle();
    model.unit('web/0').life = 'dying';
    expect(model.settle()).toEqual(['web/0 stop', 'web/0 remove', 'web/1 leader-elected']);
    expect(model.state.applications.web?.leader).toBe('web/1');
  });

  it('says who departs: itself on the dying side, the other unit on the staying side', () => {
    const model = related();
    model.settle();
    model.unit('redis/0').life = 'dying';
    const departing = (name: string) => nextHook(model.state, model.unit(name))?.relation?.departingUnit;
    expect(departing('web/0')).toBe('redis/0');
    expect(departing('redis/0')).toBe('redis/0');
  });

  it('says that the other unit departs where only the relation goes', () => {
    const model = related();
    model.settle();
    removeRelation(model.state, relationBetween(model.state, 'web', 'redis'));
    expect(nextHook(model.state, model.unit('redis/0'))?.relation?.departingUnit).toBe('web/0');
  });

  it('gives its number to no later unit', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    model.settle();
    model.unit('web/1').life = 'dying';
    model.settle();
    const application = model.state.applications.web;
    if (application === undefined) throw new Error('no web');
    expect(addUnit(model.state, application, { folder: '/nowhere/agents' }).name).toBe('web/2');
  });
});

describe('an application that is removed', () => {
  it('departs and breaks on the other side, takes its peers last, and leaves nothing', () => {
    const model = related({ redis: 2 });
    model.settle();
    const redis = model.state.applications.redis;
    if (redis === undefined) throw new Error('no redis');
    removeApplication(model.state, redis);
    const hooks = model.settle();
    expect(model.of('web/0', hooks)).toEqual([
      'redis-relation-departed redis/0',
      'redis-relation-departed redis/1',
      'redis-relation-broken',
    ]);
    expect(model.of('redis/1', hooks)).toEqual([
      'db-relation-departed web/0',
      'db-relation-broken',
      'cluster-relation-departed redis/0',
      'stop',
      'remove',
    ]);
    expect(Object.keys(model.state.applications)).toEqual(['web']);
    expect(Object.keys(model.state.relations)).toEqual([]);
  });
});

describe('config-changed', () => {
  const CONFIG = 'options:\n  port: {type: int, default: 80}\n  name: {type: string}\n';

  it('runs on each unit after a setting, also one that sets an option to its default', () => {
    const model = new DryModel();
    model.deploy('web', { config: CONFIG, units: 2 });
    model.settle();
    const web = model.state.applications.web;
    if (web === undefined) throw new Error('no web');
    web.config = { port: 80 };
    expect(model.settle()).toEqual(['web/0 config-changed', 'web/1 config-changed']);
    web.config = { port: 80 };
    expect(model.settle()).toEqual([]);
    web.config = {};
    expect(model.settle()).toEqual(['web/0 config-changed', 'web/1 config-changed']);
  });

  it('comes before what is due in relations', () => {
    const model = related();
    model.settleUnit('redis/0');
    model.settleUnit('web/0');
    const id = relationBetween(model.state, 'web', 'redis').id;
    write(model, 'redis/0', id, { port: '1' });
    const web = model.state.applications.web;
    if (web === undefined) throw new Error('no web');
    web.config = { x: 1 };
    expect(model.settleUnit('web/0')).toEqual([
      'web/0 config-changed',
      'web/0 redis-relation-changed redis/0',
    ]);
  });
});

describe('leader-settings-changed', () => {
  it('runs on followers when a value differs, and not when it is set to the same', () => {
    const model = new DryModel();
    model.deploy('web', { units: 3 });
    model.settle();
    const set = (settings: Record<string, string>) =>
      model.context('web/0', { kind: 'update-status', name: 'update-status' }).setLeaderSettings(settings);
    set({ a: '1' });
    expect(model.settle()).toEqual(['web/1 leader-settings-changed', 'web/2 leader-settings-changed']);
    set({ a: '1' });
    expect(model.settle()).toEqual([]);
  });
});

describe('a failed hook', () => {
  it('stops everything on its unit until it is resolved, and is then the very same hook', () => {
    const model = related();
    model.settleUnit('redis/0');
    while (model.hooks.at(-1) !== 'web/0 start') model.step('web/0');
    const unit = model.unit('web/0');
    const hook = {
      kind: 'relation-joined',
      name: 'redis-relation-joined',
      relation: { id: 1, endpoint: 'redis', remoteApplication: 'redis', remoteUnit: 'redis/0', version: 0 },
    } as const;
    failHook(unit, hook);
    model.unit('redis/0').life = 'dying';
    expect(model.settleUnit('web/0')).toEqual([]);
    if (unit.agent.failed !== null) unit.agent.failed.retry = true;
    expect(model.of('web/0', model.settleUnit('web/0'))).toEqual([
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
      'redis-relation-departed redis/0',
    ]);
  });
});

describe('the order across relations', () => {
  function order(seed: number): string[] {
    const model = new DryModel({ seed });
    model.deploy('web', { metadata: 'requires:\n  a: one\n  b: two\n  c: three\n' });
    model.deploy('many', { metadata: 'provides:\n  x: one\n  y: two\n  z: three\n' });
    for (const endpoint of ['x', 'y', 'z']) addRelation(model.state, 'web', `many:${endpoint}`);
    return model.of('web/0', model.settle()).filter((hook) => hook.includes('created'));
  }

  it('is the same for the same seed', () => {
    expect(order(7)).toEqual(order(7));
  });

  it('is not the same for all seeds', () => {
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => order(seed).join())).size).toBeGreaterThan(1);
  });
});
