import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  clear_flag,
  data_changed,
  Endpoint,
  hook,
  hookenv,
  only_once,
  RelationBase,
  set_flag,
  unitdata,
  when,
  when_file_changed,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import { handlersOf, spyOnTools } from '../charm/trial-unit.ts';
import { runPython } from '../store/python.ts';
import { type DumpedStore, PYTHON_UNIT_DATA } from '../store/python-unit-data.ts';
import { endpoints, trialOf } from './python-charm.ts';

/** What a Python charm had in its store when it was refreshed to its port, by the reference's keys. */
const LEFT_BY_PYTHON = `${PYTHON_UNIT_DATA}
import hashlib
given = json.load(sys.stdin)
def md5(value):
    return hashlib.md5(json.dumps(value, sort_keys=True).encode('utf8')).hexdigest()
database = open_store(given['path'])
conversation = 'reactive.conversations.store:1.store/0'
for key, value in {
    'reactive.states.web.installed': None,
    'reactive.states.web.started': None,
    'reactive.states.endpoint.db.joined': None,
    'reactive.states.store.connected': {'relation': 'store', 'conversations': [conversation]},
    conversation: {'namespace': 'store:1', 'units': ['store/0'], 'scope': 'store/0'},
    conversation + '.local-data.asked': 'orders',
    'reactive.data_changed.web.settings': md5({'port': 80, 'names': ['a', 'é']}),
    'reactive.data_changed.endpoint.db.db:0.mysql/0.host': md5('10.0.0.9'),
    'reactive.data_changed.endpoint.db.db:0.mysql/0.port': md5(3306),
    'reactive.files_changed.' + given['file']: hashlib.md5(b'as it was').hexdigest(),
    'reactive.invoked./var/lib/juju/agents/unit-web-0/charm/reactive/web.py:31:seed': True,
    'web.starts': 7,
}.items():
    write(database, key, value)
database.commit()
json.dump(None, sys.stdout)
`;

class Db extends Endpoint {
  @when('endpoint.{endpoint_name}.joined')
  joined(): void {
    for (const relation of this.relations) {
      Object.assign(relation.to_publish, { b: [1, true, null], a: { z: 'é', y: 1.5 } });
      relation.to_publish_raw.user = 'web';
    }
  }
  @when('endpoint.{endpoint_name}.changed')
  changed(): void {
    clear_flag(this.expand_name('changed'));
  }
}

class Store extends RelationBase {
  @hook('{requires:store}-relation-{joined,changed}')
  changed(): void {
    this.set_state('{relation_name}.connected');
  }
  @hook('{requires:store}-relation-{departed,broken}')
  gone(): void {
    this.remove_state('{relation_name}.connected');
  }
}

test('Q23: the port of a Python charm takes a unit over where it was, tells no peer anything, and can be rolled back', async () => {
  const log: string[] = [];
  const unit = trialOf(
    () => {
      only_once(function seed() {
        log.push('seeded again');
      });
      when_not('web.installed')(function install() {
        log.push('installed again');
      });
      when_file_changed(() => file)(function reload() {
        log.push('reloaded');
      });
      when(
        'web.started',
        'store.connected',
      )(function work(store: Store) {
        const settings = { names: ['a', 'é'], port: 80 };
        if (data_changed('web.settings', settings)) log.push('settings changed');
        log.push(`${store.conversation().get_local('asked')} of ${hookenv.local_unit()}`);
        unitdata.kv().set('web.starts', Number(unitdata.kv().get('web.starts')) + 1);
        set_flag('web.ported');
      });
    },
    {
      metadata: endpoints('requires', 'db', 'store'),
      interfaces: { 'requires/db': Db, 'requires/store': Store },
    },
  );
  const file = path.join(unit.charmDir, 'web.conf');
  writeFileSync(file, 'as it was');
  runPython(LEFT_BY_PYTHON, { path: unit.storeFile, file });
  unit.putUnit('db:0', 'mysql/0', { host: '"10.0.0.9"', port: '3306' });
  unit.putUnit('store:1', 'store/0', {});
  // What Python's json.dumps(sort_keys=True) had published.
  unit.tools.published = {
    'db:0': { unit: { a: '{"y": 1.5, "z": "\\u00e9"}', b: '[1, true, null]', user: 'web' }, app: {} },
  };
  const calls: string[] = [];
  unit.wrap = (tools) => spyOnTools(tools, calls);

  const report = await unit.run('upgrade-charm');
  expect(handlersOf(report)).toEqual(['seed', 'work', 'db/requires.joined@db']);
  expect(log).toEqual(['orders of web/0']);
  expect(calls).not.toContain('relationSet');
  expect(report.changes.map(({ flag, to }) => `${to} ${flag}`)).toEqual(['set web.ported']);

  await unit.change('db:0', 'mysql/0', { host: '"10.0.0.9"', port: '3306' });
  expect(unit.flags()).not.toContain('endpoint.db.changed');
  writeFileSync(file, 'changed');
  await unit.run('update-status');
  expect(log).toEqual(['orders of web/0', 'orders of web/0', 'reloaded', 'orders of web/0']);

  const program = `${PYTHON_UNIT_DATA}\nprint(json.dumps(dump(open_store(json.load(sys.stdin)))))`;
  const { kv, integrity } = runPython(program, unit.storeFile) as DumpedStore;
  expect(integrity).toBe('ok');
  expect(kv).toMatchObject({
    'reactive.states.web.started': 'null',
    'reactive.states.web.ported': 'null',
    'reactive.states.store.connected':
      '{"relation": "store", "conversations": ["reactive.conversations.store:1.store/0"]}',
    'reactive.conversations.store:1.store/0.local-data.asked': '"orders"',
    'web.starts': '10',
  });
  await unit.depart('store:1', 'store/0');
  expect(unit.flags()).not.toContain('store.connected');
});
