import { clear_flag, hook, hookenv, is_flag_set, set_flag, when, when_not } from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import { handlersOf, type TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

/** A unit whose one handler does what `act` says when its hook runs. */
function acting(model: ConstructorParameters<typeof TrialUnit>[1] = {}): {
  readonly unit: TrialUnit;
  during<T>(hook: string | ((unit: TrialUnit) => Promise<unknown>), act: () => T): Promise<T>;
} {
  let act: () => unknown = () => undefined;
  let answer: unknown;
  const unit = trialOf(
    () => {
      when_not('never')(function perform() {
        answer = act();
      });
    },
    {
      metadata: endpoints('requires', 'db', 'db2'),
      config: {
        port: { type: 'int', default: 80 },
        title: { type: 'string', default: 'hello' },
        changed: { type: 'string' },
      },
    },
    { config: { port: 80, title: 'hello', changed: null }, address: '10.0.0.1', ...model },
  );
  return {
    unit,
    async during<T>(when: string | ((unit: TrialUnit) => Promise<unknown>), body: () => T): Promise<T> {
      act = body;
      await (typeof when === 'string' ? unit.run(when) : when(unit));
      return answer as T;
    },
  };
}

test('says what Juju said about the hook, the unit and the model', async () => {
  const { unit, during } = acting();
  const ask = () => [
    [hookenv.local_unit(), hookenv.application_name(), hookenv.service_name(), hookenv.charm_name()],
    [hookenv.hook_name(), hookenv.charm_dir() === unit.charmDir, hookenv.principal_unit()],
    [hookenv.model_name(), hookenv.model_uuid(), hookenv.juju_version()],
    [hookenv.in_relation_hook(), hookenv.relation_type(), hookenv.relation_id(), hookenv.remote_unit()],
    [hookenv.remote_service_name(), hookenv.departing_unit()],
  ];
  expect(await during('install', ask)).toEqual([
    ['web/0', 'web', 'web', 'web'],
    ['install', true, 'web/0'],
    ['', '', ''],
    [false, null, null, null],
    [null, null],
  ]);
  unit.putUnit('db:0', 'mysql/0', {});
  const departed = await during((web) => web.depart('db:0', 'mysql/0'), ask);
  expect(departed.toSpliced(2, 1).slice(1)).toEqual([
    ['db-relation-departed', true, 'web/0'],
    [true, 'db', 'db:0', 'mysql/0'],
    ['mysql', 'mysql/0'],
  ]);
});

test('config has its values, and what became of them', async () => {
  const { unit, during } = acting();
  const ask = () => {
    const config = hookenv.config();
    return [
      config.port,
      config.title,
      hookenv.config('title'),
      hookenv.config('changed'),
      hookenv.config('nosuch'),
      config.nosuch ?? 'fallback',
      [config.get('title', 'x'), config.get('changed'), config.get('changed', 'x')],
      [config.changed('port'), config.previous('port')],
    ];
  };
  expect(await during('install', ask)).toEqual([
    80,
    'hello',
    'hello',
    null,
    null,
    'fallback',
    ['hello', null, 'x'],
    [true, null],
  ]);
  unit.tools.model.config = { ...unit.tools.model.config, port: 8080 };
  expect((await during('config-changed', ask)).at(-1)).toEqual([true, 80]);
  expect((await during('update-status', ask)).at(-1)).toEqual([false, 8080]);
  await during('install', () => {
    expect(() => Object.assign(hookenv.config(), { port: 1 })).toThrow(TypeError);
  });
});

test('status, version, ports and log reach Juju', async () => {
  const { unit, during } = acting();
  const seen = await during('install', () => {
    hookenv.status_set('blocked', 'needs a database');
    hookenv.application_version_set('1.2');
    hookenv.open_port(80);
    hookenv.open_port('1000-2000', 'UDP');
    hookenv.open_port(0, 'icmp');
    hookenv.close_port('80');
    hookenv.log('plain');
    hookenv.log('loud', hookenv.ERROR);
    hookenv.log('quiet', hookenv.DEBUG);
    hookenv.log('careful', hookenv.WARNING);
    hookenv.log('quietest', hookenv.TRACE);
    hookenv.log('loudest', hookenv.CRITICAL);
    hookenv.log('as it goes', hookenv.INFO);
    return [hookenv.status_get(), hookenv.opened_ports()];
  });
  expect(seen).toEqual([
    ['blocked', 'needs a database'],
    ['icmp', '1000-2000/udp'],
  ]);
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'needs a database' });
  expect(unit.tools.applicationVersion).toBe('1.2');
  expect(unit.tools.ports).toEqual(expect.arrayContaining(['1000-2000/udp', 'icmp']));
  expect([...unit.logLines()].sort()).toEqual([
    'CRITICAL loudest',
    'DEBUG quiet',
    'ERROR loud',
    'INFO as it goes',
    'INFO plain',
    'INFO running perform (its flags stood so before this hook)',
    'TRACE quietest',
    'WARNING careful',
  ]);
});

