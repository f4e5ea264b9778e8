import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHookContext } from '../../src/hook/environment.ts';

/** Everything Juju sets in a hook that concerns a relation, as it sets it. */
const FULL = {
  JUJU_UNIT_NAME: 'web-app/12',
  JUJU_HOOK_NAME: 'my-db-relation-departed',
  JUJU_DISPATCH_PATH: 'hooks/my-db-relation-departed',
  JUJU_CHARM_DIR: '/var/lib/juju/agents/unit-web-app-12/charm',
  CHARM_DIR: '/var/lib/juju/agents/unit-web-app-12/charm',
  JUJU_MODEL_NAME: 'prod',
  JUJU_MODEL_UUID: '2f1f9a3e-6a46-4f7b-8a0f-3f0a3a4b8c5d',
  JUJU_VERSION: '3.6.14',
  JUJU_PRINCIPAL_UNIT: 'host/0',
  JUJU_RELATION: 'my-db',
  JUJU_RELATION_ID: 'my-db:7',
  JUJU_REMOTE_UNIT: 'redis-k8s/3',
  JUJU_REMOTE_APP: 'redis-k8s',
  JUJU_DEPARTING_UNIT: 'redis-k8s/3',
};

it('reads every variable into its own field', () => {
  expect(readHookContext(FULL)).toEqual({
    name: 'my-db-relation-departed',
    charmDir: '/var/lib/juju/agents/unit-web-app-12/charm',
    unit: 'web-app/12',
    application: 'web-app',
    model: 'prod',
    modelUuid: '2f1f9a3e-6a46-4f7b-8a0f-3f0a3a4b8c5d',
    jujuVersion: '3.6.14',
    principalUnit: 'host/0',
    relation: {
      endpoint: 'my-db',
      id: 'my-db:7',
      remoteUnit: 'redis-k8s/3',
      remoteApplication: 'redis-k8s',
      departingUnit: 'redis-k8s/3',
    },
    restricted: false,
  });
});

it.each([
  [{ JUJU_ACTION_NAME: 'backup', JUJU_DISPATCH_PATH: 'actions/backup' }, 'backup'],
  [{ JUJU_DISPATCH_PATH: 'actions/backup' }, 'backup'],
  [{ JUJU_DISPATCH_PATH: 'hooks/install' }, undefined],
  [{ JUJU_HOOK_NAME: 'install', JUJU_ACTION_NAME: '' }, undefined],
])('knows the action that runs: %j', (environment, action) => {
  expect(readHookContext({ JUJU_UNIT_NAME: 'web/0', ...environment }).action).toBe(action);
});

it('freezes what it read, the relation too', () => {
  const context = readHookContext(FULL);
  expect(Object.isFrozen(context)).toBe(true);
  expect(Object.isFrozen(context.relation)).toBe(true);
  expect(() => Object.assign(context, { name: 'stop' })).toThrow(TypeError);
  expect(() => Object.assign(context.relation ?? {}, { id: 'x:1' })).toThrow(TypeError);
});

it('does not change when the environment changes afterwards', () => {
  const environment = { ...FULL };
  const context = readHookContext(environment);
  environment.JUJU_HOOK_NAME = 'stop';
  environment.JUJU_REMOTE_UNIT = '';
  expect(context.name).toBe('my-db-relation-departed');
  expect(context.relation?.remoteUnit).toBe('redis-k8s/3');
});

it('leaves out what is not there, rather than naming it undefined', () => {
  expect(Object.keys(readHookContext({ JUJU_UNIT_NAME: 'web/0' })).sort()).toEqual([
    'application',
    'charmDir',
    'jujuVersion',
    'model',
    'modelUuid',
    'name',
    'restricted',
    'unit',
  ]);
});

it('reads variables that are present but empty as absent', () => {
  const empty = Object.fromEntries(Object.keys(FULL).map((name) => [name, '']));
  expect(readHookContext({ ...empty, JUJU_UNIT_NAME: 'web/0' }, '/charm dir')).toEqual({
    name: '',
    charmDir: '/charm dir',
    unit: 'web/0',
    application: 'web',
    model: '',
    modelUuid: '',
    jujuVersion: '',
    restricted: false,
  });
});

it('looks at no other environment than the one it is given', () => {
  process.env.JUJU_PRINCIPAL_UNIT = 'other/0';
  try {
    expect(readHookContext({ JUJU_UNIT_NAME: 'web/0' })).not.toHaveProperty('principalUnit');
  } finally {
    delete process.env.JUJU_PRINCIPAL_UNIT;
  }
});

