import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DispatchLoopError, type FunctionHandler, handler, hook, when, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf } from '../charm/trial-unit.ts';
import { leftovers, notes, plain, unitWithFiles } from './external-unit.ts';

/** A handler in code that notes its name in a list. */
function noting(ran: string[], name: string, flag: string): FunctionHandler {
  return handler(when(flag), () => void ran.push(name));
}

test('a handler is asked with --test, and invoked with what it printed, to the letter', async () => {
  const unit = await unitWithFiles({
    'reactive/a!': plain({
      test: `printf ' one  "two" $HOME\\n\\nä\\n'`,
      invoke: `printf '%s' "$#:$2" > "$CHARM_DIR/given"`,
    }),
    'reactive/b!': plain({ test: `test "$#" = 1`, invoke: `note "b got <$2> of $#"` }),
  });
  const report = await unit.run('start');
  expect(notes(unit)).toEqual(['b got <> of 2']);
  expect(readFileSync(path.join(unit.charmDir, 'given'), 'utf8')).toBe('2: one  "two" $HOME\n\nä\n');
  expect(handlersOf(report)).toEqual(['reactive/a "one  "two" $HOME\n\nä"', 'reactive/b']);
});

test('any exit code but 0 means no', async () => {
  const unit = await unitWithFiles({
    'reactive/one!': plain({ test: 'exit 1', invoke: 'note one' }),
    'reactive/three!': plain({ test: 'exit 3', invoke: 'note three' }),
    'reactive/zero!': plain({ test: 'exit 0', invoke: 'note zero' }),
  });
  expect(handlersOf(await unit.run('start'))).toEqual(['reactive/zero']);
  expect(notes(unit)).toEqual(['zero']);
  expect(unit.logLines().filter((line) => line.startsWith('WARNING'))).toEqual([]);
});

test('a test that breaks down is a no, and the log says so once', async () => {
  const unit = await unitWithFiles({
    'reactive/broken!': '#!/bin/sh\nno-such-program --test\n',
    'reactive/killed!': '#!/bin/sh\nkill -9 $$\n',
    'reactive/syntax.sh!': '#!/bin/bash\nif then\n',
  });
  expect(handlersOf(await unit.run('start'))).toEqual([]);
  const warnings = unit.logLines().filter((line) => /^WARNING the test of/.test(line));
  expect(warnings.length).toBe(3);
  expect(warnings[0]).toMatch(/reactive\/broken ended with exit code 127.*no-such-program/);
  expect(warnings[1]).toMatch(/reactive\/killed was killed/);
  expect(warnings[2]).toMatch(/reactive\/syntax.sh ended with exit code 2.*syntax error/);
});

test('B14: one that always wants to run does so once in a hook in which nothing changes', async () => {
  const unit = await unitWithFiles({
    'reactive/eager!': plain({ test: 'note asked', invoke: 'note invoked' }),
  });
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['asked', 'invoked', 'asked']);
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['asked', 'invoked', 'asked']);
});

test('B14: another answer makes it run again, though no flag changed', async () => {
  const unit = await unitWithFiles({
    'reactive/parts!': plain({
      test: 'if charms.reactive hook start; then echo hook; else echo flags; fi',
      invoke: 'note "$2"',
    }),
  });
  await unit.run('start');
  expect(notes(unit).filter(Boolean)).toEqual(['hook', 'flags']);
});

test('B14: it runs again in the round after a flag changed, whoever changed it', async () => {
  const unit = await unitWithFiles(
    { 'reactive/eager!': plain({ invoke: 'note invoked; charms.reactive set_flag own' }) },
    {
      handlers: [
        handler(when('own'), whenNot('seen'), function see({ flags }) {
          flags.set('seen');
        }),
      ],
    },
  );
  const report = await unit.run('start');
  // In the first phase; then for its own change; then for the one of "see".
  expect(handlersOf(report)).toEqual(['reactive/eager', 'web.see', 'reactive/eager', 'reactive/eager']);
});

test('B8: an executable that goes round alone is named, with its flag, after a handful of rounds', async () => {
  const unit = await unitWithFiles({
    'reactive/flip!': plain({
      invoke:
        'note flip; if charms.reactive is_flag_set a; then charms.reactive clear_flag a; else charms.reactive set_flag a; fi',
    }),
  });
  const error = await unit.runFailing('start');
  expect(error).toBeInstanceOf(DispatchLoopError);
  expect((error as DispatchLoopError).handlers).toEqual(['reactive/flip']);
  expect((error as DispatchLoopError).flags).toEqual(['a']);
  expect(notes(unit).length).toBeLessThan(8);
  expect(unit.flags()).toEqual([]);
});

