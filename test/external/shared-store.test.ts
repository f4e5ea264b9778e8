import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Endpoint, handler, hook, TriggerLoopError, when } from 'charms-reactive';
import { SqliteStore } from 'charms-reactive/testing';
import { expect, test } from 'vitest';
import { handlersOf, spyOnTools } from '../charm/trial-unit.ts';
import { bash, leftovers, notes, plain, unitWithBash, unitWithFiles } from './external-unit.ts';
import { ProcessUnit } from './hook-process.ts';

test('B13: an executable sees flags and data as they are, and what it does is seen at once', async () => {
  const seen: unknown[] = [];
  const unit = await unitWithBash(
    `
@when by.code
function f() {
    note "$(get_flags)"
    python3 - <<'PYTHON'
import json, os, sqlite3
store = sqlite3.connect(os.environ['UNIT_STATE_DB'])
data = json.loads(store.execute("select data from kv where key = 'shared'").fetchone()[0])
store.execute("update kv set data = ? where key = 'shared'", [json.dumps(data + ['python'])])
store.commit()
PYTHON
    set_flag by.bash --value 7
    clear_flag by.code
}
`,
    {
      handlers: [
        handler(hook('start'), function begin({ flags, kv }) {
          flags.set('by.code');
          flags.setForHook('for.hook');
          kv.set('shared', ['code']);
        }),
        handler(when('by.bash'), function after({ flags, kv }) {
          seen.push(kv.get('shared'), flags.value('by.bash'), flags.isSet('by.code'));
        }),
      ],
    },
  );
  const report = await unit.run('start');
  expect(notes(unit)).toEqual(['by.code', 'for.hook']);
  expect(seen).toEqual([['code', 'python'], '7', false]);
  expect(handlersOf(report)).toEqual(['web.begin', 'reactive/web.sh "f"', 'web.after']);
  expect(unit.flags()).toEqual(['by.bash']);
  expect(unit.stored('shared')).toEqual({ shared: ['code', 'python'] });
});

test('B13: a handler that fails later undoes what executables did', async () => {
  const unit = await unitWithBash('@hook start\nfunction f() { set_flag half; mark_invoked x; }', {
    handlers: [
      handler(when('half'), function breakDown() {
        throw new Error('as asked');
      }),
    ],
  });
  unit.presetFlags('before');
  const bytes = unit.storeBytes();
  expect((await unit.runFailing('start')).message).toBe('as asked');
  expect(unit.storeBytes()).toBe(bytes);
  expect(leftovers(unit)).toEqual([]);
});

test('B13: so does relation data that Juju does not take', async () => {
  const unit = await unitWithBash('@hook db-relation-joined\nfunction f() { set_flag half; }', {
    handlers: [
      handler(when('half'), function publish(one) {
        const [relation] = one.endpoint('db', Endpoint).relations;
        if (relation) relation.toPublishRaw.port = '80';
      }),
    ],
  });
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        if (name !== 'relationSet') return Reflect.get(target, name).bind(target);
        return () => {
          throw new Error('Juju does not take it');
        };
      },
    });
  unit.presetFlags('before');
  const bytes = unit.storeBytes();
  await expect(unit.join('db:1', 'redis/0')).rejects.toThrow('Juju does not take it');
  expect(unit.storeBytes()).toBe(bytes);
});

test('B13: a hook that is killed in the middle leaves the store as it was; the next cleans up behind it', async () => {
  const unit = await ProcessUnit.create({
    'reactive/web.sh!': bash(`
@hook install
function f() { set_flag installed; }
@hook start
function g() { set_flag half; kill -KILL "$PPID"; }
@when half
function never() { note never; }
`),
  });
  expect(unit.run('install').status).toBe(0);
  const file = path.join(unit.charmDir, '.unit-state.db');
  const bytes = readFileSync(file);
  expect(unit.run('start').signal).toBe('SIGKILL');
  expect(readFileSync(file)).toEqual(bytes);
  const left = readdirSync(unit.charmDir).filter((name) => name.startsWith('.unit-state.hook-'));
  expect(left.length).toBe(1);
  expect(unit.run('update-status').status).toBe(0);
  expect(readdirSync(unit.charmDir).filter((name) => name.startsWith('.unit-state.hook-'))).toEqual([]);
  expect(unit.command('get_flags').stdout).toBe('installed');
});

