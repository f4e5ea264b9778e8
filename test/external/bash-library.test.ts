import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type FunctionHandler, handler, hook, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, type TrialUnit } from '../charm/trial-unit.ts';
import { bash, notes, unitWithBash, unitWithFiles } from './external-unit.ts';

/** Puts a program in the place of `charms.reactive` that writes down how it is called, and fails. */
function refuseCommand(unit: TrialUnit): void {
  const file = path.join(unit.charmDir, 'bin/charms.reactive');
  writeFileSync(file, '#!/bin/sh\necho "charms.reactive $*" >> "$CHARM_DIR/notes"\nexit 1\n');
  chmodSync(file, 0o755);
}

function setting(...flags: string[]): FunctionHandler {
  return handler(hook('start'), function begin(unit) {
    for (const flag of flags) unit.flags.set(flag);
  });
}

test('each decorator holds as it does in code', async () => {
  const unit = await unitWithBash(`
@when a b
function when_all_set() { note when; }
@when a missing
function never_1() { note never; }
@when_all a b
function when_all_() { note when_all; }
@when_any missing b
function when_any_() { note when_any; }
@when_any missing gone
function never_2() { note never; }
@when_not missing gone
function when_not_() { note when_not; }
@when_not missing a
function never_3() { note never; }
@when_none missing
function when_none_() { note when_none; }
@when_not_all a missing
function when_not_all_() { note when_not_all; }
@when_not_all a b
function never_4() { note never; }
`);
  unit.presetFlags('a', 'b');
  const report = await unit.run('update-status');
  expect(handlersOf(report)).toEqual([
    'reactive/web.sh "when_all_set,when_all_,when_any_,when_not_,when_none_,when_not_all_"',
  ]);
  expect(notes(unit)).toEqual(['when', 'when_all', 'when_any', 'when_not', 'when_none', 'when_not_all']);
});

test('decorators on one function must all hold, in whatever layout they are written', async () => {
  const unit = await unitWithBash(`
@when a
# why it waits for b
@when b

@when_not \\
    c \\
    d
both () {
    note both
}
    @when   'a'   "b"   # as it stands
    function   indented   {
        note indented
    }
@when a; @when b
function odd-name.with:signs() { note odd; }
`);
  unit.presetFlags('a', 'b');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['both', 'indented', 'odd']);
});

test('a test of a bash handler starts no other process, whatever it waits for', async () => {
  const unit = await unitWithFiles({
    'reactive/web.sh!': bash(`
[[ $REACTIVE_ACTION != --test ]] || PATH=/nowhere
@when a
@when_not b
function flags_1() { note flags; }
@when_any 'layer.*.ready' 'x.{y,z}'
function patterns_1() { note patterns; }
@hook '{requires:redis}-relation-{joined,changed}'
function hooks_1() { note hooks; }
@when a
@only_once
function once_1() { note once; }
@collect_metrics
function metrics_1() { note metrics; }
`),
  });
  refuseCommand(unit);
  unit.presetFlags('a', 'layer.db.ready');
  await unit.run('cache-relation-changed', { relation: 'cache:1', unit: 'redis/0' });
  expect(notes(unit)).toEqual(['hooks', 'flags', 'patterns', 'once']);
});

test('one file of 200 functions and a unit of 2,000 flags are tested by bash alone', async () => {
  const functions = Array.from(
    { length: 200 },
    (_, number) =>
      `@when flag.${number * 10} other.${number}\nfunction handle_${number}() { note ${number}; }\n`,
  );
  const unit = await unitWithBash(functions.join(''));
  refuseCommand(unit);
  unit.presetFlags(...Array.from({ length: 2000 }, (_, number) => `flag.${number}`), 'other.7', 'other.9');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['7', '9']);
});

