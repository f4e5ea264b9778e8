import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookRecord } from '../../src/simulator/agent/hook-record.ts';
import { hooksOf, recordOf, saidBy, Workshop } from './bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

/** Says who is there in each relation hook, without spending more than two tool calls. */
const LISTING = `
if [ -n "$JUJU_RELATION" ]; then
  echo "members: $(relation-list | xargs), ids: $(relation-ids | xargs)"
fi`;

const REDIS = {
  name: 'redis',
  metadata: 'provides:\n  db: redis\npeers:\n  cluster: redis-cluster\n',
} as const;
const WEB = { name: 'web', metadata: 'requires:\n  redis: redis\n' } as const;

describe('deploy', () => {
  it('refuses a folder that is no charm, a name in use and config that does not fit', async () => {
    const model = await workshop.model();
    const folder = workshop.charm({ name: 'web', config: 'options:\n  port: {type: int}\n' });
    await expect(model.deploy(workshop.folder('empty'))).rejects.toThrow('it has no metadata.yaml');
    await expect(model.deploy(workshop.charm({ name: 'Bad_Name' }))).rejects.toThrow(
      '"Bad_Name" is no charm name',
    );
    await expect(model.deploy(folder, { application: 'no_good' })).rejects.toThrow(
      'invalid application name "no_good"',
    );
    await expect(model.deploy(folder, { config: { port: 'x' } })).rejects.toThrow(
      'option "port" expected int, got "x"',
    );
    await expect(model.deploy(folder, { config: { nope: 1 } })).rejects.toThrow('unknown option "nope"');
    expect(model.units()).toEqual([]);
    await model.deploy(folder);
    await expect(model.deploy(folder)).rejects.toThrow('cannot deploy "web": application already exists');
    await model.deploy(folder, { application: 'other' });
    expect(model.units()).toEqual(['web/0', 'other/0']);
  });

  it('refuses what is not simulated', async () => {
    const model = await workshop.model();
    const sidecar = workshop.charm({ name: 'sidecar', metadata: 'containers:\n  web: {}\n' });
    await expect(model.deploy(sidecar)).rejects.toThrow('containers (Kubernetes sidecars) are not simulated');
  });

  it('gives each unit a copy of the charm as it was, links as they are', async () => {
    const model = await workshop.model();
    const folder = workshop.charm({ name: 'web', dispatch: 'touch marker-$JUJU_HOOK_NAME' });
    symlinkSync('metadata.yaml', join(folder, 'link'));
    await model.deploy(folder, { units: 2 });
    await model.settle();
    const copy = model.unitFolder('web/1');
    expect(copy).toBe(join(model.folder, 'agents', 'unit-web-1', 'charm'));
    expect(readlinkSync(join(copy, 'link'))).toBe('metadata.yaml');
    expect(lstatSync(join(copy, 'dispatch')).mode & 0o777).toBe(0o755);
    expect(existsSync(join(copy, 'marker-install'))).toBe(true);
    expect(readdirSync(folder)).not.toContain('marker-install');
  });
});