test('the leader has settings, and may set a status for all', async () => {
  const { unit, during } = acting({ isLeader: true });
  const seen = await during('install', () => {
    hookenv.leader_set({ password: 'secret', count: 3, on: true });
    hookenv.leader_set({ count: null });
    hookenv.status_set('active', '', true);
    return [
      hookenv.is_leader(),
      hookenv.leader_get('password'),
      hookenv.leader_get('count'),
      { ...hookenv.leader_get() },
    ];
  });
  expect(seen).toEqual([true, 'secret', null, { password: 'secret', on: 'True' }]);
  expect(unit.tools.applicationStatus).toEqual({ status: 'active', message: '' });
  const { during: duringFollower } = acting();
  expect(await duringFollower('install', () => hookenv.is_leader())).toBe(false);
});

test('relations are listed, read and written', async () => {
  const { unit, during } = acting();
  unit.putUnit('db:0', 'mysql/0', { host: 'a', 'ingress-address': '10.0.0.5' });
  unit.putUnit('db:1', 'maria/0', { host: 'b', 'private-address': '10.0.0.6' });
  unit.putRelation('db:0', { applicationBag: { version: '8' } });
  const ask = () => [
    [hookenv.relation_ids('db'), hookenv.relation_ids('db2'), hookenv.relation_ids()],
    [hookenv.related_units('db:1'), hookenv.related_units()],
    [
      hookenv.relation_id('db', 'maria/0'),
      hookenv.relation_id('db', 'nosuch'),
      hookenv.remote_service_name('db:1'),
    ],
    [
      hookenv.relation_get('host', { rid: 'db:1', unit: 'maria/0' }),
      { ...hookenv.relation_get(null, { rid: 'db:0', app: 'mysql' }) },
    ],
    [hookenv.ingress_address('db:0', 'mysql/0'), hookenv.ingress_address('db:1', 'maria/0')],
  ];
  expect(await during('install', ask)).toEqual([
    [['db:0', 'db:1'], [], []],
    [['maria/0'], []],
    ['db:1', null, 'maria'],
    ['b', { version: '8' }],
    ['10.0.0.5', '10.0.0.6'],
  ]);
  const inHook = await during(
    (web) => web.change('db:0', 'mysql/0', { host: 'c' }),
    () => {
      hookenv.relation_set({ user: 'web', count: 2, none: null });
      hookenv.relation_set({ user: 'other' }, { rid: 'db:1' });
      return [hookenv.relation_get('host'), hookenv.relation_get('nosuch'), { ...hookenv.relation_get() }];
    },
  );
  expect(inHook).toEqual(['c', null, { host: 'c' }]);
  expect([unit.published('db:0').unit, unit.published('db:1').unit]).toEqual([
    { count: '2', user: 'web' },
    { user: 'other' },
  ]);
  await during('install', () => {
    expect(() => hookenv.relation_get('host')).toThrow('it is about no unit; give { unit, rid }');
    expect(() => hookenv.relation_set({ a: 1 })).toThrow('it is about no relation; give { rid }');
  });
});

