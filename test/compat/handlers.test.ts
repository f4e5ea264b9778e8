import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineLayer, handler, Layer, when as nativeWhen } from 'charms-reactive';
import {
  clear_flag,
  collect_metrics,
  hook,
  meter_status_changed,
  not_unless,
  only_once,
  set_flag,
  when,
  when_all,
  when_any,
  when_file_changed,
  when_none,
  when_not,
  when_not_all,
} from 'charms-reactive/compat';
import { SqliteStore } from 'charms-reactive/testing';
import { expect, test } from 'vitest';
import { handlersOf } from '../charm/trial-unit.ts';
import { trialOf } from './python-charm.ts';

const SUBSETS = [[], ['a'], ['b'], ['a', 'b']];

test.each(SUBSETS.map((flags) => ({ flags })))(
  'each kind of decorator holds back a plain function as its name says, with flags $flags',
  async ({ flags }) => {
    const unit = trialOf(() => {
      when('a', 'b')(function both() {});
      when_all('a', 'b')(function all() {});
      when_any('a', 'b')(function any() {});
      when_not('a', 'b')(function neither() {});
      when_none('a', 'b')(function none() {});
      when_not_all('a', 'b')(function notAll() {});
      when_not('a')(when('b')(function onlyB() {}));
      hook('install')(function atInstall() {});
      hook('install')(when('a')(function atInstallWithA() {}));
    });
    unit.presetFlags(...flags);
    const [a, b] = [flags.includes('a'), flags.includes('b')];
    const byFlags = [
      ...(a && b ? ['both', 'all'] : []),
      ...(a || b ? ['any'] : []),
      ...(!a && !b ? ['neither', 'none'] : []),
      ...(a && b ? [] : ['notAll']),
      ...(!a && b ? ['onlyB'] : []),
    ];
    expect(handlersOf(await unit.run('update-status'))).toEqual(byFlags);
    expect(handlersOf(await unit.run('install'))).toEqual([
      'atInstall',
      ...byFlags,
      ...(a ? ['atInstallWithA'] : []),
    ]);
  },
);

test('a decorator gives the function back, which stays an ordinary one', async () => {
  const calls: string[] = [];
  const start = when_not('web.started')(async function start(name: string = 'the framework') {
    calls.push(name);
    set_flag('web.started');
    return 'started';
  });
  const unit = trialOf(() => {
    when_not('web.started')(start);
    when('web.started')(async function again() {
      calls.push(String(await start('again')));
    });
  });
  await unit.run('install');
  expect(calls).toEqual(['the framework', 'again', 'started']);
  expect(unit.flags()).toEqual(['web.started']);
});

test('handlers of plain functions run after those of layers, in the order in which they were registered', async () => {
  class Web extends Layer {
    @nativeWhen('go')
    method(): void {}
  }
  const unit = trialOf(
    () => {
      when('go')(function second() {});
      when('go')(function first() {});
    },
    { layers: { web: Web, more: defineLayer('more', [handler(nativeWhen('go'), function third() {})]) } },
  );
  unit.presetFlags('go');
  const report = await unit.run('update-status');
  expect(handlersOf(report)).toEqual(['web.method', 'more.third', 'second', 'first']);
});

test('B7: functions made in a loop are handlers of their own', async () => {
  const ran: string[] = [];
  const unit = trialOf(() => {
    for (const name of ['db', 'cache', 'queue']) {
      when(`${name}.ready`)(function configure() {
        ran.push(name);
      });
    }
  });
  unit.presetFlags('db.ready', 'queue.ready');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['configure', 'configure#3']);
  expect(ran).toEqual(['db', 'queue']);
});

test('one function decorated several times waits for all of it', async () => {
  const unit = trialOf(() => {
    const configure = (): void => {};
    for (const flag of ['a', 'b']) when(flag)(configure);
  });
  unit.presetFlags('a');
  expect(handlersOf(await unit.run('update-status'))).toEqual([]);
  unit.presetFlags('b');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['configure']);
});

test('a function without a name is called a handler in the log', async () => {
  const unit = trialOf(() => {
    when('a')(() => {});
    when('a')(() => {});
  });
  unit.presetFlags('a');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['handler', 'handler#2']);
  expect(unit.logLines()).toContain('INFO running handler#2 (its flags stood so before this hook)');
});

test('a handler that throws fails the hook, which keeps nothing and names it', async () => {
  const unit = trialOf(() => {
    when_not('started')(function start() {
      set_flag('started');
    });
    when('started')(async function serve() {
      throw new Error('no port');
    });
  });
  const error = await unit.runFailing('install');
  expect(error.message).toBe('no port');
  expect(unit.flags()).toEqual([]);
  expect(unit.logLines().join('\n')).toContain('hook install failed in serve');
});