describe('two applications with a relation', () => {
  it('go through every hook of their lives in Juju order, each knowing who is there', async () => {
    const model = await workshop.model({ concurrency: 1 });
    await model.deploy(workshop.charm({ ...REDIS, dispatch: LISTING }));
    await model.deploy(workshop.charm({ ...WEB, dispatch: LISTING }));
    await model.settle();
    model.integrate('web', 'redis');

    const met = (await model.settle()).hooks;
    expect(hooksOf('web/0', met)).toEqual([
      'redis-relation-created',
      'redis-relation-joined redis/0',
      'redis-relation-changed redis/0',
    ]);
    expect(saidBy(recordOf(met, 'web/0', 'redis-relation-created'))).toEqual([
      'DEBUG members: , ids: redis:1',
    ]);
    expect(saidBy(recordOf(met, 'web/0', 'redis-relation-joined'))).toEqual([
      'DEBUG members: redis/0, ids: redis:1',
    ]);

    model.addUnit('redis');
    const grown = (await model.settle()).hooks;
    expect(hooksOf('web/0', grown)).toEqual([
      'redis-relation-joined redis/1',
      'redis-relation-changed redis/1',
    ]);
    expect(saidBy(recordOf(grown, 'web/0', 'redis-relation-changed'))).toEqual([
      'DEBUG members: redis/0 redis/1, ids: redis:1',
    ]);

    model.removeUnit('redis/0');
    const shrunk = (await model.settle()).hooks;
    expect(hooksOf('web/0', shrunk)).toEqual(['redis-relation-departed redis/0']);
    expect(saidBy(recordOf(shrunk, 'web/0', 'redis-relation-departed'))).toEqual([
      'DEBUG members: redis/1, ids: redis:1',
    ]);
    expect(recordOf(shrunk, 'web/0', 'redis-relation-departed').departingUnit).toBe('redis/0');
    expect(hooksOf('redis/0', shrunk)).toEqual([
      'db-relation-departed web/0',
      'db-relation-broken',
      'cluster-relation-departed redis/1',
      'stop',
      'remove',
    ]);
    expect(recordOf(shrunk, 'redis/0', 'db-relation-departed').departingUnit).toBe('redis/0');
    expect(hooksOf('redis/1', shrunk)).toEqual(['cluster-relation-departed redis/0', 'leader-elected']);
    expect(existsSync(join(model.folder, 'agents', 'unit-redis-0'))).toBe(false);

    model.removeRelation('web', 'redis');
    const parted = (await model.settle()).hooks;
    expect(hooksOf('web/0', parted)).toEqual(['redis-relation-departed redis/1', 'redis-relation-broken']);
    expect(saidBy(recordOf(parted, 'web/0', 'redis-relation-broken'))).toEqual(['DEBUG members: , ids: ']);
    expect(hooksOf('redis/1', parted)).toEqual(['db-relation-departed web/0', 'db-relation-broken']);
    expect(model.relations().map((relation) => relation.id)).toEqual([0]);

    model.removeApplication('redis');
    expect(hooksOf('redis/1', (await model.settle()).hooks)).toEqual(['stop', 'remove']);
    expect(Object.keys(model.status().applications)).toEqual(['web']);
    expect(model.relations()).toEqual([]);
  });

  it('see what the other wrote, in bags that only their owner writes', async () => {
    const model = await workshop.model();
    const redis = workshop.charm({
      ...REDIS,
      hooks: {
        'db-relation-joined':
          'relation-set port=6379 host=$(unit-get private-address)\nrelation-set --app version=7',
      },
    });
    const web = workshop.charm({
      ...WEB,
      hooks: {
        'redis-relation-changed': 'relation-get port "$JUJU_REMOTE_UNIT"; relation-get --app version redis',
      },
    });
    await model.deploy(redis);
    await model.deploy(web);
    const id = model.integrate('redis:db', 'web:redis');
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    const addresses = {
      'egress-subnets': '127.0.0.1/32',
      'ingress-address': '127.0.0.1',
      'private-address': '127.0.0.1',
    };
    expect(model.databags(id)).toMatchObject({
      applications: { redis: { version: '7' }, web: {} },
      units: { 'redis/0': { ...addresses, host: '127.0.0.1', port: '6379' }, 'web/0': addresses },
    });
    const last = hooks.filter((record) => record.hook === 'redis-relation-changed').at(-1);
    expect(saidBy(last)).toEqual(['DEBUG 6379', 'DEBUG 7']);
  });
});

describe('config', () => {
  it('reaches each unit through config-changed, and goes back to its default', async () => {
    const model = await workshop.model();
    const config = 'options:\n  port: {type: int, default: 80}\n  name: {type: string}\n';
    const folder = workshop.charm({
      name: 'web',
      config,
      hooks: { 'config-changed': 'config-get --format=json' },
    });
    await model.deploy(folder, { config: { name: 'one' } });
    const said = async () => saidBy(recordOf((await model.settle()).hooks, 'web/0', 'config-changed'));
    expect(await said()).toEqual(['DEBUG {"name":"one","port":80}']);
    model.setConfig('web', { port: '8080', name: 'two' });
    expect(await said()).toEqual(['DEBUG {"name":"two","port":8080}']);
    model.setConfig('web', { port: 8080 });
    expect((await model.settle()).hooks).toEqual([]);
    model.resetConfig('web', 'port', 'name');
    expect(await said()).toEqual(['DEBUG {"port":80}']);
    expect(() => model.setConfig('web', { port: 1.5 })).toThrow('option "port" expected int');
    expect(() => model.setConfig('nope', {})).toThrow('application "nope" not found');
    expect(() => model.resetConfig('web', 'nope')).toThrow('unknown option "nope"');
  });
});