test('hook handlers run in their hook before those that wait for flags, by name or pattern', async () => {
  const unit = await unitWithBash(`
@when a
function flags_1() { note flags; }
@hook start stop
function start_stop() { note start or stop; }
@hook '{requires:redis}-relation-{joined,changed}'
function redis() { note redis; }
@hook '{ provides : http }-relation-{ joined , broken }'
function http() { note http; }
@hook '{peer:web-ring}-relation-joined'
function ring() { note ring; }
@hook 'db-relation-{changed}'
function one_part() { note one part; }
@hook '{requires:nothing}-relation-joined'
function nothing() { note nothing; }
`);
  unit.presetFlags('a');
  await unit.run('start');
  expect(notes(unit)).toEqual(['start or stop', 'flags']);
  await unit.run('db-relation-changed', { relation: 'db:1', unit: 'redis/0' });
  expect(notes(unit)).toEqual(['redis', 'one part', 'flags']);
  await unit.run('site-relation-joined', { relation: 'site:2', unit: 'proxy/0' });
  expect(notes(unit)).toEqual(['http', 'flags']);
  await unit.run('ring-relation-joined', { relation: 'ring:3', unit: 'web/1' });
  expect(notes(unit)).toEqual(['ring', 'flags']);
});

test('B10: @hook and @when together wait for both, among the handlers of flags', async () => {
  const unit = await unitWithBash(`
@hook start
@when a
function both() { note both; }
@hook start
function hook_only() { note hook only; }
`);
  await unit.run('start');
  expect(notes(unit)).toEqual(['hook only']);
  unit.presetFlags('a');
  await unit.run('start');
  expect(notes(unit)).toEqual(['hook only', 'both']);
  await unit.run('stop');
  expect(notes(unit)).toEqual([]);
});

test('a hook pattern that cannot be read fails the hook, naming file and pattern', async () => {
  for (const [pattern, why] of [
    ['{requirer:redis}-relation-joined', '"requirer" is no role'],
    ['db-relation-{joined', 'a brace too many or too few'],
  ]) {
    const unit = await unitWithBash(`@hook '${pattern}'\nfunction f() { :; }`);
    const { message } = await unit.runFailing('start');
    expect(message).toMatch(/^cannot use the handler "reactive\/web.sh": /);
    expect(message).toContain(why);
  }
});

test('decorators without arguments, or without a function, fail the hook, naming the line', async () => {
  const cases = {
    '@when\nfunction f() { :; }': /web.sh:4: @when needs at least one argument/,
    "@when ''\nfunction f() { :; }": /web.sh:4: @when was given an empty argument/,
    '@when a\necho between\nfunction f() { :; }': /web.sh:4: no function follows @when/,
    '@when a\n': /web.sh:4: no function follows @when/,
  };
  for (const [body, why] of Object.entries(cases)) {
    const unit = await unitWithBash(body);
    expect((await unit.runFailing('start')).message).toMatch(why);
  }
});

test('Q5: a function runs again in the same hook only if one of its own flags changed', async () => {
  const unit = await unitWithBash(
    `
@when a
function on_a() { note a; }
@when b
function on_b() { note b; }
@when c
function on_c() { note c; }
@when_not gone
function always() { note always; }
@when_any 'c*'
function on_c_like() { note like c; }
`,
    {
      handlers: [
        handler(when('a'), function first({ flags }) {
          flags.set('b');
        }),
        handler(when('b'), function second({ flags }) {
          flags.set('c');
        }),
      ],
    },
  );
  unit.presetFlags('a');
  const report = await unit.run('update-status');
  expect(notes(unit)).toEqual(['a', 'always', 'b', 'c', 'like c']);
  expect(handlersOf(report)).toEqual([
    'web.first',
    'reactive/web.sh "on_a,always"',
    'web.second',
    'reactive/web.sh "on_b"',
    'reactive/web.sh "on_c,on_c_like"',
  ]);
});

test('functions of one file chain through flags they set themselves, within one hook', async () => {
  const unit = await unitWithBash(`
@hook install
function begin() { set_flag one; }
@when one
@when_not two
function go_on() { set_flag two; clear_flag one; }
@when two
function finish() { note "flags: $(get_flags | tr '\\n' ' ')."; }
`);
  await unit.run('install');
  expect(notes(unit)).toEqual(['flags: two.']);
  expect(unit.flags()).toEqual(['two']);
});

test('what a handler asks about flags is answered without a process, after it changed some too', async () => {
  const unit = await unitWithBash(`
@when a
function f() {
    set_flag b
    clear_flag a
    mv "$CHARM_DIR/bin/charms.reactive" "$CHARM_DIR/bin/elsewhere"
    is_flag_set b && is_state b && ! is_flag_set a && note one
    all_flags_set b && ! all_states a b && all_flags_set && note all
    any_flags_set a b && ! any_states a c && ! any_flags_set && note any
    note "$(charms.reactive get_flags)"
    charms.reactive all_flags_set b && note command
}
`);
  unit.presetFlags('a');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['one', 'all', 'any', 'b', 'command']);
});