test('Q4: clearing a flag takes queued functions out, setting one does not', async () => {
  const unit = trialOf(() => {
    when('go')(function sweeper() {
      clear_flag('a');
      set_flag('b');
    });
    when('a')(function waitsForA() {});
    when_not('b')(function waitsForNoB() {});
  });
  unit.presetFlags('go', 'a');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['sweeper']);
});

test('runs once only, from hook to hook, and again after a hook that failed', async () => {
  let failing = true;
  const unit = trialOf(() => {
    only_once(function install() {
      if (failing) throw new Error('not yet');
    });
    only_once()(when('a')(function seed() {}));
  });
  await unit.runFailing('install');
  failing = false;
  expect(handlersOf(await unit.run('install'))).toEqual(['install']);
  unit.presetFlags('a');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['seed']);
  expect(handlersOf(await unit.run('update-status'))).toEqual([]);
  expect(unit.stored('reactive.invoked.')).toEqual({
    'reactive.invoked.install': true,
    'reactive.invoked.seed': true,
  });
});

test('B6: what runs once is known by its name, however many functions of that name come before it', async () => {
  const ran: string[] = [];
  const once = () =>
    only_once(function install() {
      ran.push('once');
    });
  const unit = trialOf(once);
  await unit.run('install');
  const later = trialOf(() => {
    when_not('never')(function install() {
      ran.push('always');
    });
    once();
  });
  later.charm = unit.charm;
  expect(handlersOf(await unit.run('upgrade-charm'))).toEqual(['install#2']);
  expect(ran).toEqual(['once', 'always']);
});

test('two functions of one name that run once each cannot be told apart, and fail the hook', async () => {
  const unit = trialOf(() => {
    only_once(function install() {});
    only_once(function install() {});
  });
  const error = await unit.runFailing('install');
  expect(error.message).toBe(
    'cannot tell two handlers called "install" apart: each runs only once, and is remembered by its name; rename one',
  );
});

test('what ran once under the Python charm does not run again', async () => {
  const ran: string[] = [];
  const unit = trialOf(() => {
    only_once(function install() {
      ran.push('install');
    });
    only_once(function reinstall() {
      ran.push('reinstall');
    });
  });
  const store = new SqliteStore({ path: unit.storeFile });
  store.set('reactive.invoked./var/lib/juju/agents/unit-web-0/charm/reactive/web.py:14:install', true);
  store.flush();
  store.close();
  await unit.run('upgrade-charm');
  await unit.run('update-status');
  expect(ran).toEqual(['reinstall']);
  expect(unit.logLines()).toContain('INFO install ran once under the Python charm, and does not run again');
});

test('Q21 B2 B4: watches files by path or function, each handler for itself, until it ran', async () => {
  const options = (unit: { readonly charmDir: string }) => path.join(unit.charmDir, 'options.txt');
  const unit = trialOf(() => {
    when_file_changed('options.txt')(function reload() {});
    when_file_changed(() => ['options.txt', 'more.txt'], { hash_type: 'sha256' })(
      when('ready')(function restart() {}),
    );
  });
  writeFileSync(options(unit), 'one');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['reload']);
  expect(handlersOf(await unit.run('update-status'))).toEqual([]);
  writeFileSync(options(unit), 'two');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['reload']);
  unit.presetFlags('ready');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['restart']);
  expect(unit.stored('reactive.file_watch.')).toEqual({
    'reactive.file_watch.reload': { 'options.txt': 'b8a9f715dbb64fd5c56e7783c6820a61' },
    'reactive.file_watch.restart': {
      'more.txt': null,
      'options.txt': '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',
    },
  });
});

test('Q20: in restricted hooks only those run that ask for them, and exit callbacks do not', async () => {
  const unit = trialOf(() => {
    collect_metrics()(function collect() {
      set_flag('collected');
    });
    meter_status_changed()(function meter() {});
    when_not('never')(function always() {});
    hook('collect-metrics')(function byName() {});
  });
  expect(handlersOf(await unit.run('collect-metrics'))).toEqual(['collect']);
  expect(handlersOf(await unit.run('meter-status-changed'))).toEqual(['meter']);
  expect(handlersOf(await unit.run('update-status'))).toEqual(['always']);
  expect(unit.flags()).toEqual(['collected']);
});