describe('units at addresses of their own', () => {
  it('publish them and can be reached there', async () => {
    const model = await workshop.model({ addresses: 'per-unit' });
    const folder = workshop.charm({ ...REDIS, hooks: { install: 'unit-get private-address' } });
    await model.deploy(folder, { units: 2 });
    const { hooks } = await model.settle();
    expect(saidBy(recordOf(hooks, 'redis/0', 'install'))).toEqual(['DEBUG 127.0.0.2']);
    expect(model.databags(0).units['redis/1']).toMatchObject({
      'ingress-address': '127.0.0.3',
      'egress-subnets': '127.0.0.3/32',
    });
  });
});

describe('fire', () => {
  it('runs a hook on demand, once', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ ...WEB, dispatch: '' }));
    await model.deploy(workshop.charm({ ...REDIS, dispatch: '' }));
    model.integrate('web', 'redis');
    await model.settle();
    model.fire('web/0', 'update-status');
    model.fire('web/0', 'redis-relation-changed', { remoteUnit: 'redis/0' });
    expect(hooksOf('web/0', (await model.settle()).hooks)).toEqual([
      'update-status',
      'redis-relation-changed redis/0',
    ]);
    expect((await model.settle()).hooks).toEqual([]);
    expect(() => model.fire('web/0', 'install')).toThrow('cannot fire "install" on "web/0"');
    expect(() => model.fire('web/0', 'db-relation-changed')).toThrow('the unit is in no such relation');
    expect(() => model.fire('web/9', 'update-status')).toThrow('unit "web/9" not found');
  });
});

describe('settle', () => {
  it('runs the same hooks in the same order for the same seed, one at a time', async () => {
    const order = async (seed: number) => {
      const model = await workshop.model({ seed, concurrency: 1 });
      await model.deploy(workshop.charm({ ...REDIS, hooks: {} }), { units: 2 });
      await model.deploy(workshop.charm({ ...WEB, hooks: {} }), { units: 2 });
      model.integrate('web', 'redis');
      const { hooks } = await model.settle();
      return hooks.map((record) => `${record.unit} ${record.hook} ${record.remoteUnit}`).join('\n');
    };
    const first = await order(5);
    expect(await order(5)).toBe(first);
    expect(await order(6)).not.toBe(first);
  });

  it('runs units side by side, and never two hooks of one unit', async () => {
    const events: string[] = [];
    const model = await workshop.model({
      concurrency: 2,
      onEvent: (event) => {
        if (event.type === 'hook-started') events.push(`start ${event.unit}`);
        if (event.type === 'hook') events.push(`end ${event.record.unit}`);
      },
    });
    // Each install waits for the other's: alone, none would end.
    const meeting = workshop.folder('meeting');
    const install = `touch ${meeting}/\${JUJU_UNIT_NAME/\\//-}; for i in {1..500}; do [ "$(ls ${meeting} | wc -l)" = 2 ] && exit 0; sleep 0.02; done; exit 1`;
    await model.deploy(workshop.charm({ name: 'web', hooks: { install } }), { units: 2 });
    expect((await model.settle()).errors).toEqual([]);
    for (const unit of ['web/0', 'web/1']) {
      const own = events.filter((event) => event.endsWith(unit));
      expect(own).toEqual(own.map((_, index) => `${index % 2 === 0 ? 'start' : 'end'} ${unit}`));
    }
  });

  it('gives up on charms that answer each other for ever, and names the unit and its hooks', async () => {
    const model = await workshop.model();
    const restless = `case $JUJU_HOOK_NAME in *-changed) [ -z "$JUJU_RELATION" ] || relation-set n=$RANDOM$RANDOM;; esac`;
    await model.deploy(workshop.charm({ ...REDIS, dispatch: restless }));
    await model.deploy(workshop.charm({ ...WEB, dispatch: restless }));
    model.integrate('web', 'redis');
    await expect(model.settle({ hookLimit: 12 })).rejects.toThrow(
      /unit "(web|redis)\/0" has run 12 hooks and comes to no rest, lately .*-relation-changed/,
    );
  });
});