test('the log names the functions, and the flags of theirs that changed', async () => {
  const unit = await unitWithBash(
    `
@when a 'b.*'
function f() { :; }
@when unrelated
function g() { :; }
`,
    { handlers: [setting('a', 'b.1', 'noise')] },
  );
  await unit.run('start');
  expect(unit.logLines()).toContain(
    'INFO running reactive/web.sh "f" (+a by handler web.begin; +b.1 by handler web.begin)',
  );
});

test('wildcards in flags stand for set flags, as in code', async () => {
  const unit = await unitWithBash(`
@when 'config.changed.*'
function star() { note star; }
@when 'a?c'
function question() { note question; }
@when '{x,y}.ready' 'deep/*'
function braces() { note braces; }
@when '[ab]*'
function brackets() { note brackets are letters; }
@when_not 'q*'
function none() { note none; }
@when 'plain[1]' 'un{closed' '{one}'
function plain_1() { note plain; }
@when 'no.match.*'
function never() { note never; }
`);
  unit.presetFlags(
    'config.changed.port',
    'abc',
    'y.ready',
    'deep/a/b',
    '[ab]x',
    'plain[1]',
    'un{closed',
    '{one}',
  );
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['star', 'question', 'braces', 'brackets are letters', 'none', 'plain']);
});

