import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../src/simulator/report/status-report.ts';
import { applicationOf, NOW, richModel } from './rich-model.ts';

const options = { now: NOW, utc: true };
const SINCE = '2026-01-02 10:21:07Z';

describe('reportStatus', () => {
  it('tells of an application what juju does, and leaves out what is empty', () => {
    const state = richModel();
    expect(reportStatus(state, options).applications.web).toEqual({
      charm: 'local:web-0',
      base: { name: 'local', channel: '' },
      'charm-origin': 'local',
      'charm-name': 'web',
      'charm-rev': 0,
      exposed: false,
      'application-status': { current: 'active', message: 'serving', since: SINCE },
      relations: {
        'juju-info': [{ 'related-application': 'logger', interface: 'juju-info', scope: 'container' }],
        redis: [{ 'related-application': 'redis', interface: 'redis', scope: 'global' }],
      },
      units: {
        'web/0': {
          'workload-status': {
            current: 'error',
            message: 'hook failed: "redis-relation-joined" for redis:db',
            since: SINCE,
          },
          'juju-status': { current: 'idle', since: SINCE, version: '3.6.28' },
          leader: true,
          machine: '12',
          'public-address': '127.0.0.14',
          subordinates: {
            'logger/0': {
              'workload-status': { current: 'active', message: 'watching', since: SINCE },
              'juju-status': { current: 'idle', since: SINCE, version: '3.6.28' },
              leader: true,
              'public-address': '127.0.0.14',
            },
          },
        },
        'web/1': {
          'workload-status': { current: 'waiting', message: 'waiting for machine', since: SINCE },
          'juju-status': { current: 'allocating', since: SINCE, version: '3.6.28' },
          machine: '13',
          'public-address': '127.0.0.15',
        },
      },
      'endpoint-bindings': { '': 'alpha', redis: 'alpha' },
    });
  });

  it('names the principals of a subordinate, and lists its units below theirs only', () => {
    const { logger } = reportStatus(richModel(), options).applications;
    expect(logger?.['subordinate-to']).toEqual(['web']);
    expect(logger?.units).toBeUndefined();
  });

  it('tells the scope of a peer relation as juju does', () => {
    expect(reportStatus(richModel(), options).applications.redis?.relations?.cluster).toEqual([
      { 'related-application': 'redis', interface: 'redis-cluster', scope: 'global' },
    ]);
  });

  it('takes base, revision, version and life from the model', () => {
    const state = richModel();
    const redis = applicationOf(state, 'redis');
    redis.charm = { ...redis.charm, revision: 3, base: { name: 'ubuntu', channel: '24.04/stable' } };
    redis.life = 'dying';
    const report = reportStatus(state, options);
    expect(report.applications.redis).toMatchObject({
      charm: 'local:redis-3',
      'charm-rev': 3,
      base: { name: 'ubuntu', channel: '24.04' },
      version: '7.2.4-with-a-long-tail\nand more',
      life: 'dying',
    });
    expect(report.machines['0']?.base).toEqual({ name: 'ubuntu', channel: '24.04' });
  });

  it('has the keys that juju has, in its order', () => {
    const report = reportStatus(richModel(), options);
    expect(Object.keys(report)).toEqual(['model', 'machines', 'applications', 'storage', 'controller']);
    expect(Object.keys(report.applications.redis?.units ?? {}).slice(1, 3)).toEqual(['redis/1', 'redis/2']);
    expect(report.controller).toEqual({ timestamp: '10:21:07' });
  });
});
