import { describe, expect, it } from 'vitest';
import { type Begin, describeTools, type MakeTools, refusalOf } from './tools-under-test.ts';

/** The rules of the model's tools, and of those that stand alone, that every implementation of `HookTools` keeps. */
export function describeModelTools(name: string, make: MakeTools): void {
  describeTools(name, make, (begin) => {
    describe('the goal state', () => describeGoalState(begin));
    describe('the credential', () => describeCredential(begin));
    describe('a resource', () => describeResources(begin));
    describe('the model of a relation', () => describeRelationModels(begin));
    describe('the status of the application', () => describeApplicationStatus(begin));
    describe('a reboot', () => describeReboots(begin));
    describe('metrics', () => describeMetrics(begin));
    describe('payloads', () => describePayloads(begin));
    describe('a specification for Kubernetes', () => describeSpecifications(begin));
  });
}

function describeGoalState(begin: Begin): void {
  it('names our units, and by endpoint the applications and units on the other side', () => {
    const goal = {
      units: {
        'web/0': { status: 'dying' },
        'web/1': { status: 'active', since: '2026-01-02 03:04:05Z' },
      },
      relations: {
        db: {
          redis: { status: 'joined', since: '2026-01-02 03:04:05Z' },
          'redis/0': { status: 'waiting', since: '2026-01-02 03:04:05Z' },
        },
        none: {},
      },
    };
    const { tools } = begin({ goal });
    expect(tools.goalState()).toEqual(goal);
    Object.assign(tools.goalState().units, { 'web/2': { status: 'changed' } });
    expect(tools.goalState()).toEqual(goal);
    expect(begin().tools.goalState()).toEqual({ units: {}, relations: {} });
  });
}

function describeCredential(begin: Begin): void {
  const credential = {
    type: 'ec2',
    name: 'aws',
    region: 'eu-west-1',
    credential: { 'auth-type': 'access-key', attrs: { 'access-key': 'a<b&c' }, redacted: [] },
    'skip-tls-verify': false,
  };

  it('is given whole to an application that is trusted, a fresh copy each time', () => {
    const { tools } = begin({ credential });
    expect(tools.credentialGet()).toEqual(credential);
    Object.assign(tools.credentialGet(), { type: 'changed' });
    expect(tools.credentialGet()).toEqual(credential);
  });

  it('is refused to any other', () => {
    const refusal = refusalOf(() => begin().tools.credentialGet());
    expect(refusal).toMatchObject({ exitCode: 1, isRefused: true, isGone: false, isNotFound: false });
  });
}

function describeResources(begin: Begin): void {
  it('is a path, whatever is in it', () => {
    const resources = { software: '/var/lib/software.zip', '--help': '/srv/a b ', line: '/srv/a\nb' };
    const { tools } = begin({ resources });
    for (const [name, file] of Object.entries(resources)) expect(tools.resourceGet(name)).toBe(file);
  });

  it('that cannot be had is refused as not found', () => {
    for (const name of ['software', 'constructor']) {
      const refusal = refusalOf(() => begin().tools.resourceGet(name));
      expect(refusal).toMatchObject({ exitCode: 1, isNotFound: true, isGone: false });
      expect(refusal.message).toContain('could not download resource');
    }
  });
}

function describeRelationModels(begin: Begin): void {
  it('is told by its uuid, and refused for a relation that is gone', () => {
    const { tools } = begin({ relationModels: { 'db:2': 'cfed9630-053e-447a-9751-2dc4ed429d51' } });
    expect(tools.relationModel('db:2')).toBe('cfed9630-053e-447a-9751-2dc4ed429d51');
    expect(refusalOf(() => tools.relationModel('db:99'))).toMatchObject({ exitCode: 2, isGone: true });
  });
}

function describeApplicationStatus(begin: Begin): void {
  const unitStatuses = {
    'web/0': { status: 'active', message: '' },
    'web/1': { status: 'blocked', message: 'needs "a" & b' },
  };

  it('comes with those of its units, a fresh copy each time', () => {
    const { tools } = begin({ isLeader: true, unitStatuses });
    expect(tools.applicationStatusGet()).toEqual({ status: 'unknown', message: '', units: unitStatuses });
    tools.statusSet('waiting', 'for all', { application: true });
    expect(tools.applicationStatusGet()).toEqual({
      ...{ status: 'waiting', message: 'for all', units: unitStatuses },
    });
    Object.assign(tools.applicationStatusGet().units, { 'web/2': { status: 'changed', message: '' } });
    expect(Object.keys(tools.applicationStatusGet().units)).toEqual(['web/0', 'web/1']);
  });

  it('is for the leader to read', () => {
    const refusal = refusalOf(() => begin({ unitStatuses }).tools.applicationStatusGet());
    expect(refusal).toMatchObject({ exitCode: 1, isRefused: true });
  });
}

