import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BashCharm, hooksOf, recordOf, saidBy, Workshop } from '../bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

/** A model with one unit of a charm, settled. */
async function deployed(charm: BashCharm) {
  const model = await workshop.model();
  await model.deploy(workshop.charm(charm));
  const report = await model.settle();
  return { model, report };
}

describe('what runs for a hook', () => {
  it('is dispatch where the charm has one, for every hook', async () => {
    const { report } = await deployed({
      name: 'web',
      dispatch: 'echo "$JUJU_DISPATCH_PATH"',
      hooks: { install: 'exit 1' },
    });
    expect(saidBy(report.hooks[0])).toEqual(['DEBUG hooks/install']);
    expect(report.hooks[0]?.log.at(-1)?.message).toBe(
      'ran "install" hook (via hook dispatching script: dispatch)',
    );
  });

  it('is the file of that name in hooks, and nothing for a hook without one', async () => {
    const { report } = await deployed({ name: 'web', hooks: { start: 'echo here' } });
    expect(report.hooks.map((record) => `${record.hook} ${record.outcome}`)).toEqual([
      'install skipped',
      'leader-elected skipped',
      'config-changed skipped',
      'start ran',
    ]);
    expect(report.hooks[0]?.log.at(-1)?.message).toBe('skipped "install" hook (missing)');
  });

  it('fails the hook where it is there and cannot be executed', async () => {
    const model = await workshop.model();
    const folder = workshop.charm({ name: 'web', hooks: { install: '' } });
    chmodSync(join(folder, 'hooks', 'install'), 0o644);
    await model.deploy(folder);
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual(['web/0']);
    expect(hooks[0]?.failure).toMatch(/permission denied; make it executable/);
  });

  it('fails the hook where it cannot be started', async () => {
    const model = await workshop.model();
    const folder = workshop.charm({ name: 'web', hooks: { install: '' } });
    writeFileSync(join(folder, 'hooks', 'install'), '#!/nonexistent/interpreter\n');
    await model.deploy(folder);
    expect((await model.settle()).hooks[0]).toMatchObject({ outcome: 'failed', exitCode: null });
  });
});