test('B12: a guarded function throws while its flags are not set, and is itself when they are', async () => {
  const calls: unknown[][] = [];
  const render = not_unless(
    'config.ready',
    'db.ready',
  )(function renderPage(...given: unknown[]) {
    calls.push(given);
    return given.length;
  });
  expect([render.name, render.length]).toEqual(['renderPage', 0]);
  const unit = trialOf(() => {
    when_not('never')(function start() {
      calls.push([render('a', 2)]);
    });
  });
  unit.presetFlags('db.ready');
  const error = await unit.runFailing('install');
  expect(error.message).toBe('cannot call "renderPage" yet: not set: "config.ready"');
  unit.presetFlags('config.ready');
  await unit.run('install');
  expect(calls).toEqual([['a', 2], [2]]);
});

test('a guard stands above, below or between the conditions of a handler', async () => {
  const unit = trialOf(() => {
    not_unless('ready')(when('above')(function above() {}));
    when('below')(not_unless('ready')(function below() {}));
    when('c')(not_unless('ready')(when('between')(function between() {})));
    not_unless('ready')(not_unless('more')(when('twice')(function twice() {})));
  });
  unit.presetFlags('between');
  expect(handlersOf(await unit.run('update-status'))).toEqual([]);
  for (const flag of ['above', 'below', 'c', 'twice']) {
    unit.presetFlags(flag);
    const { message } = await unit.runFailing('update-status');
    const name = flag === 'c' ? 'between' : flag;
    expect(message).toBe(`cannot call "${name}" yet: not set: "ready"`);
    const store = new SqliteStore({ path: unit.storeFile });
    store.unset(`reactive.states.${flag}`);
    store.flush();
    store.close();
  }
  unit.presetFlags('twice', 'ready');
  expect((await unit.runFailing('update-status')).message).toBe('cannot call "twice" yet: not set: "more"');
  unit.presetFlags('above', 'below', 'between', 'c', 'more');
  expect(handlersOf(await unit.run('update-status'))).toEqual(['above', 'below', 'between', 'twice']);
});

test('the decorators work on methods of a layer too', async () => {
  const ran: string[] = [];
  class Web extends Layer {
    @hook('install')
    install(): void {
      ran.push(`install on ${this.unit.name}`);
    }
    @when('a')
    @when_not('b')
    async configure(): Promise<void> {
      ran.push('configure');
      expect(() => this.serve(1)).toThrow('cannot call "serve" yet: not set: "b"');
    }
    @not_unless('b')
    serve(port: number): number {
      return port;
    }
    @only_once
    seed(): void {
      ran.push('seed');
    }
    @only_once()
    grow(): void {
      ran.push('grow');
    }
    @when_file_changed('options.txt', { hash_type: 'sha1' })
    reload(): void {
      ran.push('reload');
    }
    @collect_metrics()
    collect(): void {}
    @meter_status_changed()
    meter(): void {}
    @when_any('a', 'z')
    @when_not_all('a', 'z')
    @when_none('y')
    @when_all('a')
    many(): void {
      ran.push('many');
    }
  }
  const unit = trialOf(() => {}, { layers: { web: Web } });
  unit.presetFlags('a');
  await unit.run('install');
  expect(ran).toEqual(['install on web/0', 'configure', 'seed', 'grow', 'many']);
  ran.length = 0;
  writeFileSync(path.join(unit.charmDir, 'options.txt'), '');
  unit.presetFlags('b');
  await unit.run('update-status');
  expect(ran).toEqual(['reload', 'many']);
  expect(handlersOf(await unit.run('collect-metrics'))).toEqual(['web.collect']);
});

test('what is no function is refused at once, by what it should have been', () => {
  const decorate = when('a') as unknown as (handler: unknown) => unknown;
  for (const wrong of [when('b'), nativeWhen('b'), undefined, 'start', {}]) {
    expect(() => decorate(wrong)).toThrow(
      "cannot register a handler: what is decorated must be a function, as in when('a')(function start() {})",
    );
  }
  expect(() => only_once(() => {})).toThrow('it is known by its name, and has none');
  expect(() => when()).toThrow('give at least one flag');
  expect(() => when_file_changed()).toThrow('give at least one file');
});

test('B35: {endpoint_name} in a charm layer is an error that names the handler', async () => {
  const unit = trialOf(() => {
    when('endpoint.{endpoint_name}.joined')(function joined() {});
  });
  expect((await unit.runFailing('install')).message).toContain('cannot register the handler "joined"');
});

test('B8: functions that keep each other going fail the hook by their names', async () => {
  const unit = trialOf(() => {
    when('ping')(function ping() {
      clear_flag('ping');
      set_flag('pong');
    });
    when('pong')(function pong() {
      clear_flag('pong');
      set_flag('ping');
    });
  });
  unit.presetFlags('ping');
  const { message } = await unit.runFailing('update-status');
  expect(message).toContain('"ping"');
  expect(message).toContain('"pong"');
});
