import { describe, expect, it } from 'vitest';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import { addUnit, removeApplication, removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { DryModel } from '../dry-model.ts';

const LOGS = 'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\n';
const AGENT =
  'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\n  db: redis\npeers:\n  mesh: mesh\n';

function hosting(metadata = LOGS, units = 2): DryModel {
  const model = new DryModel();
  model.deploy('web', { units });
  model.deploy('logs', { metadata, units: 0 });
  addRelation(model.state, 'web', 'logs');
  model.settle();
  return model;
}

describe('a subordinate application', () => {
  it('has no unit until it is related, and then one beside each principal unit, on its machine', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    model.deploy('logs', { metadata: LOGS, units: 0 });
    model.settle();
    expect(Object.keys(model.state.units)).toEqual(['web/0', 'web/1']);
    addRelation(model.state, 'web', 'logs');
    model.settle();
    const [first, second] = ['logs/0', 'logs/1'].map((name) => model.unit(name));
    expect([first?.principal, second?.principal].sort()).toEqual(['web/0', 'web/1']);
    for (const unit of [first, second]) {
      expect(unit?.machine).toBe(model.unit(unit?.principal ?? '').machine);
    }
    expect(Object.keys(model.state.machines)).toEqual(['0', '1']);
  });

  it('gets a unit beside each principal unit that comes later', () => {
    const model = hosting();
    const web = model.state.applications.web;
    if (web === undefined) throw new Error('no web');
    addUnit(model.state, web, { folder: '/nowhere/agents' });
    model.settle();
    expect(Object.values(model.state.units).map(({ principal }) => principal)).toContain('web/2');
  });

  it('sees its own principal in the container-scoped relation, and no other unit', () => {
    const model = hosting();
    for (const name of ['logs/0', 'logs/1']) {
      const joined = model.of(name).filter((hook) => hook.includes('joined'));
      expect(joined).toEqual([`host-relation-joined ${model.unit(name).principal}`]);
    }
  });

  it('shows the principal nothing of an implicit juju-info relation, and itself of a declared one', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2, metadata: 'provides:\n  log: logging\n' });
    const metadata = 'subordinate: true\nrequires:\n  log: {interface: logging, scope: container}\n';
    model.deploy('logs', { metadata, units: 0 });
    addRelation(model.state, 'web', 'logs');
    model.settle();
    const beside = Object.values(model.state.units).find(({ principal }) => principal === 'web/1');
    expect(model.of('web/1').filter((hook) => hook.includes('joined'))).toEqual([
      `log-relation-joined ${beside?.name}`,
    ]);
    expect(
      hosting()
        .of('web/0')
        .some((hook) => hook.includes('relation')),
    ).toBe(false);
  });

  it('meets all units in its ordinary relations, and all its own in a peer relation', () => {
    const model = hosting(AGENT);
    model.deploy('redis', { metadata: 'provides:\n  db: redis\n', units: 2 });
    addRelation(model.state, 'logs:db', 'redis');
    model.settle();
    const joined = model.of('logs/0').filter((hook) => hook.includes('joined'));
    expect(joined).toContain('db-relation-joined redis/0');
    expect(joined).toContain('db-relation-joined redis/1');
    expect(joined).toContain('mesh-relation-joined logs/1');
  });

  it('is one unit a principal unit, however many relations tie the two applications', () => {
    const model = new DryModel();
    model.deploy('web', { metadata: 'provides:\n  log: logging\n' });
    const metadata =
      'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\n  log: {interface: logging, scope: container}\n';
    model.deploy('logs', { metadata, units: 0 });
    addRelation(model.state, 'web:juju-info', 'logs:host');
    addRelation(model.state, 'web:log', 'logs:log');
    model.settle();
    expect(Object.keys(model.state.units)).toEqual(['web/0', 'logs/0']);
    removeRelation(model.state, relationBetween(model.state, 'web:log', 'logs:log'));
    model.settle();
    expect(Object.keys(model.state.units)).toEqual(['web/0', 'logs/0']);
  });

  it('dies when the last relation that ties it to its principal is removed, after its own hooks', () => {
    const model = hosting();
    removeRelation(model.state, relationBetween(model.state, 'web', 'logs'));
    const hooks = model.settle();
    expect(model.of('logs/0', hooks).slice(-4)).toEqual([
      `host-relation-departed ${hooks.find((hook) => hook.startsWith('logs/0 host-relation-departed'))?.split(' ')[2]}`,
      'host-relation-broken',
      'stop',
      'remove',
    ]);
    expect(Object.keys(model.state.units)).toEqual(['web/0', 'web/1']);
  });

  it('dies with its principal, which is gone only after it', () => {
    const model = hosting();
    model.unit('web/0').life = 'dying';
    const beside =
      Object.values(model.state.units).find(({ principal }) => principal === 'web/0')?.name ?? '';
    model.step('web/0');
    model.settleUnit('web/0');
    expect(model.state.units['web/0']).toBeDefined();
    const hooks = model.settle();
    expect(model.of(beside, hooks).slice(-2)).toEqual(['stop', 'remove']);
    expect(Object.keys(model.state.units).sort()).toEqual(
      ['web/1', ...['logs/0', 'logs/1'].filter((name) => name !== beside)].sort(),
    );
    expect(Object.keys(model.state.machines)).toEqual(['1']);
  });

  it('goes when its application is removed, and leaves the principal alone', () => {
    const model = hosting();
    const logs = model.state.applications.logs;
    if (logs === undefined) throw new Error('no logs');
    removeApplication(model.state, logs);
    model.settle();
    expect(Object.keys(model.state.units)).toEqual(['web/0', 'web/1']);
    expect(model.state.applications.logs).toBeUndefined();
  });
});

describe('a container-scoped relation', () => {
  it('needs a subordinate at one end', () => {
    const model = new DryModel();
    model.deploy('web', {});
    model.deploy('other', { metadata: 'requires:\n  host: {interface: juju-info, scope: container}\n' });
    expect(() => addRelation(model.state, 'web', 'other')).toThrow(
      'which needs a subordinate application at one end',
    );
  });
});
