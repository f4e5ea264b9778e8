import { describe, expect, it } from 'vitest';
import { rebootMachine } from '../../../src/simulator/agent/agent-restart.ts';
import { nextHook } from '../../../src/simulator/agent/events.ts';
import { failHook } from '../../../src/simulator/agent/statuses.ts';
import { passLeadership } from '../../../src/simulator/operator/lifecycle.ts';
import { attachStorage, detachStorage } from '../../../src/simulator/operator/storage.ts';
import { addTask } from '../../../src/simulator/operator/tasks.ts';
import { DryModel } from '../dry-model.ts';

const STORING = 'storage:\n  data: {type: filesystem, multiple: {range: 0-3}}\n  logs: {type: filesystem}\n';

function application(model: DryModel, name = 'web') {
  const found = model.state.applications[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('a refresh', () => {
  it('runs upgrade-charm and config-changed directly after it, and tells followers of the leader settings again', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    model.settle();
    application(model).charmModified += 1;
    const hooks = model.settle();
    expect(model.of('web/0', hooks)).toEqual(['upgrade-charm', 'config-changed']);
    expect(model.of('web/1', hooks)).toEqual(['upgrade-charm', 'config-changed', 'leader-settings-changed']);
  });

  it('comes before what the config that was changed with it makes due, which runs once', () => {
    const model = new DryModel();
    model.deploy('web', { config: 'options:\n  a: {type: string}\n' });
    model.settle();
    application(model).config.a = 'b';
    application(model).charmModified += 1;
    expect(model.settle()).toEqual(['web/0 upgrade-charm', 'web/0 config-changed']);
  });

  it('is not due on a unit that is yet to be installed', () => {
    const model = new DryModel();
    model.deploy('web', {});
    application(model).charmModified += 1;
    const installed = model.step('web/0');
    expect([installed, model.hooks[0]]).toEqual([true, 'web/0 install']);
  });
});

describe('storage', () => {
  it('is attached before install', () => {
    const model = new DryModel();
    model.deploy('web', { metadata: STORING });
    expect(model.settle().slice(0, 2)).toEqual(['web/0 logs-storage-attached', 'web/0 install']);
  });

  it('is numbered in one sequence for all names and units', () => {
    const model = new DryModel();
    model.deploy('web', {
      metadata: 'storage:\n  a: {type: filesystem}\n  b: {type: filesystem}\n',
      units: 2,
    });
    expect(Object.keys(model.state.storage)).toEqual(['a/0', 'b/1', 'a/2', 'b/3']);
  });

  it('that storage-add asks for is attached after the hook that asked, if that succeeds', () => {
    const model = new DryModel();
    model.deploy('web', {
      metadata: STORING,
      run: (context) => {
        if (context.hook.kind === 'start') context.changes.storage.request('data', 2);
      },
    });
    const hooks = model.settle();
    expect(hooks.slice(hooks.indexOf('web/0 start') + 1)).toEqual([
      'web/0 data-storage-attached',
      'web/0 data-storage-attached',
    ]);
    const context = model.context('web/0', { kind: 'update-status', name: 'update-status' });
    context.changes.storage.request('data', 2);
    expect(() => context.changes.commit()).toThrow('at most 3 instances supported, 4 specified');
  });

  it('is detached by its own hook, stays in the model, and can be given to another unit', () => {
    const model = new DryModel();
    model.deploy('web', { metadata: STORING, units: 2 });
    model.settle();
    detachStorage(model.state, 'logs/0');
    expect(model.settle()).toEqual(['web/0 logs-storage-detaching']);
    expect(model.state.storage['logs/0']).toMatchObject({ unit: null, life: 'alive' });
    attachStorage(model.state, model.unit('web/1'), 'logs/0');
    expect(model.settle()).toEqual(['web/1 logs-storage-attached']);
    expect(() => attachStorage(model.state, model.unit('web/0'), 'logs/0')).toThrow(
      'it is attached to "web/1"',
    );
  });

  it('is detached first where its unit dies', () => {
    const model = new DryModel();
    model.deploy('web', { metadata: STORING });
    model.settle();
    model.unit('web/0').life = 'dying';
    expect(model.settle()).toEqual(['web/0 logs-storage-detaching', 'web/0 stop', 'web/0 remove']);
    expect(model.state.storage['logs/0']?.unit).toBeNull();
  });
});

describe('a task', () => {
  const action = { kind: 'action', name: 'backup', parameters: {} } as const;

  it('runs before what relations have to tell, and while a hook has failed', () => {
    const model = new DryModel();
    model.deploy('web', {});
    model.settle();
    const unit = model.unit('web/0');
    addTask(model.state, { operation: '1', unit, what: action });
    expect(nextHook(model.state, unit)).toMatchObject({ kind: 'action', name: 'backup' });
    failHook(unit, { kind: 'update-status', name: 'update-status' });
    expect(nextHook(model.state, unit)).toMatchObject({ kind: 'action', name: 'backup' });
  });

  it('waits until the charm is installed', () => {
    const model = new DryModel();
    model.deploy('web', {});
    addTask(model.state, { operation: '1', unit: model.unit('web/0'), what: action });
    expect(nextHook(model.state, model.unit('web/0'))?.name).toBe('install');
  });
});

describe('a reboot', () => {
  it('runs start again on each unit of the machine that was started, and tells followers of leader settings', () => {
    const model = new DryModel();
    model.deploy('web', { units: 2 });
    model.settle();
    rebootMachine(model.state, model.unit('web/1').machine);
    expect(model.settle()).toEqual(['web/1 start', 'web/1 leader-settings-changed']);
  });
});

describe('a hook that was cut off', () => {
  it('runs again before anything but actions, and is no error', () => {
    const model = new DryModel();
    model.deploy('web', {});
    model.settle();
    const unit = model.unit('web/0');
    unit.agent.interrupted = { kind: 'update-status', name: 'update-status' };
    application(model).charmModified += 1;
    expect(model.settle()).toEqual(['web/0 update-status', 'web/0 upgrade-charm', 'web/0 config-changed']);
  });
});

describe('leadership', () => {
  it('that is passed on elects the next unit, and tells the one that lost it nothing', () => {
    const model = new DryModel();
    model.deploy('web', { units: 3 });
    model.settle();
    passLeadership(model.state, application(model));
    expect(model.settle()).toEqual(['web/1 leader-elected']);
    passLeadership(model.state, application(model), model.unit('web/0'));
    expect(model.settle()).toEqual(['web/0 leader-elected']);
  });
});