describe('what a model tells', () => {
  it('is each hook with its tools and its log, and the log as juju writes it', async () => {
    const told: HookRecord[] = [];
    const model = await workshop.model({
      onEvent: (event) => {
        if (event.type === 'hook') told.push(event.record);
      },
    });
    const install = 'echo out; echo err >&2; juju-log -l warning "two words"; status-set active -- -ok';
    await model.deploy(workshop.charm({ name: 'web', hooks: { install } }));
    const { hooks } = await model.settle();
    expect(told).toEqual(hooks);
    expect(model.hooks()).toEqual(hooks);
    expect(recordOf(hooks, 'web/0', 'install')).toMatchObject({
      outcome: 'ran',
      exitCode: 0,
      toolCalls: [
        ['juju-log', '-l', 'warning', 'two words'],
        ['status-set', 'active', '--', '-ok'],
      ],
    });
    const lines = recordOf(hooks, 'web/0', 'install').log.map(
      (line) => `${line.level} ${line.logger} ${line.message}`,
    );
    expect(lines.sort()).toEqual([
      'DEBUG unit.web/0.install out',
      'INFO juju.worker.uniter.operation ran "install" hook (via explicit, bespoke hook script)',
      'WARNING unit.web/0.install err',
      'WARNING unit.web/0.juju-log two words',
    ]);
    expect(recordOf(hooks, 'web/0', 'start')).toMatchObject({
      outcome: 'skipped',
      exitCode: null,
      toolCalls: [],
    });
    expect(model.debugLog().length).toBeGreaterThan(lines.length);
  });
});

describe('a model folder', () => {
  it('must be empty, so that nothing of another model is taken for its own', async () => {
    const folder = workshop.folder('used');
    writeFileSync(join(folder, 'something'), '');
    await expect(workshop.model({ folder })).rejects.toThrow('the folder is not empty');
  });

  it('is private in all its parts', async () => {
    const model = await workshop.model({ folder: workshop.folder('given') });
    const open = readdirSync(model.folder).filter((name) => lstatSync(join(model.folder, name)).mode & 0o077);
    expect(open).toEqual([]);
  });
});

describe('destroy', () => {
  it('ends running hooks and what hooks left running, and removes a folder of its own', async () => {
    const pids = workshop.folder('pids');
    const model = await workshop.model();
    // The daemon leaves the hook's process group, and holds its output open.
    const install = `setsid bash -c 'echo $$ > ${pids}/daemon; exec sleep 600' & `;
    const start = `echo $$ > ${pids}/hook; sleep 600`;
    await model.deploy(workshop.charm({ name: 'web', hooks: { install, start } }));
    const settling = model.settle();
    await waitFor(() => existsSync(join(pids, 'hook')) && existsSync(join(pids, 'daemon')));
    const running = ['daemon', 'hook'].map((name) => Number(readFileSync(join(pids, name), 'utf8')));
    expect(running.map(isRunning)).toEqual([true, true]);
    await model.destroy();
    await settling;
    expect(running.map(isRunning)).toEqual([false, false]);
    expect(existsSync(model.folder)).toBe(false);
  });

  it('keeps a folder that was given', async () => {
    const folder = workshop.folder('kept');
    const model = await workshop.model({ folder });
    await model.destroy();
    expect(existsSync(join(folder, 'tools'))).toBe(true);
    expect(existsSync(join(folder, 'run'))).toBe(false);
  });

  it('of a unit ends what its hooks left running, and nothing of other units', async () => {
    const pids = workshop.folder('pids');
    const model = await workshop.model();
    const install = `setsid bash -c 'echo $$ > ${pids}/\${JUJU_UNIT_NAME#*/}; exec sleep 600' > /dev/null 2>&1 & `;
    await model.deploy(workshop.charm({ name: 'web', hooks: { install } }), { units: 2 });
    await model.settle();
    await waitFor(() => readdirSync(pids).length === 2);
    const running = ['0', '1'].map((name) => Number(readFileSync(join(pids, name), 'utf8')));
    model.removeUnit('web/0');
    await model.settle();
    expect(running.map(isRunning)).toEqual([false, true]);
  });
});

async function waitFor(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A process that has ended may still wait, as a zombie, for whoever is to collect it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