describe('the process of a hook', () => {
  it('has exactly the environment of the contract, its charm folder to work in, and nothing on standard input', async () => {
    process.env.LEAKED_FROM_THE_AUTHOR = 'x';
    const dispatch = 'cat > input; pwd > where; /usr/bin/env -0 > env-$JUJU_HOOK_NAME; echo "$#" > arguments';
    const { model } = await deployed({ name: 'web', dispatch }).finally(() => {
      delete process.env.LEAKED_FROM_THE_AUTHOR;
    });
    const folder = model.unitFolder('web/0');
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    const environment = parseEnvironment(read('env-install'));
    expect(read('input')).toBe('');
    expect(read('arguments')).toBe('0\n');
    expect(read('where')).toBe(`${folder}\n`);
    const { JUJU_CONTEXT_ID, JUJU_AGENT_SOCKET_ADDRESS, JUJU_MODEL_UUID, PATH, ...rest } = environment;
    expect(JUJU_CONTEXT_ID).toMatch(/^web\/0-install-[0-9a-f]{32}$/);
    expect(JUJU_MODEL_UUID).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(existsSync(JUJU_AGENT_SOCKET_ADDRESS ?? '')).toBe(true);
    expect(PATH?.split(delimiter)[0]).toBe(join(model.folder, 'tools'));
    expect(PATH?.slice(PATH.indexOf(delimiter) + 1)).toBe(
      `${join(model.folder, 'host-tools')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    );
    expect(rest).toEqual({
      APT_LISTCHANGES_FRONTEND: 'none',
      CHARM_DIR: folder,
      CLOUD_API_VERSION: '',
      DEBIAN_FRONTEND: 'noninteractive',
      HOME: join(model.folder, 'agents', 'unit-web-0', 'home'),
      JUJU_AGENT_SOCKET_NETWORK: 'unix',
      JUJU_API_ADDRESSES: '127.0.0.1:17070',
      JUJU_AVAILABILITY_ZONE: '',
      JUJU_CHARM_DIR: folder,
      JUJU_CHARM_FTP_PROXY: '',
      JUJU_CHARM_HTTPS_PROXY: '',
      JUJU_CHARM_HTTP_PROXY: '',
      JUJU_CHARM_NO_PROXY: '',
      JUJU_DISPATCH_PATH: 'hooks/install',
      JUJU_HOOK_NAME: 'install',
      JUJU_MACHINE_ID: '0',
      JUJU_MODEL_NAME: 'dev',
      JUJU_PRINCIPAL_UNIT: '',
      JUJU_SLA: 'unsupported',
      JUJU_UNIT_NAME: 'web/0',
      JUJU_VERSION: '3.6.28',
      LANG: 'C.UTF-8',
      TERM: 'tmux-256color',
      TMPDIR: join(model.folder, 'agents', 'unit-web-0', 'tmp'),
    });
    expect([environment.HOME, environment.TMPDIR].map((path) => existsSync(path ?? ''))).toEqual([
      true,
      true,
    ]);
  });

  it('is told of its relation, with an empty remote unit where there is none', async () => {
    const model = await workshop.model();
    const dispatch = 'echo $(/usr/bin/env | grep -E "^JUJU_(RELATION|REMOTE|DEPARTING)" | sort)';
    await model.deploy(workshop.charm({ name: 'web', metadata: 'requires:\n  redis: redis\n', dispatch }));
    await model.deploy(workshop.charm({ name: 'redis', metadata: 'provides:\n  db: redis\n', hooks: {} }));
    model.integrate('web', 'redis');
    await model.settle();
    model.removeRelation('web', 'redis');
    await model.settle();
    const said = (hook: string) => saidBy(recordOf(model.hooks(), 'web/0', `redis-relation-${hook}`))[0];
    const common = 'JUJU_RELATION=redis JUJU_RELATION_ID=redis:0 JUJU_REMOTE_APP=redis JUJU_REMOTE_UNIT=';
    expect(said('created')).toBe(`DEBUG ${common}`);
    expect(said('joined')).toBe(`DEBUG ${common}redis/0`);
    expect(said('changed')).toBe(`DEBUG ${common}redis/0`);
    expect(said('departed')).toBe(`DEBUG JUJU_DEPARTING_UNIT=redis/0 ${common}redis/0`);
    expect(said('broken')).toBe(`DEBUG ${common}`);
  });

  it('is waited for, and not for a daemon that it leaves behind with its output open', async () => {
    const { model, report } = await deployed({
      name: 'web',
      hooks: { install: 'echo first; sleep 600 & echo -n last' },
    });
    expect(saidBy(report.hooks[0])).toEqual(['DEBUG first', 'DEBUG last']);
    expect(report.errors).toEqual([]);
    await model.destroy();
  });
});

describe('a hook that fails', () => {
  const charm: BashCharm = {
    name: 'web',
    metadata: 'requires:\n  redis: redis\n',
    hooks: {
      'redis-relation-joined': `
        relation-set user=web
        open-port 80
        state-set key=value
        status-set maintenance joining
        leader-set seen=1
        application-version-set 1.2
        [ -e "$HOME/healed" ] || exit 3`,
      'redis-relation-changed': 'opened-ports; state-get key; leader-get seen',
    },
  };

  async function failed() {
    const model = await workshop.model();
    await model.deploy(workshop.charm(charm));
    await model.deploy(workshop.charm({ name: 'redis', metadata: 'provides:\n  db: redis\n', hooks: {} }));
    const id = model.integrate('web', 'redis');
    const report = await model.settle();
    const heal = () => writeFileSync(join(model.folder, 'agents', 'unit-web-0', 'home', 'healed'), '');
    return { model, id, report, heal };
  }

  it('leaves nothing of what Juju holds back, and what lands at once stays', async () => {
    const { model, id, report } = await failed();
    expect(report.errors).toEqual(['web/0']);
    const record = recordOf(report.hooks, 'web/0', 'redis-relation-joined');
    expect(record).toMatchObject({ outcome: 'failed', exitCode: 3, failure: 'exit status 3' });
    expect(record.log.at(-1)).toMatchObject({
      level: 'ERROR',
      message: 'hook "redis-relation-joined" (via explicit, bespoke hook script) failed: exit status 3',
    });
    expect(model.databags(id).units['web/0']).not.toHaveProperty('user');
    const web = model.status().applications.web;
    const unit = web?.units?.['web/0'];
    expect(unit?.['workload-status']).toMatchObject({
      current: 'error',
      message: 'hook failed: "redis-relation-joined" for redis:db',
    });
    expect(unit?.['juju-status'].current).toBe('idle');
    expect(unit).not.toHaveProperty('open-ports');
    expect(web?.version).toBe('1.2');
    expect(hooksOf('redis/0', report.hooks).filter((hook) => hook.includes('changed web'))).toEqual([
      'db-relation-changed web/0',
    ]);
  });

  it('blocks its unit, and comes again as the same hook once it is resolved', async () => {
    const { model, id, heal } = await failed();
    model.addUnit('redis');
    const meanwhile = await model.settle();
    expect(meanwhile.errors).toEqual(['web/0']);
    expect(hooksOf('web/0', meanwhile.hooks)).toEqual([]);

    model.resolved('web/0');
    const again = await model.settle();
    expect(hooksOf('web/0', again.hooks)).toEqual(['redis-relation-joined redis/0']);
    expect(again.errors).toEqual(['web/0']);

    heal();
    model.resolved('web/0', { retry: true });
    const healed = await model.settle();
    expect(healed.errors).toEqual([]);
    expect(hooksOf('web/0', healed.hooks)).toEqual([
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
      'redis-relation-joined redis/1',
      'redis-relation-changed redis/1',
    ]);
    expect(model.databags(id).units['web/0']).toMatchObject({ user: 'web' });
    const changed = healed.hooks.find((record) => record.hook === 'redis-relation-changed');
    expect(saidBy(changed)).toEqual(['DEBUG 80/tcp', 'DEBUG value', 'DEBUG 1']);
    expect(() => model.resolved('web/0')).toThrow('unit "web/0" is not in an error state');
  });

  it('counts as done when it is resolved without a retry, and what it wrote is lost', async () => {
    const { model, id } = await failed();
    model.resolved('web/0', { retry: false });
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    expect(hooksOf('web/0', hooks)).toEqual(['redis-relation-changed redis/0']);
    expect(model.databags(id).units['web/0']).not.toHaveProperty('user');
  });

  it('is tried again by settle itself as often as it is told', async () => {
    const { model } = await failed();
    const { hooks, errors } = await model.settle({ retries: 2 });
    expect(hooksOf('web/0', hooks)).toEqual([
      'redis-relation-joined redis/0',
      'redis-relation-joined redis/0',
    ]);
    expect(errors).toEqual(['web/0']);
  });

  it('holds back the end of its unit, while others already see it depart', async () => {
    const { model } = await failed();
    model.removeUnit('web/0');
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual(['web/0']);
    expect(hooksOf('redis/0', hooks)).toEqual(['db-relation-departed web/0']);
    model.resolved('web/0', { retry: false });
    // The relation's hooks that are due now begin with the changed that joined promised.
    expect(hooksOf('web/0', (await model.settle()).hooks)).toEqual([
      'redis-relation-changed redis/0',
      'redis-relation-departed redis/0',
      'redis-relation-broken',
      'stop',
      'remove',
    ]);
  });
});

describe('a hook that is killed', () => {
  it('fails like any other, before the tool call at which it was to be killed does anything', async () => {
    const model = await workshop.model();
    const install = 'status-set maintenance one; status-set maintenance two; status-set maintenance three';
    await model.deploy(workshop.charm({ name: 'web', hooks: { install } }));
    model.planFault({ kind: 'fail', unit: 'web/0', hook: 'install', toolCall: 2 });
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual(['web/0']);
    expect(hooks[0]).toMatchObject({
      outcome: 'failed',
      exitCode: null,
      signal: 'SIGKILL',
      failure: 'signal: killed',
    });
    model.resolved('web/0', { retry: false });
    await model.settle();
    expect(model.status().applications.web?.units?.['web/0']?.['workload-status'].message).toBe('one');
  });

  it('is killed once: its retry runs through', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', hooks: { install: 'is-leader' } }));
    model.planFault({ kind: 'fail', unit: 'web/0', hook: 'install', toolCall: 1 });
    const { hooks, errors } = await model.settle({ retries: 1 });
    expect(hooks.slice(0, 2).map((record) => record.outcome)).toEqual(['failed', 'ran']);
    expect(errors).toEqual([]);
  });
});

describe('statuses', () => {
  it('are what Juju sets where the charm sets none', async () => {
    const model = await workshop.model();
    await model.deploy(
      workshop.charm({ name: 'web', hooks: { install: 'status-get --format=json --include-data' } }),
    );
    const workload = () => model.status().applications.web?.units?.['web/0']?.['workload-status'];
    expect(workload()).toMatchObject({ current: 'waiting', message: 'waiting for machine' });
    const { hooks } = await model.settle();
    expect(saidBy(hooks[0])).toEqual([
      'DEBUG {"message":"installing charm software","status":"maintenance","status-data":{}}',
    ]);
    expect(workload()).toMatchObject({ current: 'unknown' });
  });

  it('are kept in order, to the last that a unit had', async () => {
    const model = await workshop.model();
    const hooks = { install: 'status-set waiting "for a friend"', start: 'status-set active' };
    await model.deploy(workshop.charm({ name: 'web', hooks }));
    await model.settle();
    expect(model.statusHistory('web/0').map(({ status, message }) => `${status} ${message}`.trim())).toEqual([
      'waiting waiting for machine',
      'maintenance installing charm software',
      'waiting for a friend',
      'active',
    ]);
  });

  it('are kept where the charm set one before start', async () => {
    const { model } = await deployed({ name: 'web', hooks: { install: 'status-set active' } });
    expect(model.status().applications.web?.['application-status'].current).toBe('active');
  });
});

function parseEnvironment(text: string): Record<string, string> {
  const entries = text
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry): [string, string] => [
      entry.slice(0, entry.indexOf('=')),
      entry.slice(entry.indexOf('=') + 1),
    ])
    // What bash itself puts into the environment of its children.
    .filter(([name]) => !['_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name));
  return Object.fromEntries(entries);
}
