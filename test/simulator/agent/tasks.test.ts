import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Workshop } from '../bash-charm.ts';

const workshop = new Workshop();
afterAll(() => workshop.clean());

/** A charm with actions, each a script. */
function charmWithActions(
  actions: Readonly<Record<string, string>>,
  more: { readonly hooks?: Record<string, string> } = {},
) {
  const folder = workshop.charm({ name: 'web', metadata: 'peers:\n  ring: ring\n', hooks: more.hooks ?? {} });
  mkdirSync(join(folder, 'actions'));
  const declared = Object.keys(actions).map(
    (name) => `${name}:\n  params:\n    size: {type: integer, default: 3}\n`,
  );
  writeFileSync(join(folder, 'actions.yaml'), declared.join(''));
  for (const [name, body] of Object.entries(actions)) {
    if (body === '') continue;
    writeFileSync(join(folder, 'actions', name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(folder, 'actions', name), 0o755);
  }
  return folder;
}

async function settled(folder: string, units = 1) {
  const model = await workshop.model();
  await model.deploy(folder, { units });
  await model.settle();
  return model;
}

describe('an action', () => {
  it('answers with its results, what it printed and its return code, and has the parameters it was called with', async () => {
    const body =
      'echo "size $(action-get size)"; action-log working; action-set out.path=/tmp/x out.n=2; echo oops >&2';
    const model = await settled(charmWithActions({ backup: body }));
    const [asked] = await model.enqueueAction(['web/0'], 'backup', { args: ['size=42'] });
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({
      id: '2',
      operation: '1',
      unit: 'web/0',
      status: 'completed',
      message: '',
      results: { out: { path: '/tmp/x', n: '2' }, stdout: 'size 42\n', stderr: 'oops\n', 'return-code': 0 },
      log: [{ message: 'working' }],
    });
  });

  it('that action-fail was called in has failed, and what it wrote lands all the same', async () => {
    const model = await settled(charmWithActions({ backup: 'open-port 80; action-fail "no room"' }));
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({ status: 'failed', message: 'no room', results: { 'return-code': 0 } });
    expect(model.status().applications.web?.units?.['web/0']?.['open-ports']).toEqual(['80/tcp']);
  });

  it('that exits with an error has failed with its exit status, lands nothing, and leaves its unit out of error', async () => {
    const model = await settled(
      charmWithActions({ backup: 'open-port 80; action-set a=b; action-fail "no room"; exit 3' }),
    );
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({
      status: 'failed',
      message: 'exit status 3',
      results: { a: 'b', 'return-code': 3 },
    });
    const unit = model.status().applications.web?.units?.['web/0'];
    expect(unit?.['open-ports']).toBeUndefined();
    expect(unit?.['workload-status'].current).not.toBe('error');
    expect((await model.settle()).errors).toEqual([]);
  });

  it('that the charm declares and does not have is not implemented; one it does not declare is refused', async () => {
    const model = await settled(charmWithActions({ backup: '' }));
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({ status: 'failed', message: 'action not implemented on unit "web/0"' });
    await expect(model.enqueueAction(['web/0'], 'restore')).rejects.toThrow('action "restore" not defined');
  });

  it('sees the environment of an action, and none of a hook', async () => {
    const model = await settled(charmWithActions({ backup: 'env > $CHARM_DIR/seen' }));
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    await model.runTasks(asked?.operation ?? '');
    const seen = readFileSync(join(model.unitFolder('web/0'), 'seen'), 'utf8').split('\n');
    expect(seen).toEqual(
      expect.arrayContaining([
        'JUJU_HOOK_NAME=',
        'JUJU_DISPATCH_PATH=actions/backup',
        'JUJU_ACTION_NAME=backup',
        'JUJU_ACTION_UUID=2',
        'JUJU_ACTION_TAG=action-2',
      ]),
    );
    expect(seen.filter((line) => line.startsWith('JUJU_RELATION'))).toEqual([]);
  });

  it('runs while a hook of its unit has failed, which stays failed', async () => {
    const model = await settled(
      charmWithActions({ backup: 'action-set a=b' }, { hooks: { 'update-status': 'exit 1' } }),
    );
    model.fire('web/0', 'update-status');
    expect((await model.settle()).errors).toEqual(['web/0']);
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    expect((await model.runTasks(asked?.operation ?? ''))[0]?.status).toBe('completed');
    expect(model.status().applications.web?.units?.['web/0']?.['workload-status']).toMatchObject({
      current: 'error',
      message: 'hook failed: "update-status"',
    });
  });

  it('can be asked for on several units, and on the leader', async () => {
    const model = await settled(charmWithActions({ backup: 'action-set unit=$JUJU_UNIT_NAME' }), 2);
    const tasks = await model.enqueueAction(['web/leader', 'web/1'], 'backup');
    const ended = await model.runTasks(tasks[0]?.operation ?? '');
    expect(ended.map(({ unit, results }) => [unit, results.unit])).toEqual([
      ['web/0', 'web/0'],
      ['web/1', 'web/1'],
    ]);
  });

  it('cannot reboot the machine', async () => {
    const model = await settled(charmWithActions({ backup: 'juju-reboot' }));
    const [asked] = await model.enqueueAction(['web/0'], 'backup');
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task?.results.stderr).toContain('juju-reboot is not supported when running an action.');
  });
});