test('addresses, resources, storage and goals are asked for', async () => {
  const { unit, during } = acting();
  unit.tools.resources = { snap: '/var/lib/snap' };
  unit.tools.storage = { 'data/0': { kind: 'filesystem', location: '/srv' } };
  const seen = await during('install', () => [
    [hookenv.unit_get('private-address'), hookenv.unit_private_ip(), hookenv.unit_public_ip()],
    [hookenv.network_get('db')['ingress-addresses'], hookenv.network_get_primary_address('db')],
    [hookenv.resource_get('snap'), hookenv.resource_get('nosuch')],
    [hookenv.storage_list(), hookenv.storage_list('nosuch'), hookenv.storage_get('location', 'data/0')],
    hookenv.goal_state(),
  ]);
  expect(seen).toEqual([
    ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
    [['10.0.0.1'], '10.0.0.1'],
    ['/var/lib/snap', false],
    [['data/0'], [], '/srv'],
    { units: {}, relations: {} },
  ]);
});

test('an action is a handler that waits for its name', async () => {
  const unit = trialOf(() => {
    hook('actions/backup')(function backup() {
      hookenv.action_set({ file: `/srv/${hookenv.action_get('name')}`, size: 3 });
      if (Object.keys(hookenv.action_get()).length > 1) hookenv.action_fail('too many words');
      if (hookenv.action_get('nosuch') === null) set_flag('backup.done');
    });
    when('backup.done')(function tellOthers() {});
  });
  const results: Record<string, string> = {};
  unit.tools.action = { parameters: { name: 'all', more: 1 }, results, log: [] };
  expect(handlersOf(await unit.run('actions/backup'))).toEqual(['backup', 'tellOthers']);
  expect(results).toEqual({ file: '/srv/all', size: '3' });
  expect(unit.tools.action.failure).toBe('too many words');
});

test('Q22: what a module asks for at the start of hooks comes before any handler, in order, and not in restricted ones', async () => {
  const log: string[] = [];
  const unit = trialOf(
    () => {
      when('synced')(function work() {
        log.push('work');
      });
      hook('install')(function install() {
        log.push('install');
      });
      hookenv.atstart(
        (flag: string, times: number) => {
          set_flag(flag);
          log.push(`start ${times}, joined: ${is_flag_set('endpoint.db.joined')}`);
        },
        'synced',
        2,
      );
      hookenv.atstart(async function second() {
        await Promise.resolve();
        log.push('second');
      });
    },
    { metadata: endpoints('requires', 'db') },
  );
  unit.putUnit('db:0', 'mysql/0', {});
  await unit.run('install');
  expect(log).toEqual(['start 2, joined: true', 'second', 'install', 'work']);
  log.length = 0;
  await unit.run('collect-metrics');
  expect(log).toEqual([]);
});

test('Q22: what is asked for at the end of hooks is done in reverse, before anything is stored, and only if all went well', async () => {
  const log: string[] = [];
  let failing = false;
  const unit = trialOf(() => {
    hookenv.atexit((word: string) => {
      log.push(word);
      clear_flag('for.this.hook');
    }, 'module');
    when_not('never')(function act() {
      set_flag('for.this.hook');
      set_flag('for.good');
      hookenv.atexit(async () => void log.push('first of the hook'));
      hookenv.atexit(() => void log.push(`second, set: ${is_flag_set('for.this.hook')}`));
      if (failing) throw new Error('late');
    });
  });
  for (const name of ['install', 'update-status']) await unit.run(name);
  const once = ['second, set: true', 'first of the hook', 'module'];
  expect(log).toEqual([...once, ...once]);
  expect(unit.flags()).toEqual(['for.good']);
  failing = true;
  log.length = 0;
  await unit.runFailing('update-status');
  expect(log).toEqual([]);
});
