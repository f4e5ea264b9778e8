import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLeaders, readSettledState } from '../../../src/simulator/explore/settled-state.ts';
import type { Model } from '../../../src/simulator/model.ts';
import { Workshop } from '../bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

const WEB = {
  name: 'web',
  metadata: 'requires: {db: {interface: db}}\n',
  hooks: {
    start:
      'status-set active "at $(unit-get private-address)"; open-port 80; [ $(is-leader) = False ] || leader-set token=t',
    'db-relation-joined':
      'relation-set where="$(pwd)" id=$JUJU_MODEL_UUID list="{\\"b\\": 1, \\"a\\": \\"$(unit-get private-address):80\\"}"',
  },
};

const DB = {
  name: 'db',
  metadata: 'provides: {site: {interface: db}}\n',
  hooks: { start: 'status-set --application active "up"' },
};

async function related(addressBase: string): Promise<Model> {
  const model = await workshop.model({ addresses: 'per-unit', addressBase, concurrency: 1 });
  await model.deploy(workshop.charm(WEB));
  await model.deploy(workshop.charm(DB));
  model.integrate('web', 'db');
  await model.settle();
  return model;
}

const valuesOf = (model: Model) =>
  Object.fromEntries([...readSettledState(model)].map(([path, { value }]) => [path, value]));

describe('a settled state', () => {
  it('has statuses, ports, databags and leader settings, in words that are the same in every model', async () => {
    const model = await related('127.60.1.0');
    const relation = 'databags web:db db:site';
    expect(valuesOf(model)).toEqual({
      'statuses db:message': 'up',
      'statuses db:status': 'active',
      'statuses db:version': '',
      'statuses db/0:message': '',
      'statuses db/0:status': 'unknown',
      'statuses web:version': '',
      'statuses web/0:message': 'at <address of web/0>',
      'statuses web/0:status': 'active',
      'ports web/0': ['80/tcp'],
      'databags leader settings web:token': 't',
      [`${relation} db/0:egress-subnets`]: '<address of db/0>/32',
      [`${relation} db/0:ingress-address`]: '<address of db/0>',
      [`${relation} db/0:private-address`]: '<address of db/0>',
      [`${relation} web/0:egress-subnets`]: '<address of web/0>/32',
      [`${relation} web/0:id`]: '<model id>',
      [`${relation} web/0:ingress-address`]: '<address of web/0>',
      [`${relation} web/0:list`]: { a: '<address of web/0>:80', b: 1 },
      [`${relation} web/0:private-address`]: '<address of web/0>',
      [`${relation} web/0:where`]: '<model folder>/agents/unit-web-0/charm',
    });
    expect(valuesOf(await related('127.60.2.0'))).toEqual(valuesOf(model));
  });

  it('has the flags that a reactive charm keeps, and nothing else of its store', async () => {
    const model = await related('127.60.3.0');
    const database = new Database(join(model.unitFolder('web/0'), '.unit-state.db'));
    database.exec(`create table kv (key text primary key, data text);
      insert into kv values ('reactive.states.web.ready', 'null'), ('reactive_states', '1'),
        ('reactive.states.db.connected', '{"relation": "db", "conversations": ["db/0"]}'), ('other', '1');`);
    database.close();
    const flags = Object.entries(valuesOf(model)).filter(([path]) => path.startsWith('flags '));
    expect(flags).toEqual([
      ['flags web/0:db.connected', { conversations: ['db/0'], relation: 'db' }],
      ['flags web/0:web.ready', 'set'],
    ]);
  });

  it('has nothing of units and relations that are gone', async () => {
    const model = await related('127.60.4.0');
    model.addUnit('web');
    await model.settle();
    expect(Object.keys(valuesOf(model)).join()).toContain('web/1');
    model.removeUnit('web/1');
    await model.settle();
    expect(Object.keys(valuesOf(model)).join()).not.toContain('web/1');
    model.removeRelation('web', 'db');
    await model.settle();
    expect(Object.keys(valuesOf(model)).join()).not.toContain('web:db');
  });

  it('names a subordinate unit by its principal, since its number depends on who came first', async () => {
    const model = await workshop.model({ addresses: 'per-unit', addressBase: '127.60.5.0', concurrency: 1 });
    await model.deploy(workshop.charm({ name: 'host' }), { units: 2 });
    const metadata = 'subordinate: true\nrequires: {host: {interface: juju-info, scope: container}}\n';
    const start = 'status-set active "I am $JUJU_UNIT_NAME"';
    await model.deploy(workshop.charm({ name: 'sub', metadata, hooks: { start } }));
    await model.settle({ choose: (due) => due.length - 1 });
    model.integrate('sub', 'host');
    await model.settle({ choose: (due) => due.length - 1 });
    expect(valuesOf(model)).toMatchObject({
      'statuses sub@host/0:message': 'I am sub@host/0',
      'statuses sub@host/1:message': 'I am sub@host/1',
    });
    expect(readLeaders(model)).toMatchObject({
      host: 'host/0',
      sub: expect.stringMatching(/^sub@host\/[01]$/),
    });
  });
});