describe('a command', () => {
  it('runs in a context without a hook, and lands what it wrote although it failed', async () => {
    const model = await settled(workshop.charm({ name: 'web' }));
    const [asked] = model.enqueueExec(['web/0'], 'open-port 80; env | grep -c JUJU_DISPATCH_PATH; exit 4');
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({ status: 'completed', results: { stdout: '0\n', 'return-code': 4 } });
    expect(model.status().applications.web?.units?.['web/0']?.['open-ports']).toEqual(['80/tcp']);
  });

  it('has a relation where one is named, with the only remote unit there is', async () => {
    const model = await settled(workshop.charm({ name: 'web', metadata: 'peers:\n  ring: ring\n' }), 2);
    const command = 'relation-set seat=1; echo $JUJU_REMOTE_UNIT $JUJU_RELATION_ID; relation-list';
    const [asked] = model.enqueueExec(['web/0'], command, { relation: 'ring:0' });
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task?.results.stdout).toBe('web/1 ring:0\nweb/1\n');
    expect(model.databags(0).units['web/0']).toMatchObject({ seat: '1' });
    expect(() => model.enqueueExec(['web/0'], 'true', { relation: 'ring:7' })).toThrow(
      'unable to find relation',
    );
  });
});

describe('juju-reboot', () => {
  it('runs start again once the hook has succeeded', async () => {
    const model = await settled(
      workshop.charm({ name: 'web', hooks: { 'update-status': 'juju-reboot', start: 'true' } }),
    );
    model.fire('web/0', 'update-status');
    const { hooks } = await model.settle();
    expect(hooks.map(({ hook, outcome }) => `${hook} ${outcome}`)).toEqual([
      'update-status ran',
      'start ran',
    ]);
  });

  it('with --now kills the hook, keeps nothing that it wrote, and runs it again after start', async () => {
    const body =
      'open-port 80; if [ ! -e $CHARM_DIR/once ]; then touch $CHARM_DIR/once; juju-reboot --now; sleep 60; fi; close-port 80';
    const model = await settled(
      workshop.charm({ name: 'web', hooks: { 'update-status': body, start: 'opened-ports' } }),
    );
    model.fire('web/0', 'update-status');
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    expect(hooks.map(({ hook, outcome }) => `${hook} ${outcome}`)).toEqual([
      'update-status interrupted',
      'start ran',
      'update-status ran',
    ]);
    expect(hooks[1]?.log.filter(({ logger }) => logger.endsWith('.start'))).toEqual([]);
  });
});

