import { describe, expect, it, vi } from 'vitest';
import {
  announceHook,
  concludeHook,
  setApplicationStatus,
  statusNow,
} from '../../../src/simulator/agent/statuses.ts';
import { formatStatusLog, reportStatusLog } from '../../../src/simulator/report/status-log.ts';
import { DryModel } from '../dry-model.ts';
import { richModel } from './rich-model.ts';

/** A unit whose statuses are a second apart. */
function busyModel(): DryModel {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T10:21:00Z') });
  const model = new DryModel();
  model.deploy('web', {});
  const unit = model.unit('web/0');
  for (const kind of ['install', 'start', 'update-status', 'config-changed'] as const) {
    vi.advanceTimersByTime(1000);
    announceHook(unit, { kind, name: kind });
    vi.advanceTimersByTime(1000);
    concludeHook(unit, { kind, name: kind }, false);
  }
  vi.useRealTimers();
  return model;
}

describe('reportStatusLog', () => {
  it('tells what agent and workload were, oldest first, and nothing of update-status', () => {
    const { state } = busyModel();
    expect(
      `\n${formatStatusLog(reportStatusLog(state, { name: 'web/0' }), { utc: true })}`,
    ).toMatchInlineSnapshot(`
      "
      Time                  Type       Status       Message
      2026-01-02 10:21:00Z  juju-unit  allocating   
      2026-01-02 10:21:00Z  workload   waiting      waiting for machine
      2026-01-02 10:21:01Z  juju-unit  executing    running install hook
      2026-01-02 10:21:01Z  workload   maintenance  installing charm software
      2026-01-02 10:21:02Z  juju-unit  idle         
      2026-01-02 10:21:03Z  juju-unit  executing    running start hook
      2026-01-02 10:21:04Z  juju-unit  idle         
      2026-01-02 10:21:04Z  workload   unknown      
      2026-01-02 10:21:07Z  juju-unit  executing    running config-changed hook
      2026-01-02 10:21:08Z  juju-unit  idle         
      "
    `);
  });

  it('tells one of them, and only the last ones', () => {
    const { state } = busyModel();
    const last = reportStatusLog(state, { name: 'web/0', type: 'juju-unit', size: 2 });
    expect(last.map(({ status, type }) => `${type} ${status}`)).toEqual([
      'juju-unit executing',
      'juju-unit idle',
    ]);
    const workload = reportStatusLog(state, { name: 'web/0', type: 'workload' });
    expect(workload.map(({ status }) => status)).toEqual(['waiting', 'maintenance', 'unknown']);
    const from = new Date('2026-01-02T10:21:07Z');
    expect(reportStatusLog(state, { name: 'web/0', from }).map(({ status }) => status)).toEqual([
      'executing',
      'idle',
    ]);
  });

  it('tells what a leader set for the application, and what a machine was', () => {
    const state = richModel();
    expect(reportStatusLog(state, { name: 'web', type: 'application' })).toEqual([
      { status: 'active', message: 'serving', since: '2026-01-02T10:21:07.250Z', type: 'application' },
    ]);
    expect(reportStatusLog(state, { name: '3', type: 'machine' })).toMatchObject([{ status: 'running' }]);
    expect(reportStatusLog(state, { name: 'web/0', type: 'juju-unit' }).at(-1)?.data).toMatchObject({
      hook: 'redis-relation-joined',
    });
  });

  it('refuses what there is not, and an application of which nothing was ever told', () => {
    const { state } = busyModel();
    const log = (name: string, type: 'unit' | 'application' | 'machine') => () =>
      reportStatusLog(state, { name, type });
    expect(log('web/1', 'unit')).toThrow('unit "web/1" not found');
    expect(log('web', 'unit')).toThrow('"web" is not a valid name for a unit');
    expect(log('web/0', 'application')).toThrow('"web/0" is not a valid name for an application');
    expect(log('web', 'application')).toThrow('no status history available');
    expect(log('9', 'machine')).toThrow('machine 9 not found');
  });

  it('keeps the last hundred statuses', () => {
    const { state } = busyModel();
    const application = state.applications.web;
    if (application === undefined) throw new Error('no application');
    for (let count = 0; count < 150; count += 1) {
      setApplicationStatus(application, statusNow('active', `${count}`));
    }
    const log = reportStatusLog(state, { name: 'web', type: 'application', size: 1000 });
    expect(log.map(({ message }) => message)).toEqual(
      Array.from({ length: 100 }, (_, index) => `${index + 50}`),
    );
  });
});