describe('the unit', () => {
  it.each([
    ['not set', undefined],
    ['not set', ''],
    ['"web"', 'web'],
    ['"web/"', 'web/'],
    ['"/0"', '/0'],
    ['"web/0/1"', 'web/0/1'],
    ['"web/x"', 'web/x'],
    ['"web/0\n"', 'web/0\n'],
  ])('is required: an error says that JUJU_UNIT_NAME is %s, and how to start a charm', (what, unit) => {
    const read = () => readHookContext({ ...FULL, JUJU_UNIT_NAME: unit });
    expect(read).toThrow(`cannot run a hook: JUJU_UNIT_NAME is ${what}; `);
    expect(read).toThrow(/Juju/);
  });
});

describe('the hook', () => {
  it.each([
    [{ JUJU_HOOK_NAME: 'start', JUJU_DISPATCH_PATH: 'hooks/install' }, 'start'],
    [{ JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: 'hooks/install' }, 'install'],
    [{ JUJU_DISPATCH_PATH: 'hooks/collect-metrics' }, 'collect-metrics'],
    [{}, ''],
  ])('is named by %j as "%s"', (environment, name) => {
    expect(readHookContext({ JUJU_UNIT_NAME: 'web/0', ...environment }).name).toBe(name);
  });

  it.each([
    ['collect-metrics', true],
    ['meter-status-changed', true],
    ['update-status', false],
    ['collect-metrics-relation-joined', false],
  ])('%s is restricted: %s', (name, restricted) => {
    expect(readHookContext({ JUJU_UNIT_NAME: 'web/0', JUJU_DISPATCH_PATH: `hooks/${name}` }).restricted).toBe(
      restricted,
    );
  });
});

describe('the charm folder', () => {
  it.each([
    [{ JUJU_CHARM_DIR: '/a', CHARM_DIR: '/b' }, '/a'],
    [{ JUJU_CHARM_DIR: '', CHARM_DIR: '/b' }, '/b'],
    [{ CHARM_DIR: '/b' }, '/b'],
    [{}, '/started/in'],
    [{ JUJU_CHARM_DIR: 'charm' }, '/started/in/charm'],
    [{ CHARM_DIR: '../charm' }, '/started/charm'],
  ])('of %j is %s, always absolute', (environment, charmDir) => {
    expect(readHookContext({ JUJU_UNIT_NAME: 'web/0', ...environment }, '/started/in').charmDir).toBe(
      charmDir,
    );
  });

  it('is the folder the process was started in when nothing else is said', () => {
    expect(readHookContext({ JUJU_UNIT_NAME: 'web/0' }).charmDir).toBe(path.resolve('.'));
  });
});

describe('the relation', () => {
  const relationOf = (environment: Record<string, string>) =>
    readHookContext({ JUJU_UNIT_NAME: 'web/0', ...environment }).relation;

  it('has no remote unit in a created or broken hook, where the variable is there but empty', () => {
    expect(
      relationOf({
        JUJU_RELATION: 'db',
        JUJU_RELATION_ID: 'db:3',
        JUJU_REMOTE_UNIT: '',
        JUJU_REMOTE_APP: 'redis',
      }),
    ).toEqual({ endpoint: 'db', id: 'db:3', remoteApplication: 'redis' });
  });

  it('takes the remote application from the remote unit where Juju does not say it', () => {
    const relation = { JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:3', JUJU_REMOTE_UNIT: 'redis-k8s/10' };
    expect(relationOf(relation)?.remoteApplication).toBe('redis-k8s');
    expect(relationOf({ ...relation, JUJU_REMOTE_APP: '' })?.remoteApplication).toBe('redis-k8s');
    expect(relationOf({ ...relation, JUJU_REMOTE_UNIT: '' })).toEqual({ endpoint: 'db', id: 'db:3' });
  });

  it('is whole where its id is a bare number', () => {
    expect(relationOf({ JUJU_RELATION: 'db', JUJU_RELATION_ID: '3' })?.id).toBe('db:3');
  });

  it('is absent when there is no id, or no endpoint', () => {
    expect(relationOf({ JUJU_RELATION: 'db' })).toBeUndefined();
    expect(relationOf({ JUJU_RELATION: 'db', JUJU_RELATION_ID: '' })).toBeUndefined();
    expect(relationOf({ JUJU_RELATION_ID: 'db:3' })).toBeUndefined();
  });
});