function describeReboots(begin: Begin): void {
  it('waits for a hook that succeeds, and is asked for once', () => {
    const { tools, told, commit, rollback } = begin();
    tools.reboot();
    rollback();
    expect(told().reboots).toEqual([]);
    tools.reboot();
    tools.reboot({ now: false });
    expect(told().reboots).toEqual([]);
    commit();
    commit();
    expect(told().reboots).toEqual(['after']);
  });

  it('that is wanted now waits for nothing', () => {
    const { tools, told, rollback } = begin();
    tools.reboot({ now: true });
    rollback();
    expect(told().reboots).toEqual(['now']);
  });

  it('is refused in an action', () => {
    const { tools, told, commit } = begin({ action: {} });
    for (const now of [true, false]) expect(refusalOf(() => tools.reboot({ now })).exitCode).toBe(1);
    commit();
    expect(told().reboots).toEqual([]);
  });
}

function describeMetrics(begin: Begin): void {
  it('are told at once, numbers and texts, with their labels', () => {
    const { tools, told, rollback } = begin();
    tools.addMetric({ users: 3, load: '0.5' });
    tools.addMetric({ '-n': 0 }, { zone: 'a b', '-l': 'x=y' });
    rollback();
    expect(told().metrics).toEqual([
      { values: { users: '3', load: '0.5' }, labels: {} },
      { values: { '-n': '0' }, labels: { zone: 'a b', '-l': 'x=y' } },
    ]);
  });

  it('are refused as malformed where there are none, or keys or labels that cannot be written', () => {
    const { tools, told } = begin();
    const asked = [
      () => tools.addMetric({}),
      () => tools.addMetric({ 'a=b': 1 }),
      () => tools.addMetric({ '': 1 }),
      () => tools.addMetric({ a: 1 }, { zone: 'a,b' }),
      () => tools.addMetric({ a: 1 }, { 'zone=x': 'a' }),
    ];
    for (const ask of asked) expect(refusalOf(ask).exitCode).toBe(2);
    expect(told().metrics).toEqual([]);
  });
}

function describePayloads(begin: Begin): void {
  const payloadClasses = { monitor: 'docker', '-x': 'kvm' };

  it('run once they are registered, at once and kept when the hook fails', () => {
    const { tools, told, rollback } = begin({ payloadClasses });
    tools.payloadRegister({ type: 'docker', class: 'monitor', id: 'a1', tags: ['x', '--y'] });
    tools.payloadRegister({ type: 'kvm', class: '-x', id: '--id' });
    tools.payloadStatusSet({ class: 'monitor', id: 'a1' }, 'stopping');
    rollback();
    expect(told().payloads).toEqual({ 'monitor/a1': 'stopping', '-x/--id': 'running' });
    tools.payloadUnregister('-x', '--id');
    tools.payloadUnregister('monitor', 'never');
    rollback();
    expect(told().payloads).toEqual({ 'monitor/a1': 'stopping' });
  });

  it('are those of metadata.yaml', () => {
    const { tools, told } = begin({ payloadClasses });
    const register = (type: string, payloadClass: string) =>
      refusalOf(() => tools.payloadRegister({ type, class: payloadClass, id: 'a1' }));
    expect(register('docker', 'other')).toMatchObject({ exitCode: 1, isNotFound: true });
    expect(register('kvm', 'monitor')).toMatchObject({ exitCode: 1, isNotFound: false });
    expect(register('kvm', 'monitor').message).toContain('expected "docker"');
    expect(told().payloads).toEqual({});
  });

  it('have one of four statuses, once they are registered', () => {
    const { tools, told } = begin({ payloadClasses });
    const payload = { class: 'monitor', id: 'a1' };
    expect(refusalOf(() => tools.payloadStatusSet(payload, 'running'))).toMatchObject({
      exitCode: 1,
      isNotFound: true,
    });
    tools.payloadRegister({ type: 'docker', ...payload });
    const refusal = refusalOf(() => tools.payloadStatusSet(payload, 'started' as 'running'));
    expect(refusal).toMatchObject({ exitCode: 1, isNotFound: false });
    expect(told().payloads).toEqual({ 'monitor/a1': 'running' });
  });
}

function describeSpecifications(begin: Begin): void {
  it('is set when the hook succeeds, and read as it is stored', () => {
    const { tools, commit, rollback } = begin({ isLeader: true });
    expect([tools.k8sSpecGet(), tools.k8sRawGet()]).toEqual(['', '']);
    tools.k8sSpecSet('version: 3\n');
    tools.k8sRawSet('{"a": "é <&>"}');
    expect([tools.k8sSpecGet(), tools.k8sRawGet()]).toEqual(['', '']);
    commit();
    tools.k8sSpecSet('dropped');
    tools.k8sRawSet('dropped');
    rollback();
    expect([tools.k8sSpecGet(), tools.k8sRawGet()]).toEqual(['version: 3\n', '{"a": "é <&>"}']);
  });

  it('has further resources after it', () => {
    const { tools, commit } = begin({ isLeader: true });
    tools.k8sSpecSet('version: 3\n', { resources: 'kubernetesResources: {}\n' });
    commit();
    expect(tools.k8sSpecGet()).toBe('version: 3\nkubernetesResources: {}\n');
  });

  it('is for the leader to set, and is not empty', () => {
    const follower = begin().tools;
    const asked = [() => follower.k8sSpecSet('a: 1'), () => follower.k8sRawSet('a: 1')];
    for (const ask of asked) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isRefused: true });
    const leader = begin({ isLeader: true }).tools;
    const empty = [() => leader.k8sSpecSet(''), () => leader.k8sRawSet('')];
    for (const ask of empty) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isRefused: false });
  });
}