test('B13: during the hook the unit’s own store is locked, and never shows half a hook', async () => {
  const unit = await unitWithFiles({
    'reactive/web!': plain({
      test: 'charms.reactive hook start',
      invoke: `charms.reactive set_flag half; python3 - <<'PYTHON'
import os, sqlite3
store = sqlite3.connect(os.path.join(os.environ['CHARM_DIR'], '.unit-state.db'), timeout=0)
with open('notes', 'a') as notes:
    print([key for key, in store.execute('select key from kv')], file=notes)
    try:
        store.execute("insert into kv values ('outside', '1')")
    except sqlite3.OperationalError as error:
        print(error, file=notes)
PYTHON`,
    }),
  });
  unit.presetFlags('before');
  await unit.run('start');
  expect(notes(unit)).toEqual(["['reactive.states.before']", 'database is locked']);
  expect(unit.flags()).toEqual(['before', 'half']);
});

test('B13: the copy is private, and nothing of how it was used gets into the store', async () => {
  const modes: string[] = [];
  const unit = await unitWithBash('@when go\nfunction f() { set_flag done; }', {
    handlers: [
      handler(when('done'), function look(one) {
        for (const name of readdirSync(one.hook.charmDir).filter((file) =>
          file.startsWith('.unit-state.hook-'),
        )) {
          const folder = path.join(one.hook.charmDir, name);
          modes.push((statSync(folder).mode & 0o777).toString(8));
          modes.push((statSync(path.join(folder, 'unit-state.db')).mode & 0o777).toString(8));
        }
      }),
    ],
    parts: { triggers: [{ when: 'done', setFlag: 'told' }] },
  });
  unit.presetFlags('go');
  await unit.run('start');
  expect(modes).toEqual(['700', '600']);
  expect(Object.keys(unit.stored())).toEqual([
    'reactive.states.done',
    'reactive.states.go',
    'reactive.states.told',
  ]);
  const database = new Database(unit.storeFile, { readonly: true });
  const names = database
    .prepare("select name from sqlite_master where name not like 'sqlite_%'")
    .pluck()
    .all();
  database.close();
  expect(names.sort()).toEqual(['hooks', 'kv', 'kv_revisions']);
  expect(leftovers(unit)).toEqual([]);
});

test('what other tables of the store hold is kept, and what executables add to them', async () => {
  const unit = await unitWithFiles({
    'reactive/web!': plain({
      test: 'charms.reactive hook start',
      invoke: `python3 - <<'PYTHON'
import os, sqlite3
store = sqlite3.connect(os.environ['UNIT_STATE_DB'])
store.execute("insert into hooks (hook, date) values ('from python', 'today')")
store.execute("insert into kv_revisions values ('a', 2, '3')")
store.execute("delete from kv_revisions where revision = 0")
store.commit()
PYTHON`,
    }),
  });
  const store = new SqliteStore({ path: unit.storeFile, keepRevisions: true });
  await store.hookScope('first', () => store.set('a', 1));
  store.close();
  await unit.run('start');
  const after = new SqliteStore({ path: unit.storeFile });
  const history = after.history('a').map(({ revision, value, hook: name }) => [revision, value, name]);
  after.close();
  expect(history).toEqual([
    [1, 1, 'first'],
    [2, 3, 'from python'],
  ]);
});

