import path from 'node:path';
import {
  type CharmDefinition,
  defineLayer,
  Endpoint,
  handler,
  hook,
  runHook,
  type Unit,
  when,
  whenNot,
} from 'charms-reactive';
import { type MemoryModel, MemoryTools, readConfigOptions, readMetadata } from 'charms-reactive/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonValue } from '../../src/store/python-json.ts';
import { hardValue, wellFormedText } from './json-values.ts';
import { runPython, toWire, UNWIRE } from './python.ts';
import { type DumpedStore, PYTHON_UNIT_DATA } from './python-unit-data.ts';
import { cleanUpStores, makeFolder, makeStorePath, openStore } from './store-folder.ts';

cleanUpStores();

const metadata = readMetadata(
  {
    name: 'web',
    summary: 'A web server',
    description: 'A web server',
    requires: { db: { interface: 'db' } },
  },
  'metadata.yaml',
);

class Db extends Endpoint {}

function makeCharm(handlers: Parameters<typeof defineLayer>[1]): CharmDefinition {
  return {
    metadata,
    config: readConfigOptions({ options: {} }, 'config.yaml'),
    layers: [{ name: 'web', file: 'reactive/web.ts', exports: { default: defineLayer('web', handlers) } }],
    interfaces: [{ role: 'requires', interface: 'db', file: 'requires.ts', exports: { Db } }],
  };
}

function runIn(
  charmDir: string,
  hookName: string,
  charm: CharmDefinition,
  model: Partial<MemoryModel> = {},
  environment: Record<string, string> = {},
) {
  const tools = new MemoryTools({ unit: 'web/0', ...model });
  return runHook(charm, {
    environment: {
      JUJU_UNIT_NAME: 'web/0',
      JUJU_HOOK_NAME: hookName,
      JUJU_CHARM_DIR: charmDir,
      ...environment,
    },
    tools,
  });
}

/** What a unit of a Python charm has in its store after some weeks: flags, hashes, departed units, its own data. */
const WEEKS_LATER = `${PYTHON_UNIT_DATA}
database = open_store(json.load(sys.stdin))
for key, value in [
    ('reactive.states.web.started', None),
    ('reactive.states.db.connected', {'conversations': ['reactive.conversations.db:1.db/0'], 'relation': 'db'}),
    ('reactive.states.endpoint.db.joined', None),
    ('reactive.states.with "quotes" and \\u00e9\\U0001f600', None),
    ('reactive.invoked./var/lib/x.py:1:install', True),
    ('reactive.data_changed.endpoint.db.db:1.db/0.host', '49793e5dcdd4d17c2b0a59b3c8a5ba44'),
    ('reactive.data_changed.my-id', 'c4ca4238a0b923820dcc509a6f75849b'),
    ('reactive.endpoints.departed.db', [{'relation': 'db:1', 'unit_name': 'db/3', 'data': {'host': '"10.0.0.3"'}}]),
    ('mine.float', 1.0),
    ('mine.big', 123456789012345678901234567890),
    ('mine.text', '\\u00e9\\U0001f600\\ud800\\x00"'),
    ('mine.order', {'b': 1, 'a': [2, {'z': None, 'y': True}]}),
    ('mine.special', [float('inf'), float('-inf')]),
]:
    write(database, key, value)
database.execute("insert into hooks (hook, date) values ('install', '2020-01-01T00:00:00.000001')")
database.execute("insert into hooks (hook, date) values ('start', '2020-01-01T00:00:01')")
database.execute("insert into kv_revisions values ('mine.float', 1, '0.5')")
database.execute("insert into kv_revisions values ('mine.float', 2, '1.0')")
database.commit()
before = dump(database)
database.close()
print(json.dumps(before))
`;

const DUMP = `${PYTHON_UNIT_DATA}
print(json.dumps(dump(sqlite3.connect(json.load(sys.stdin)))))
`;