describe('a refresh', () => {
  it('runs the new code, keeps what hooks have put beside it, and removes what the old charm brought', async () => {
    const old = workshop.charm({
      name: 'web',
      hooks: { install: 'touch $CHARM_DIR/state', 'upgrade-charm': 'echo old' },
    });
    writeFileSync(join(old, 'only-in-old'), '');
    const model = await settled(old);
    const hooks = { 'upgrade-charm': 'ls $CHARM_DIR | tr "\\n" " "' };
    await model.refresh('web', workshop.charm({ name: 'web', hooks }));
    const report = await model.settle();
    const printed = report.hooks[0]?.log.find(({ logger }) => logger.endsWith('.upgrade-charm'));
    expect(printed?.message).toBe('hooks metadata.yaml state ');
    expect(model.status().applications.web).toMatchObject({ 'charm-rev': 1 });
  });

  it('is refused where it would break a relation, and changes nothing', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', metadata: 'requires:\n  db: redis\n' }));
    await model.deploy(workshop.charm({ name: 'redis', metadata: 'provides:\n  db: redis\n' }));
    model.integrate('web', 'redis');
    await expect(model.refresh('web', workshop.charm({ name: 'web' }))).rejects.toThrow(
      'would break relation "web:db redis:db"',
    );
    expect(model.status().applications.web).toMatchObject({ 'charm-rev': 0 });
    await expect(model.refresh('web', workshop.charm({ name: 'other' }))).rejects.toThrow(
      'the charm is "other"',
    );
  });

  it('makes the peer relations of new endpoints', async () => {
    const model = await settled(workshop.charm({ name: 'web' }), 2);
    await model.refresh('web', workshop.charm({ name: 'web', metadata: 'peers:\n  ring: ring\n' }));
    const { hooks } = await model.settle();
    expect(hooks.map(({ hook }) => hook)).toContain('ring-relation-joined');
  });

  it('with forceUnits brings the new code to a unit in error, whose hook then runs through', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', hooks: { start: 'exit 1' } }));
    expect((await model.settle()).errors).toEqual(['web/0']);
    await model.refresh('web', workshop.charm({ name: 'web', hooks: { start: 'exit 0' } }), {
      forceUnits: true,
    });
    model.resolved('web/0');
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    expect(hooks.map(({ hook }) => hook).slice(0, 3)).toEqual(['start', 'upgrade-charm', 'config-changed']);
  });
});

describe('a fault', () => {
  const logging = {
    install: 'is-leader > /dev/null; is-leader > /dev/null; open-port 80',
    start: 'opened-ports',
  };

  it('that kills the agent at a tool call runs the hook again, without an error', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', hooks: logging }));
    model.planFault({ kind: 'kill', unit: 'web/0', hook: 'install', toolCall: 2 });
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    expect(hooks.slice(0, 2).map(({ hook, outcome }) => `${hook} ${outcome}`)).toEqual([
      'install interrupted',
      'install ran',
    ]);
  });

  it('that has a hook run again does so with what it wrote the first time in place', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', hooks: { install: 'opened-ports; open-port 80' } }));
    model.planFault({ kind: 'run-again', unit: 'web/0', hook: 'install' });
    const { hooks } = await model.settle();
    const printed = hooks.map(({ log }) =>
      log.filter(({ level }) => level === 'DEBUG').map(({ message }) => message),
    );
    expect(printed.slice(0, 2)).toEqual([[], ['80/tcp']]);
  });

  it('that takes leadership away does so in the middle of the hook, which is refused what only a leader may', async () => {
    const model = await workshop.model();
    const hooks = { install: 'is-leader; leader-set a=b' };
    await model.deploy(workshop.charm({ name: 'web', hooks }), { units: 2 });
    model.planFault({ kind: 'lose-leadership', unit: 'web/0', hook: 'install', toolCall: 2 });
    const report = await model.settle({ units: ['web/0'] });
    expect(report.errors).toEqual(['web/0']);
    const messages = report.hooks[0]?.log.map(({ message }) => message) ?? [];
    expect(messages[0]).toBe('True');
    expect(messages[1]).toContain('not the leader');
    expect(model.status().applications.web?.units?.['web/1']?.leader).toBe(true);
  });
});

describe('a subordinate', () => {
  it('that is related when nothing else is due comes to life at once, and settles', async () => {
    const model = await settled(workshop.charm({ name: 'web' }));
    const metadata = 'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\n';
    await model.deploy(
      workshop.charm({ name: 'logs', metadata, hooks: { start: 'echo $JUJU_PRINCIPAL_UNIT' } }),
    );
    expect((await model.settle()).hooks).toEqual([]);
    model.integrate('web', 'logs');
    const { hooks } = await model.settle();
    expect(hooks.map(({ unit, hook }) => `${unit} ${hook}`)).toContain('logs/0 start');
    const start = hooks.find(({ hook }) => hook === 'start');
    expect(start?.log[0]?.message).toBe('web/0');
    expect(() => model.addUnit('logs')).toThrow('application is a subordinate');
    expect(() => model.removeUnit('logs/0')).toThrow('it is a subordinate');
  });
});