test('a hook of a charm without executables works on the store itself', async () => {
  const seen: string[] = [];
  const unit = await unitWithFiles(
    {},
    {
      handlers: [
        handler(hook('start'), function look(one) {
          seen.push(...readdirSync(one.hook.charmDir).filter((name) => name.startsWith('.unit-state.')));
        }),
      ],
    },
  );
  await unit.run('start');
  expect(seen.filter((name) => name.includes('hook-'))).toEqual([]);
});

test('B15: flags set by the command fire the triggers of the charm’s code, at once', async () => {
  const called: string[] = [];
  const unit = await unitWithBash(
    `
@hook start
function f() {
    set_flag a
    note "$(get_flags | tr '\\n' ' ')."
    clear_flag a
    note "$(get_flags | tr '\\n' ' ')."
}
`,
    {
      parts: {
        triggers: [
          { when: 'a', setFlag: 'b' },
          { when: 'b', setFlag: 'c', clearFlag: 'x' },
          { whenNot: 'a', clearFlag: 'b' },
          { whenNot: 'b', setFlag: 'gone' },
          { when: 'c', callback: () => void called.push('c') },
          { whenNot: 'x', callback: () => void called.push('no x') },
        ],
      },
    },
  );
  unit.presetFlags('x');
  const report = await unit.run('start');
  expect(notes(unit)).toEqual(['a b c.', 'c gone.']);
  expect(called).toEqual(['c', 'no x']);
  expect(unit.flags()).toEqual(['c', 'gone']);
  // Each change is there, those that were taken back too, as with handlers in code.
  expect(report.changes.map(({ flag, to }) => `${to} ${flag}`)).toEqual([
    'set a',
    'set b',
    'set c',
    'clear x',
    'clear a',
    'clear b',
    'set gone',
  ]);
});

test('B15: triggers registered by the command fire for every other handler, until the hook ends', async () => {
  const unit = await unitWithBash(
    `
@hook start
function f() {
    register_trigger --when by.code --set_flag followed
    register_trigger --when_not by.code --clear-flag=followed --set_flag cleared
    set_flag go
}
@when followed
function g() { note followed; }
`,
    {
      handlers: [
        handler(when('go'), function code({ flags }) {
          flags.set('by.code');
        }),
        handler(when('followed'), function back({ flags }) {
          flags.clear('by.code');
        }),
      ],
    },
  );
  await unit.run('start');
  expect(unit.flags()).toEqual(['cleared', 'go']);
  expect(Object.keys(unit.stored()).filter((key) => key.includes('trigger'))).toEqual([]);
  expect(notes(unit)).toEqual([]);
  await unit.run('update-status');
  expect(unit.flags()).toEqual(['by.code', 'cleared', 'go']);
});

test('B9: triggers that chase each other fail the command, by name, and with it the hook', async () => {
  const unit = await unitWithBash('set -e\n@hook start\nfunction f() { set_flag a; }', {
    parts: {
      triggers: [
        { when: 'a', clearFlag: 'a' },
        { whenNot: 'a', setFlag: 'a' },
      ],
    },
  });
  const error = await unit.runFailing('start');
  expect(error).not.toBeInstanceOf(TriggerLoopError);
  expect(error.message).toMatch(/cannot settle triggers: .*\+a, -a/);
});

test('clearing a flag by the command has the queue looked at again, whether it was set or not', async () => {
  const unit = await unitWithFiles({
    'reactive/a!': plain({
      test: 'charms.reactive when go',
      invoke: 'note a; rm ready; charms.reactive clear_flag never.set',
    }),
    'reactive/b!': plain({ test: 'charms.reactive when go && test -e ready', invoke: 'note b' }),
    ready: '',
  });
  unit.presetFlags('go');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['a']);
});