it('uses the store of a Python charm as it is, in a whole hook', async () => {
  const charmDir = makeFolder();
  const file = path.join(charmDir, '.unit-state.db');
  const before = runPython(WEEKS_LATER, file) as DumpedStore;
  const seen: unknown[] = [];
  const charm = makeCharm([
    handler(when('web.started', 'db.connected'), function look(unit: Unit) {
      seen.push(unit.flags.list(), unit.flags.value('db.connected'), unit.kv.get('mine.float'));
      seen.push(unit.kv.get('mine.order'), unit.kv.get('mine.special'), unit.kv.get('mine.text'));
      seen.push([...unit.endpoint('db', Db).allDepartedUnits].map((departed) => departed.received.host));
      seen.push(unit.isDataChanged('my-id', 1), unit.isDataChanged('my-id', 2));
    }),
    handler(whenNot('web.started'), function start() {
      seen.push('started again');
    }),
  ]);
  await runIn(charmDir, 'update-status', charm, {
    relations: { 'db:1': { application: 'db', units: { 'db/0': { host: '"10.0.0.1"' } } } },
  });
  expect(seen).toEqual([
    ['db.connected', 'endpoint.db.joined', 'web.started', 'with "quotes" and é😀'],
    { conversations: ['reactive.conversations.db:1.db/0'], relation: 'db' },
    1,
    { b: 1, a: [2, { z: null, y: true }] },
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    'é😀\ud800\0"',
    ['10.0.0.3'],
    false,
    true,
  ]);
  expect(runPython(DUMP, file)).toEqual(before);
});