test('odd flag names are only names', async () => {
  const odd = [
    "it's",
    '"quoted"',
    'a b',
    '$(touch ran)',
    '`touch ran`',
    '$HOME',
    'a]b[c',
    ']',
    '@',
    '!',
    'new\nline',
    'back\\slash',
    'ünï-cöde 😀',
    '-n',
    '--help',
    ';touch ran',
    '~',
    '=',
    '#',
    'a,b',
  ];
  const quoted = odd.map(
    (flag) => `$'${flag.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`,
  );
  const unit = await unitWithBash(`
${quoted.map((flag, number) => `@when ${flag}\nfunction f${number}() { is_flag_set -- ${flag} && note ${number}; }`).join('\n')}
@when_any ${quoted.map((flag) => `${flag.slice(0, -1)}x'`).join(' ')}
function never() { note never; }
`);
  unit.presetFlags(...odd);
  await unit.run('update-status');
  expect(notes(unit)).toEqual(odd.map((_, number) => String(number)));
  expect(() => readFileSync(path.join(unit.charmDir, 'ran'))).toThrow();
});

test('@only_once: until it ran to its end in a hook that succeeded', async () => {
  const unit = await unitWithBash(`
@when go
@only_once
function install() { note install; [[ ! -e $CHARM_DIR/fail ]] || exit 1; }
@only_once
function no_flags() { note no flags; }
`);
  await unit.run('start');
  expect(notes(unit)).toEqual(['no flags']);
  unit.presetFlags('go');
  writeFileSync(path.join(unit.charmDir, 'fail'), '');
  await unit.runFailing('start');
  expect(notes(unit)).toEqual(['install']);
  rmSync(path.join(unit.charmDir, 'fail'));
  await unit.run('start');
  await unit.run('start');
  expect(notes(unit)).toEqual(['install']);
  expect(unit.stored('reactive.invoked.')).toEqual({
    'reactive.invoked.reactive/web.sh:install': true,
    'reactive.invoked.reactive/web.sh:no_flags': true,
  });
});

test('B6: @only_once tells functions apart by name, not by line; what a Python charm marked stays done', async () => {
  const unit = await unitWithBash('@only_once\nfunction install() { note install; }');
  await unit.run('start');
  expect(notes(unit)).toEqual(['install']);
  const file = path.join(unit.charmDir, 'reactive/web.sh');
  writeFileSync(file, readFileSync(file, 'utf8').replace('@only_once', '# a comment\n\n@only_once'));
  await unit.run('start');
  expect(notes(unit)).toEqual([]);

  const upgraded = await unitWithBash('@only_once\nfunction install() { note install; }');
  const { SqliteStore } = await import('charms-reactive/testing');
  const store = new SqliteStore({ path: upgraded.storeFile });
  store.set(`reactive.invoked.${upgraded.charmDir}/reactive/web.sh:17:install`, true);
  store.flush();
  store.close();
  await upgraded.run('start');
  expect(notes(upgraded)).toEqual([]);
});

test('B5: @only_once and @when_file_changed run among handlers of flags, and in no restricted hook', async () => {
  const unit = await unitWithFiles({
    'reactive/web.sh!': bash(`
@only_once
function once() { note "once in $_reactive_phase"; }
@when_file_changed /etc/hostname
function watch() { note "watch in $_reactive_phase"; }
@hook start
function begin() { note begin; }
@collect_metrics
function collect() { note collect; }
@meter_status_changed
function meter() { note meter; }
`),
  });
  await unit.run('collect-metrics');
  expect(notes(unit)).toEqual(['collect']);
  await unit.run('meter-status-changed');
  expect(notes(unit)).toEqual(['meter']);
  await unit.run('start');
  expect(notes(unit)).toEqual(['begin', 'once in other', 'watch in other']);
});

test('@when_file_changed: when a file is not as the function left it', async () => {
  const unit = await unitWithBash(`
@when_file_changed watched.conf
function restart() { note restart; }
`);
  const file = path.join(unit.charmDir, 'watched.conf');
  const runs = async (): Promise<string[]> => {
    await unit.run('update-status');
    return notes(unit);
  };
  expect(await runs()).toEqual([]);
  writeFileSync(file, 'one');
  expect(await runs()).toEqual(['restart']);
  expect(await runs()).toEqual([]);
  writeFileSync(file, 'two');
  expect(await runs()).toEqual(['restart']);
  rmSync(file);
  expect(await runs()).toEqual(['restart']);
  expect(await runs()).toEqual([]);
});

test('B2, B4: each function has a memory of its own, and a change waits for its other conditions', async () => {
  const unit = await unitWithBash(`
@when_file_changed "$CHARM_DIR/watched.conf"
function one() { note one; }
@when_file_changed "$CHARM_DIR/watched.conf"
@when go
function two() { note two; }
`);
  writeFileSync(path.join(unit.charmDir, 'watched.conf'), 'x');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['one']);
  unit.presetFlags('go');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['two']);
  await unit.run('update-status');
  expect(notes(unit)).toEqual([]);
});

test('a file written by one function restarts the service by another, in the same hook', async () => {
  const unit = await unitWithBash(`
@hook config-changed
function render() { echo "$RANDOM $RANDOM" > app.conf; }
@when_not never
function write_again() { [[ -e second ]] || { echo more >> app.conf; : > second; }; }
@when_file_changed app.conf
function restart() { note restart; echo "# started" >> app.conf; }
`);
  await unit.run('config-changed');
  expect(notes(unit)).toEqual(['restart']);
  await unit.run('update-status');
  expect(notes(unit)).toEqual([]);
});

test('a file that a handler in code writes in the same round is seen in the next', async () => {
  const unit = await unitWithBash(
    `
@when go
function first() { note first; }
@when_file_changed app.conf
function restart() { note restart; }
`,
    {
      handlers: [
        handler(when('go'), function other({ flags }) {
          flags.clear('go2');
        }),
        handler(when('go'), function late(unit) {
          unit.atExit(() => undefined);
        }),
      ],
    },
  );
  unit.presetFlags('go');
  writeFileSync(path.join(unit.charmDir, 'app.conf'), '1');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['first', 'restart']);
});

test('a file that a Python charm watched wakes nobody after the upgrade, unless it changed', async () => {
  const { createHash } = await import('node:crypto');
  const { SqliteStore } = await import('charms-reactive/testing');
  const unit = await unitWithBash('@when_file_changed /etc/hostname\nfunction restart() { note restart; }');
  const store = new SqliteStore({ path: unit.storeFile });
  const hash = createHash('md5').update(readFileSync('/etc/hostname')).digest('hex');
  store.set('reactive.files_changed./etc/hostname', hash);
  store.flush();
  store.close();
  await unit.run('update-status');
  expect(notes(unit)).toEqual([]);
});

test('B7: two functions of one name are two handlers, each with its own conditions and body', async () => {
  const unit = await unitWithBash(`
@when_not db.available
function report() { note "no db"; }
@when_not admin.password
function report() { note "no password"; }
@when a
@only_once
report () { note "third $1"; }
`);
  unit.presetFlags('db.available');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['no password']);
  unit.presetFlags('a', 'admin.password');
  await unit.run('update-status');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['third ']);
});

test('handler files may set -euo pipefail, odd IFS and globbing options', async () => {
  const unit = await unitWithFiles({
    'reactive/web.sh!': `#!/bin/bash
set -euo pipefail
shopt -s nullglob failglob nocasematch inherit_errexit
IFS=$'\\n,='
source charms.reactive.sh
note() { printf '%s\\n' "$*" >> "$CHARM_DIR/notes"; }
@when 'a' b,c
@when_not 'A*b' missing
@only_once
function f() {
    if is_flag_set missing; then note never; fi
    any_flags_set missing a && note any
    all_flags_set a missing || note not-all
    note "$- \${IFS@Q}"
}
@hook nothing
function g() { :; }
reactive_handler_main
`,
  });
  unit.presetFlags('a', 'b,c');
  await unit.run('update-status');
  const [any, all, options] = notes(unit);
  expect([any, all]).toEqual(['any', 'not-all']);
  expect(options).toMatch(/^[a-zA-Z]*e[a-zA-Z]*u/);
  expect(options).toContain("$'\\n,='");
});

test('with set -e a command that fails inside a function fails the hook; without, only what the file ends with', async () => {
  const failing = await unitWithFiles({
    'reactive/web.sh!': bash('set -e\n@hook start\nfunction f() { note before; false; note after; }'),
  });
  expect((await failing.runFailing('start')).message).toMatch(/exit code 1/);
  expect(notes(failing)).toEqual(['before']);
  const lenient = await unitWithBash('@hook start\nfunction f() { note before; false; }');
  await lenient.run('start');
  expect(notes(lenient)).toEqual(['before']);
});

test('files may share functions, and source the library more than once', async () => {
  const unit = await unitWithFiles({
    'lib/common.sh':
      'source charms.reactive.sh\nshared() { note "shared $1"; }\n@when a\nfunction from_common() { shared common; }\n',
    'reactive/web.sh!': bash('@when a\nfunction own() { shared own; }\nsource "$CHARM_DIR/lib/common.sh"'),
  });
  unit.presetFlags('a');
  await unit.run('update-status');
  expect(notes(unit)).toEqual(['shared own', 'shared common']);
});

test('set -x shows what the handlers do and nothing of the library', async () => {
  const unit = await unitWithFiles({
    'reactive/web.sh!': `#!/bin/bash
exec 2>> "$CHARM_DIR/trace"
set -x
source charms.reactive.sh
@when a
function f() { : in f; is_flag_set a; }
reactive_handler_main
`,
  });
  unit.presetFlags('a');
  await unit.run('update-status');
  const lines = readFileSync(path.join(unit.charmDir, 'trace'), 'utf8').split('\n');
  expect(lines).toContain('+ : in f');
  const known = ['source', '@when', 'reactive_handler_main', 'f', ': in f', 'is_flag_set', 'charms.reactive'];
  expect(lines.filter((line) => !known.some((word) => line.startsWith(`+ ${word}`)) && line !== '')).toEqual(
    [],
  );
});

test('a file that is run by hand, without a hook, asks the command what would run', async () => {
  const unit = await unitWithBash(`
@when "it's" 'a b'
@only_once
function ready() { note ready; }
@when missing
function never() { note never; }
@hook start
function begin() { note begin; }
`);
  unit.presetFlags("it's", 'a b');
  const { execFileSync, spawnSync } = await import('node:child_process');
  const { charmDir } = unit;
  const env = { PATH: `/usr/bin:/bin:${charmDir}/bin`, CHARM_DIR: charmDir };
  const file = path.join(charmDir, 'reactive/web.sh');
  expect(execFileSync(file, ['--test'], { env, encoding: 'utf8' })).toBe('ready\n');
  execFileSync(file, ['--invoke', 'ready'], { env });
  expect(notes(unit)).toEqual(['ready']);
  expect(spawnSync(file, ['--test'], { env }).status).toBe(1);
  expect(spawnSync(file, ['--invoke', 'nobody'], { env, encoding: 'utf8' })).toMatchObject({ status: 2 });
});

test('the library tells what it is for when it is run', async () => {
  const { execFileSync } = await import('node:child_process');
  const library = path.resolve('src/shell/charms.reactive.sh');
  expect(execFileSync('bash', [library], { encoding: 'utf8' })).toMatch(/reactive_handler_main/);
});
