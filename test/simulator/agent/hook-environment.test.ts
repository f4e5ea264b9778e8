import { beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { hookEnvironment } from '../../../src/simulator/agent/hook-environment.ts';
import { DryModel } from '../dry-model.ts';
import { runningAction, runningCommand } from '../running-action.ts';

let model: DryModel;

beforeEach(() => {
  model = new DryModel();
  model.deploy('wp', { metadata: 'storage:\n  data: {type: block, multiple: {range: 0+}}\n' });
  model.settle();
  model.state.storage['data/0'] = {
    ...{ id: 'data/0', name: 'data', kind: 'block', location: '/at/data-0', life: 'alive', unit: 'wp/0' },
  };
});

function environmentOf(context: HookContext): Record<string, string> {
  return hookEnvironment({
    ...{ context, charmFolder: '/charm', toolsPath: '/tools', socket: '/socket', path: '/bin' },
  });
}

function variables(context: HookContext, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(environmentOf(context)).filter(([name]) => pattern.test(name)));
}

describe('the environment of a hook', () => {
  it('names the storage in storage hooks alone', () => {
    for (const kind of ['storage-attached', 'storage-detaching'] as const) {
      const context = model.context('wp/0', { kind, name: `data-${kind}`, storage: 'data/0' });
      expect(variables(context, /STORAGE/)).toEqual({
        JUJU_STORAGE_ID: 'data/0',
        JUJU_STORAGE_LOCATION: '/at/data-0',
        JUJU_STORAGE_KIND: 'block',
      });
    }
    const other = model.context('wp/0', { kind: 'start', name: 'start' });
    expect(variables(other, /STORAGE|ACTION/)).toEqual({});
  });

  it('names the action in actions alone, by the number of its task', () => {
    const context = runningAction(model, 'wp/0', { name: 'backup' });
    const { task } = context.hook;
    expect(variables(context, /ACTION/)).toEqual({
      JUJU_ACTION_NAME: 'backup',
      JUJU_ACTION_UUID: task,
      JUJU_ACTION_TAG: `action-${task}`,
    });
    expect(variables(runningCommand(model, 'wp/0'), /ACTION/)).toEqual({});
  });

  it.each(['collect-metrics', 'meter-status-changed'] as const)('says next to nothing in %s', (kind) => {
    const context = model.context('wp/0', { kind, name: kind });
    expect(Object.keys(environmentOf(context)).sort()).toEqual([
      ...['APT_LISTCHANGES_FRONTEND', 'CHARM_DIR', 'DEBIAN_FRONTEND', 'HOME'],
      ...['JUJU_AGENT_SOCKET_ADDRESS', 'JUJU_AGENT_SOCKET_NETWORK', 'JUJU_CHARM_DIR', 'JUJU_CONTEXT_ID'],
      ...['JUJU_DISPATCH_PATH', 'JUJU_METER_INFO', 'JUJU_METER_STATUS', 'JUJU_UNIT_NAME'],
      ...['LANG', 'PATH', 'TERM', 'TMPDIR'],
    ]);
    expect(environmentOf(context)).toMatchObject({
      JUJU_METER_STATUS: 'AMBER',
      JUJU_METER_INFO: 'not set',
      JUJU_DISPATCH_PATH: `hooks/${kind}`,
    });
  });
});