it('takes up the hashes of a Python charm: what did not change in between raises no flag', async () => {
  const charmDir = makeFolder();
  const file = path.join(charmDir, '.unit-state.db');
  runPython(
    `${PYTHON_UNIT_DATA}
import hashlib
database = open_store(json.load(sys.stdin))
def remember(key, value):
    text = json.dumps(value, sort_keys=True)
    write(database, 'reactive.data_changed.endpoint.db.db:1.db/0.' + key, hashlib.md5(text.encode('utf8')).hexdigest())
remember('host', '10.0.0.1')
remember('port', 6379)
remember('ratio', 1.0)
remember('plain', 'no: json')
remember('map', {'b': [1, 2.50], 'a': '\\u00e9\\U0001f600'})
remember('changed', 'before')
write(database, 'reactive.states.endpoint.db.joined', None)
database.commit()
print('null')`,
    file,
  );
  const bag = {
    host: '"10.0.0.1"',
    port: '6379',
    ratio: '1.0',
    plain: 'no: json',
    map: '{"a":"é\\ud83d\\ude00","b":[1,2.50]}',
    changed: '"after"',
  };
  const { changes } = await runIn(
    charmDir,
    'db-relation-changed',
    makeCharm([]),
    { relations: { 'db:1': { application: 'db', units: { 'db/0': bag } } } },
    { JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:1', JUJU_REMOTE_UNIT: 'db/0', JUJU_REMOTE_APP: 'db' },
  );
  expect(changes.map(({ flag }) => flag)).toEqual(['endpoint.db.changed', 'endpoint.db.changed.changed']);
});

it('writes a store that python3 reads with the same keys and the same JSON text', async () => {
  const charmDir = makeFolder();
  const charm = makeCharm([
    handler(hook('install'), function install(unit: Unit) {
      unit.flags.set('web.installed');
      unit.flags.set('web.value', { b: 1, a: [0.5, 'é😀'] });
      unit.flags.set('gone');
      unit.flags.clear('gone');
      unit.flags.setForHook('only.now');
      unit.kv.set('mine', { z: 1e-7, a: 1, text: 'é\u2028😀\ud800', list: [null, true, []] });
      unit.dataChanged('id', { b: 2, a: 1 });
      unit.markInvoked('once');
    }),
  ]);
  await runIn(charmDir, 'install', charm);
  const { kv, integrity } = runPython(DUMP, path.join(charmDir, '.unit-state.db')) as DumpedStore;
  expect(kv).toEqual({
    'reactive.states.web.installed': 'null',
    'reactive.states.web.value': '{"b": 1, "a": [0.5, "\\u00e9\\ud83d\\ude00"]}',
    mine: '{"z": 1e-07, "a": 1, "text": "\\u00e9\\u2028\\ud83d\\ude00\\ud800", "list": [null, true, []]}',
    'reactive.data_changed.id': '"8aacdb17187e6acf2b175d4aa08d7213"',
    'reactive.invoked.once': 'true',
  });
  expect(integrity).toBe('ok');
});

it('writes for any keys and values what python3 would have written', () => {
  const samples = fc.sample(fc.tuple(wellFormedText, hardValue), 300);
  const values = new Map(samples);
  const file = makeStorePath();
  const store = openStore(file);
  for (const [key, value] of values) store.set(key, value as JsonValue);
  store.flush();
  store.close();
  const wrong = runPython(
    `${UNWIRE}${PYTHON_UNIT_DATA}
given = json.load(sys.stdin)
expected = {unwire(key): json.dumps(unwire(value)) for key, value in given['entries']}
actual = dump(sqlite3.connect(given['file']))['kv']
print(json.dumps([[key, expected.get(key), actual.get(key)] for key in {**expected, **actual} if expected.get(key) != actual.get(key)]))`,
    { file, entries: [...values].map(([key, value]) => [toWire(key), toWire(value)]) },
  );
  expect(wrong).toEqual([]);
});

it('goes on with the run numbers and the history of a Python charm', async () => {
  const file = makeStorePath();
  runPython(WEEKS_LATER, file);
  const store = openStore(file, { keepRevisions: true });
  expect(
    store.history('mine.float').map(({ revision, value, hook: name, date }) => [revision, value, name, date]),
  ).toEqual([
    [1, 0.5, 'install', '2020-01-01T00:00:00.000001'],
    [2, 1, 'start', '2020-01-01T00:00:01'],
  ]);
  await store.hookScope('stop', (revision) => {
    expect(revision).toBe(3);
    store.set('mine.float', 1.5);
    store.unset('mine.order');
  });
  store.close();
  const { revisions, hooks } = runPython(DUMP, file) as DumpedStore;
  expect(revisions.slice(2)).toEqual([
    ['mine.float', 3, '1.5'],
    ['mine.order', 3, '"DELETED"'],
  ]);
  expect(hooks).toEqual([
    [1, 'install'],
    [2, 'start'],
    [3, 'stop'],
  ]);
});

it('can be handed back to a Python charm in the middle of its life', async () => {
  const charmDir = makeFolder();
  const file = path.join(charmDir, '.unit-state.db');
  const tick = handler(hook('update-status'), function tick(unit: Unit) {
    unit.kv.set('ticks', Number(unit.kv.get('ticks', 0)) + 1);
  });
  await runIn(charmDir, 'update-status', makeCharm([tick]));
  runPython(
    `${PYTHON_UNIT_DATA}
database = open_store(json.load(sys.stdin))
ticks = json.loads(database.execute("select data from kv where key = 'ticks'").fetchone()[0])
write(database, 'ticks', ticks + 1)
database.commit()
print('null')`,
    file,
  );
  await runIn(charmDir, 'update-status', makeCharm([tick]));
  expect((runPython(DUMP, file) as DumpedStore).kv).toEqual({ ticks: '3' });
});

it('commits nothing at all when the very first hook fails', async () => {
  const charmDir = makeFolder();
  const file = path.join(charmDir, '.unit-state.db');
  const fail = handler(hook('install'), function install(unit: Unit) {
    unit.flags.set('a');
    unit.kv.set('b', 1);
    throw new Error('no luck');
  });
  await expect(runIn(charmDir, 'install', makeCharm([fail]))).rejects.toThrow('no luck');
  expect(
    runPython(
      `import json, sqlite3, sys
print(json.dumps(sqlite3.connect(json.load(sys.stdin)).execute('select name from sqlite_master').fetchall()))`,
      file,
    ),
  ).toEqual([]);
  const report = await runIn(charmDir, 'install', makeCharm([]));
  expect(report.changes).toEqual([]);
});

it.each([
  ['a text', 'not a database '.repeat(1000)],
  ['a database cut off in the middle', undefined],
])('fails a hook whose store is %s with an error that names the file', async (_, text) => {
  const { writeFileSync, truncateSync } = await import('node:fs');
  const charmDir = makeFolder();
  const file = path.join(charmDir, '.unit-state.db');
  if (text !== undefined) writeFileSync(file, text);
  else {
    const store = openStore(file);
    for (let index = 0; index < 100; index += 1) store.set(`reactive.states.flag.${index}`, 'x'.repeat(1000));
    store.flush();
    store.close();
    truncateSync(file, 40_960);
  }
  await expect(runIn(charmDir, 'start', makeCharm([]))).rejects.toThrow(`"${file}"`);
});