test('executables run after handlers in code, ordered by path, in every phase', async () => {
  const ran: string[] = [];
  const unit = await unitWithFiles(
    {
      'hooks/relations/x!': plain({ test: 'charms.reactive when_any go', invoke: 'note x' }),
      'reactive/b.sh!': plain({ test: 'charms.reactive hook start', invoke: 'note b' }),
      'reactive/a!': plain({ test: 'charms.reactive when go', invoke: 'note a' }),
      'hooks/reactive/c!': plain({ test: 'charms.reactive when_all go', invoke: 'note c' }),
    },
    {
      handlers: [
        noting(ran, 'code', 'go'),
        handler(hook('start'), function atStart() {
          ran.push('hook');
        }),
      ],
    },
  );
  unit.presetFlags('go');
  const report = await unit.run('start');
  expect(handlersOf(report)).toEqual([
    'web.atStart',
    'reactive/b.sh',
    'web.handler-1',
    'reactive/a',
    'hooks/reactive/c',
    'hooks/relations/x',
  ]);
  expect(report.runs.map(({ round }) => round)).toEqual([0, 0, 1, 1, 1, 1]);
  expect(ran).toEqual(['hook', 'code']);
  expect(notes(unit)).toEqual(['b', 'a', 'c', 'x']);
});

test('a flag that a queued executable waits for is cleared: it is asked again, and does not run', async () => {
  const unit = await unitWithFiles(
    {
      'reactive/a!': plain({
        test: 'charms.reactive when go',
        invoke: 'note a; charms.reactive clear_flag go',
      }),
      'reactive/b!': plain({ test: 'charms.reactive when go', invoke: 'note b' }),
      'reactive/c!': plain({ test: 'charms.reactive when stay', invoke: 'note c' }),
    },
    {},
  );
  unit.presetFlags('go', 'stay');
  await unit.run('start');
  expect(notes(unit)).toEqual(['a', 'c']);
  expect(unit.flags()).toEqual(['stay']);
});

test('Q6: one that fails fails the hook: its last words are in the log, and nothing is kept', async () => {
  const ran: string[] = [];
  const unit = await unitWithFiles(
    {
      'reactive/fails!': plain({
        invoke: 'charms.reactive set_flag half; echo to stdout; echo "what went wrong" >&2; exit 3',
      }),
      'reactive/later!': plain({ invoke: 'note later' }),
    },
    { handlers: [noting(ran, 'code', 'half')] },
  );
  unit.presetFlags('before');
  const bytes = unit.storeBytes();
  const error = await unit.runFailing('start');
  expect(error.message).toMatch(
    /^cannot finish the handler "reactive\/fails": it ended with exit code 3; it printed at last:\n/,
  );
  const log = unit.logLines().filter((line) => !line.startsWith('INFO'));
  expect(log[0]).toMatch(/^ERROR hook start failed in reactive\/fails/);
  expect(log.join('\n')).toContain('to stdout');
  expect(log.join('\n')).toContain('what went wrong');
  expect(unit.storeBytes()).toBe(bytes);
  expect(notes(unit)).toEqual([]);
  expect(ran).toEqual([]);
  expect(leftovers(unit)).toEqual([]);
});

test('one that is killed fails the hook, and so does one whose interpreter is missing', async () => {
  const killed = await unitWithFiles({ 'reactive/a!': plain({ invoke: 'kill -TERM $$' }) });
  expect((await killed.runFailing('start')).message).toMatch(
    /^cannot finish the handler "reactive\/a": it was killed by SIGTERM, and printed nothing$/,
  );
  const without = await unitWithFiles({ 'reactive/b!': '#!/no/such/interpreter\n' });
  expect((await without.runFailing('start')).message).toMatch(
    /^cannot run the handler "reactive\/b": the interpreter that its first line names is not there$/,
  );
});

test('only the end of much output is repeated', async () => {
  const unit = await unitWithFiles({
    'reactive/chatty!': plain({
      invoke: 'i=0; while [ $i -lt 1000 ]; do echo "line $i"; i=$((i + 1)); done; exit 1',
    }),
  });
  const { message } = await unit.runFailing('start');
  expect(message).toMatch(/line 999$/);
  expect(message).not.toContain('line 100\n');
  expect(message.length).toBeLessThan(4200);
});

test('one that the system cannot execute fails the hook before anything runs, by name', async () => {
  const ran: string[] = [];
  const unit = await unitWithFiles({ 'reactive/data!': '' }, { handlers: [noting(ran, 'a', 'go')] });
  unit.presetFlags('go');
  writeFileSync(path.join(unit.charmDir, 'reactive/data'), Buffer.from([0xff, 0xfe, 0x00]));
  expect((await unit.runFailing('start')).message).toMatch(/^cannot use the handler "reactive\/data"/);
  expect(unit.logLines().some((line) => line.includes('cannot use the handler "reactive/data"'))).toBe(true);
  expect(ran).toEqual([]);
});