test('flags that commands set side by side are all seen, and so is what others write into the store', async () => {
  const unit = await unitWithBash(`
@hook start
function f() {
    for flag in a b c d; do set_flag "$flag" & done
    wait
    note "$(get_flags | tr '\\n' ' ')"
    python3 -c "
import os, sqlite3
store = sqlite3.connect(os.environ['UNIT_STATE_DB'])
store.execute(\\"insert into kv values ('reactive.states.direct', 'null')\\")
store.commit()"
    if is_flag_set direct; then note direct; fi
}
`);
  await unit.run('start');
  expect(notes(unit)).toEqual(['a b c d', 'direct']);
  expect(unit.flags()).toEqual(['a', 'b', 'c', 'd', 'direct']);
});

test('config flags are there for bash while the hook runs, and never stored', async () => {
  const unit = await unitWithBash(
    `
@when 'config.changed.*'
function f() { note "$(get_flags | tr '\\n' ' ')"; }
`,
    {
      config: { port: { type: 'string', default: 'other' } },
      parts: { beforeStart: (one) => one.manageConfigFlags() },
    },
  );
  await unit.run('config-changed');
  expect(notes(unit)).toEqual(['config.changed config.changed.port config.set.port']);
  expect(unit.flags()).toEqual([]);
  await unit.run('config-changed');
  expect(notes(unit)).toEqual([]);
});

test('a test that changes flags, against the protocol, is taken at its word too', async () => {
  const unit = await unitWithFiles({
    'reactive/a!': plain({ test: 'charms.reactive set_flag asked; exit 1' }),
  });
  const report = await unit.run('start');
  expect(unit.flags()).toEqual(['asked']);
  expect(report.changes.map(({ flag, cause }) => [flag, cause])).toEqual([
    ['asked', { kind: 'handler', handler: 'reactive/a' }],
  ]);
});

test('what Juju was told before an executable ran is told again after it', async () => {
  const calls: string[] = [];
  const unit = await unitWithFiles(
    { 'reactive/a!': plain({ test: 'charms.reactive when one', invoke: 'charms.reactive set_flag two' }) },
    {
      handlers: [
        handler(when('one'), function first({ status }) {
          status.active('as it was');
        }),
        handler(when('two'), function second({ status }) {
          status.active('as it was');
        }),
      ],
    },
  );
  unit.wrap = (tools) => spyOnTools(tools, calls);
  unit.presetFlags('one');
  await unit.run('start');
  expect(calls.filter((name) => name === 'statusSet').length).toBe(2);
});

test('a process that outlives its hook cannot write into the void', async () => {
  const unit = await ProcessUnit.create({
    'reactive/web.sh!': bash(`
@hook start
function f() {
    ( while [[ -d $CHARMS_REACTIVE_DIR ]]; do sleep 0.05; done
      charms.reactive set_flag late 2> "$CHARM_DIR/late.tmp"
      echo "exit $?" >> "$CHARM_DIR/late.tmp"; mv "$CHARM_DIR/late.tmp" "$CHARM_DIR/late" ) > /dev/null 2>&1 &
}
`),
  });
  expect(unit.run('start').status).toBe(0);
  const file = path.join(unit.charmDir, 'late');
  for (let waited = 0; waited < 200 && !existsSync(file); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(readFileSync(file, 'utf8')).toMatch(/the hook that started this process: it has ended.*\nexit 1\n/s);
  expect(unit.command('get_flags').stdout).toBe('');
});

test('a value of 100,000 characters and a thousand flags pass through', async () => {
  const unit = await unitWithBash(
    `
@when go
function f() {
    note "$(get_flags | wc -l)"
    for flag in new.{1..3}; do set_flag "$flag" --value "$(printf 'x%.0s' {1..100000})"; done
}
`,
  );
  unit.presetFlags('go', ...Array.from({ length: 999 }, (_, number) => `flag.${number}`));
  await unit.run('start');
  expect(notes(unit)).toEqual(['999']);
  expect(unit.flags().length).toBe(1003);
  expect(unit.stored('reactive.states.new.1')).toEqual({ 'reactive.states.new.1': 'x'.repeat(100_000) });
});
