import { describe, expect, it } from 'vitest';
import { reportMachines } from '../../../src/simulator/report/machine-report.ts';
import { formatMachineTable } from '../../../src/simulator/report/machine-table.ts';
import { reportStorage, reportStorageDetails } from '../../../src/simulator/report/storage-report.ts';
import { formatStorageTable } from '../../../src/simulator/report/storage-table.ts';
import { storageForYaml } from '../../../src/simulator/report/storage-yaml.ts';
import { createModelState } from '../../../src/simulator/state/new-model.ts';
import { richModel } from './rich-model.ts';

function modelWithStorage() {
  const state = richModel();
  for (const id of Object.keys(state.storage)) {
    if (!['data/0', 'data/2', 'data/10'].includes(id)) delete state.storage[id];
  }
  const [kept, going] = [state.storage['data/0'], state.storage['data/10']];
  if (kept === undefined || going === undefined) throw new Error('no storage');
  kept.unit = null;
  going.life = 'dying';
  const { location } = going;
  state.storage['disk/12'] = {
    id: 'disk/12',
    name: 'disk',
    kind: 'block',
    location,
    life: 'alive',
    unit: 'web/0',
  };
  return state;
}

describe('reportStorage', () => {
  it('tells instances, filesystems and volumes apart', () => {
    const report = reportStorage(modelWithStorage(), true);
    const status = { current: 'attached', since: '2026-01-02 10:21:07Z' };
    const units = { 'redis/2': { machine: '2', location: '/nowhere/storage/data-2', life: 'alive' } };
    expect(report.storage?.['data/2']).toEqual({
      kind: 'filesystem',
      life: 'alive',
      status,
      persistent: false,
      attachments: { units },
    });
    expect(report.filesystems?.['2']).toEqual({
      'provider-id': '2',
      storage: 'data/2',
      Attachments: {
        machines: { '2': { 'mount-point': '/nowhere/storage/data-2', 'read-only': false, life: 'alive' } },
        units,
      },
      pool: 'rootfs',
      size: 2048,
      life: 'alive',
      status,
    });
    expect(report.volumes?.['12']).toMatchObject({ storage: 'disk/12', pool: 'loop', size: 1024 });
    expect(storageForYaml(report).filesystems).toMatchObject({ '2': { attachments: { units } } });
  });

  it('leaves out what there is none of', () => {
    expect(reportStorage(createModelState({}))).toEqual({});
    expect(storageForYaml({})).toEqual({});
  });

  it('shows instances by id, and refuses others', () => {
    const state = modelWithStorage();
    expect(reportStorageDetails(state, ['data/0'], true)).toEqual({
      'data/0': { kind: 'filesystem', life: 'alive', status: { current: 'detached' }, persistent: false },
    });
    expect(() => reportStorageDetails(state, ['data/1'])).toThrow('storage instance "data/1" not found');
    expect(() => reportStorageDetails(state, ['data'])).toThrow('invalid storage ID data');
  });
});

describe('formatStorageTable', () => {
  it('lists storage by unit, what is kept without one first', () => {
    expect(`\n${formatStorageTable(reportStorage(modelWithStorage()))}`).toMatchInlineSnapshot(`
      "
      Unit      Storage ID  Type        Pool    Size     Status     Message
                data/0      filesystem  rootfs  1.0 GiB  detached   
      redis/10  data/10     filesystem  rootfs  2.0 GiB  detaching  
      redis/2   data/2      filesystem  rootfs  2.0 GiB  attached   
      web/0     disk/12     block       loop    1.0 GiB  pending    
      "
    `);
    expect(formatStorageTable({})).toBe('');
  });
});

describe('formatMachineTable', () => {
  it('prints the machines asked for as juju machines does', () => {
    const state = richModel();
    const list = reportMachines(state, { machines: ['12', '9', '99'], utc: true });
    expect(list.model).toBe('dev');
    expect(formatMachineTable(list.machines)).toBe(
      'Machine  State    Address     Inst id   Base   AZ  Message\n' +
        '9        started  127.0.0.11  local-9   local      Running\n' +
        '12       started  127.0.0.14  local-12  local      Running\n',
    );
    expect(Object.keys(reportMachines(state).machines)).toHaveLength(14);
  });
});