test('a program in Python takes part, with nothing of this framework but the command and the store', async () => {
  const unit = await unitWithFiles({
    'reactive/snake!': `#!/usr/bin/env python3
import json, os, sqlite3, subprocess, sys

def connect():
    return sqlite3.connect(os.environ['UNIT_STATE_DB'])

if sys.argv[1] == '--test':
    row = connect().execute("select 1 from kv where key = 'reactive.states.go'").fetchone()
    sys.exit(0 if row else 1)
store = connect()
store.execute("insert into kv (key, data) values ('snake.count', ?)", [json.dumps({'a': [1, None]})])
store.execute("delete from kv where key = 'reactive.states.go'")
store.commit()
subprocess.run(['charms.reactive', 'set_flag', 'snake.done'], check=True)
`,
  });
  unit.presetFlags('go');
  const report = await unit.run('start');
  expect(handlersOf(report)).toEqual(['reactive/snake']);
  expect(unit.flags()).toEqual(['snake.done']);
  expect(unit.stored('snake.')).toEqual({ 'snake.count': { a: [1, null] } });
  expect(report.changes.map(({ flag, to, cause }) => ({ flag, to, cause }))).toEqual([
    { flag: 'go', to: 'clear', cause: { kind: 'handler', handler: 'reactive/snake' } },
    { flag: 'snake.done', to: 'set', cause: { kind: 'handler', handler: 'reactive/snake' } },
  ]);
});

test('a compiled program takes part', async () => {
  const unit = await unitWithFiles({});
  mkdirSync(path.join(unit.charmDir, 'reactive'));
  copyFileSync('/bin/true', path.join(unit.charmDir, 'reactive/yes'));
  copyFileSync('/bin/false', path.join(unit.charmDir, 'reactive/no'));
  expect(handlersOf(await unit.run('start'))).toEqual(['reactive/yes']);
});

test('in a restricted hook executables are asked too, once, and what they did is kept', async () => {
  const ran: string[] = [];
  const unit = await unitWithFiles(
    {
      'reactive/meter!': plain({
        test: 'note asked; charms.reactive restricted_hook collect-metrics',
        invoke: 'note invoked; charms.reactive set_flag metered',
      }),
    },
    { handlers: [noting(ran, 'code', 'metered')] },
  );
  const report = await unit.run('collect-metrics');
  expect(handlersOf(report)).toEqual(['reactive/meter']);
  expect(notes(unit)).toEqual(['asked', 'invoked']);
  expect(unit.flags()).toEqual(['metered']);
  expect(ran).toEqual([]);
  await unit.run('meter-status-changed');
  expect(notes(unit)).toEqual(['asked']);
});

test('executables run in the charm’s folder, in the environment Juju gave the hook', async () => {
  const unit = await unitWithFiles({
    'reactive/env!': plain({
      test: 'exit 0',
      invoke:
        'note "$PWD|$CHARM_DIR|$JUJU_CHARM_DIR|$JUJU_HOOK_NAME|$JUJU_UNIT_NAME"; command -v charms.reactive >> notes; read -r line || note eof',
    }),
  });
  await unit.run('db-relation-joined', { relation: 'db:1', unit: 'redis/0' });
  const { charmDir } = unit;
  expect(notes(unit)).toEqual([
    `${charmDir}|${charmDir}|${charmDir}|db-relation-joined|web/0`,
    `${charmDir}/bin/charms.reactive`,
    'eof',
  ]);
});

test('a daemon that a handler leaves behind, with its output open, holds nothing up', async () => {
  const unit = await unitWithFiles({
    'reactive/daemon!': plain({ test: 'exit 0', invoke: 'sleep 30 & echo $! > "$CHARM_DIR/pid"; note done' }),
  });
  await unit.run('start');
  expect(notes(unit)).toEqual(['done']);
  process.kill(Number(readFileSync(path.join(unit.charmDir, 'pid'), 'utf8')));
});

test('names and answers with odd characters reach their files and nobody else', async () => {
  const names = [
    'a b',
    "it's",
    '"q"',
    '$(touch ran)',
    '`touch ran`',
    'new\nline',
    '-n',
    'ünï',
    '*',
    ';touch ran',
  ];
  const unit = await unitWithFiles(
    Object.fromEntries(
      names.map((name) => [
        `reactive/${name}!`,
        plain({ test: `printf '%s' "$(basename -- "$0") & ; $(id -u)"`, invoke: `note "$2"` }),
      ]),
    ),
  );
  const report = await unit.run('start');
  expect(handlersOf(report).length).toBe(names.length);
  const noted = notes(unit);
  for (const name of names.filter((one) => !one.includes('\n'))) {
    expect(noted.some((line) => line.startsWith(`${name} & ;`))).toBe(true);
  }
  expect(existsSync(path.join(unit.charmDir, 'ran'))).toBe(false);
});

test('a NUL in the answer is refused by name', async () => {
  const unit = await unitWithFiles({ 'reactive/nul!': plain({ test: `printf 'a\\000b'` }) });
  expect((await unit.runFailing('start')).message).toMatch(/^cannot run the handler "reactive\/nul": .*NUL/);
});

test('the log has a line for each run, with the changes that woke it', async () => {
  const unit = await unitWithFiles(
    { 'reactive/a!': plain({ test: 'charms.reactive when go', invoke: ':' }) },
    {
      handlers: [
        handler(hook('start'), function begin({ flags }) {
          flags.set('other');
        }),
        handler(when('other'), function second({ flags }) {
          flags.set('go');
        }),
      ],
    },
  );
  await unit.run('start');
  expect(unit.logLines().filter((line) => line.includes('reactive/a'))).toEqual([
    'INFO running reactive/a (+go by handler web.second)',
  ]);
});
