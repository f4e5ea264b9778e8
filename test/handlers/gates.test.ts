import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  collectMetrics,
  defineLayer,
  Endpoint,
  FlagsMissingError,
  type FunctionHandler,
  handler,
  hook,
  Layer,
  notUnless,
  onlyOnce,
  type Unit,
  when,
  whenFileChanged,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

function unitWith(handlers: readonly FunctionHandler[], ...flags: string[]): TrialUnit {
  const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers) } }));
  unit.presetFlags(...flags);
  return unit;
}

function write(unit: TrialUnit, file: string, text: string): void {
  writeFileSync(path.join(unit.charmDir, file), text);
}

async function ran(unit: TrialUnit, name = 'update-status'): Promise<string[]> {
  return handlersOf(await unit.run(name)).map((id) => id.replace('web.', ''));
}

test('a file wakes its handler when it is made, changed and removed, and not when it stays', async () => {
  const unit = unitWith([handler(whenFileChanged('app.conf'), function reload() {})]);
  expect(await ran(unit)).toEqual([]);
  write(unit, 'app.conf', 'one');
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
  write(unit, 'app.conf', 'two');
  expect(await ran(unit)).toEqual(['reload']);
  write(unit, 'app.conf', 'two');
  expect(await ran(unit)).toEqual([]);
  rmSync(path.join(unit.charmDir, 'app.conf'));
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
});

test('a file that a function names is found anew each time, and several files are watched at once', async () => {
  let names: string | readonly string[] = 'a';
  const unit = unitWith([
    handler(
      whenFileChanged('fixed', () => names, { hash: 'sha256' }),
      function reload() {},
    ),
  ]);
  write(unit, 'a', '1');
  expect(await ran(unit)).toEqual(['reload']);
  write(unit, 'fixed', '1');
  expect(await ran(unit)).toEqual(['reload']);
  names = ['a', 'b'];
  expect(await ran(unit)).toEqual([]);
  write(unit, 'b', '1');
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
});

test('a path with odd characters, and one through a file, are paths like any other', async () => {
  const unit = unitWith([
    handler(whenFileChanged('__proto__', 'file/below', 'ümlaut 🎈'), function reload() {}),
  ]);
  write(unit, 'file', '');
  expect(await ran(unit)).toEqual([]);
  write(unit, '__proto__', '1');
  expect(await ran(unit)).toEqual(['reload']);
  write(unit, 'ümlaut 🎈', '1');
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
});

test('a hash that nobody knows, and a folder in place of a file, fail the hook by name', async () => {
  const unknown = unitWith([handler(whenFileChanged('a', { hash: 'md9' }), function reload() {})]);
  write(unknown, 'a', '1');
  expect((await unknown.runFailing('start')).message).toMatch(/cannot watch the file ".*\/a": .*/);
  const folder = unitWith([handler(whenFileChanged('a'), function reload() {})]);
  mkdirSync(path.join(folder.charmDir, 'a'));
  expect((await folder.runFailing('start')).message).toMatch(/cannot watch the file ".*\/a": .*/);
});

test('B1: a file that a hook handler writes wakes its watcher, whether that handler sets a flag or not', async () => {
  for (const edges of [[], ['a', 'b']]) {
    const unit = unitWith([
      handler(hook('config-changed'), function render(itself) {
        writeFileSync(path.join(itself.hook.charmDir, 'app.conf'), 'new');
        for (const flag of edges) itself.flags.set(flag);
      }),
      handler(whenFileChanged('app.conf'), function reload() {}),
    ]);
    expect(await ran(unit, 'config-changed')).toEqual(['render', 'reload']);
    expect(await ran(unit)).toEqual([]);
  }
});

test('B1: a file that is written in a later round wakes its watcher in the round after', async () => {
  const unit = unitWith([
    handler(whenFileChanged('app.conf'), function reload() {}),
    handler(whenNot('rendered'), function render(itself) {
      writeFileSync(path.join(itself.hook.charmDir, 'app.conf'), 'new');
      itself.flags.set('rendered');
    }),
    handler(when('rendered'), function after() {}),
  ]);
  expect(await ran(unit)).toEqual(['render', 'reload', 'after']);
});

test('B2: two watchers of one file both wake, each once', async () => {
  const unit = unitWith([
    handler(whenFileChanged('app.conf'), function one() {}),
    handler(whenFileChanged('app.conf'), function two() {}),
  ]);
  write(unit, 'app.conf', '1');
  expect(await ran(unit)).toEqual(['one', 'two']);
  expect(await ran(unit)).toEqual([]);
  write(unit, 'app.conf', '2');
  expect(await ran(unit)).toEqual(['one', 'two']);
});

test('B2: watchers that a factory makes with one name each watch their own file', async () => {
  const seen: string[] = [];
  const unit = unitWith(
    ['a', 'b'].map((file) =>
      handler(whenFileChanged(file), function reload() {
        seen.push(file);
      }),
    ),
  );
  write(unit, 'a', '1');
  write(unit, 'b', '1');
  await unit.run('update-status');
  expect(seen).toEqual(['a', 'b']);
  await unit.run('update-status');
  expect(seen).toEqual(['a', 'b']);
  write(unit, 'b', '2');
  await unit.run('update-status');
  expect(seen).toEqual(['a', 'b', 'b']);
});

test('B2: two conditions on files at one method hold when both files changed', async () => {
  class Stacked extends Layer {
    @whenFileChanged('a')
    @whenFileChanged('b')
    reload(): void {}
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Stacked } }));
  write(unit, 'a', '1');
  expect(await ran(unit)).toEqual([]);
  write(unit, 'b', '1');
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
  write(unit, 'b', '2');
  expect(await ran(unit)).toEqual([]);
  write(unit, 'a', '2');
  expect(await ran(unit)).toEqual(['reload']);
  write(unit, 'a', '3');
  expect(await ran(unit)).toEqual([]);
});

test('B3: clearing a flag drops no watcher from the queue', async () => {
  const unit = unitWith([
    handler(whenNot('x'), function clearer({ flags }) {
      flags.clear('anything');
    }),
    handler(whenFileChanged('app.conf'), function reload() {}),
  ]);
  write(unit, 'app.conf', '1');
  expect(await ran(unit)).toEqual(['clearer', 'reload']);
});

test("B4: a change waits until the handler's other conditions hold", async () => {
  const unit = unitWith([handler(whenFileChanged('app.conf'), when('up'), function reload() {})]);
  write(unit, 'app.conf', '1');
  expect(await ran(unit)).toEqual([]);
  expect(await ran(unit)).toEqual([]);
  unit.presetFlags('up');
  expect(await ran(unit)).toEqual(['reload']);
  expect(await ran(unit)).toEqual([]);
});

test('B5: watchers and once-handlers run after the handlers of the hook, and in no restricted hook', async () => {
  const unit = unitWith([
    handler(whenFileChanged('app.conf'), function reload() {}),
    handler(onlyOnce(), function once() {}),
    handler(hook('start'), function first() {}),
    handler(collectMetrics(), function metrics() {}),
  ]);
  write(unit, 'app.conf', '1');
  expect(await ran(unit, 'collect-metrics')).toEqual(['metrics']);
  expect(await ran(unit, 'start')).toEqual(['first', 'reload', 'once']);
});

test('B6: what ran once is known by its name, wherever it stands in the file', async () => {
  const unit = unitWith([handler(onlyOnce(), function install() {})]);
  expect(await ran(unit)).toEqual(['install']);
  const moved = [
    handler(onlyOnce(), function added() {}),

    handler(onlyOnce(), function install() {}),
  ];
  unit.charm = makeCharm({ layers: { web: defineLayer('web', moved) } });
  expect(await ran(unit)).toEqual(['added']);
  expect(await ran(unit)).toEqual([]);
});

test('a once-handler runs again where its hook failed, and waits for its other conditions', async () => {
  let broken = true;
  const unit = unitWith([
    handler(onlyOnce(), when('go'), function install() {}),
    handler(when('go'), function fail() {
      if (broken) throw new Error('broken');
    }),
  ]);
  expect(await ran(unit)).toEqual([]);
  unit.presetFlags('go');
  await unit.runFailing('start');
  broken = false;
  expect(await ran(unit)).toEqual(['install', 'fail']);
  expect(await ran(unit)).toEqual(['fail']);
});

test('a once-handler that throws is tried again', async () => {
  const runs: string[] = [];
  const unit = unitWith([
    handler(onlyOnce(), function install() {
      runs.push('install');
      if (runs.length === 1) throw new Error('no network');
    }),
  ]);
  await unit.runFailing('start');
  await unit.run('start');
  await unit.run('start');
  expect(runs).toEqual(['install', 'install']);
});

test('a once-handler of an interface runs once for each endpoint', async () => {
  class Redis extends Endpoint {
    @onlyOnce()
    @when('endpoint.{endpoint_name}.joined')
    greet(): void {}
  }
  const requires = { db: { interface: 'redis' }, cache: { interface: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata: { requires }, interfaces: { 'requires/redis': Redis } }));
  expect(handlersOf(await unit.join('db:1', 'redis/0'))).toEqual(['redis/requires.greet@db']);
  expect(handlersOf(await unit.join('cache:2', 'redis/0'))).toEqual(['redis/requires.greet@cache']);
  expect(handlersOf(await unit.run('update-status'))).toEqual([]);
});

test('a file change that a failed hook handled is handled again', async () => {
  let broken = true;
  const unit = unitWith([
    handler(whenFileChanged('app.conf'), function reload() {}),
    handler(when('go'), function fail() {
      if (broken) throw new Error('broken');
    }),
  ]);
  unit.presetFlags('go');
  write(unit, 'app.conf', '1');
  await unit.runFailing('start');
  broken = false;
  expect(await ran(unit)).toEqual(['reload', 'fail']);
});

test('B12: a guarded method throws while a flag is not set, and runs when all are', async () => {
  const answers: unknown[] = [];
  class Guarded extends Layer {
    @notUnless('leader', 'ready')
    publish(text: string, times: number): string {
      return text.repeat(times);
    }

    @hook('start')
    start(): void {
      try {
        answers.push(this.publish('a', 3));
      } catch (error) {
        answers.push(error);
      }
    }
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Guarded } }));
  unit.presetFlags('leader');
  await unit.run('start');
  unit.presetFlags('ready');
  await unit.run('start');
  const [error, text] = answers as [FlagsMissingError, string];
  expect(error).toBeInstanceOf(FlagsMissingError);
  expect(error.missing).toEqual(['ready']);
  expect(error.message).toContain('"publish"');
  expect(error.message).toContain('"ready"');
  expect(text).toBe('aaa');
});

test('B12: a guard makes no handler, and beside a condition guards the handler', async () => {
  class Guarded extends Layer {
    @notUnless('ready')
    helper(): void {}

    @notUnless('ready')
    @when('go')
    outside(): void {}

    @when('go')
    @notUnless('ready')
    inside(): void {}
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Guarded } }));
  expect(await ran(unit)).toEqual([]);
  unit.presetFlags('go');
  expect(await unit.runFailing('start')).toBeInstanceOf(FlagsMissingError);
  unit.presetFlags('ready');
  expect(await ran(unit)).toEqual(['outside', 'inside']);
});

test('unit.anyFileChanged remembers for everyone who asks, and not where the hook fails', async () => {
  const answers: boolean[] = [];
  let fail = false;
  const unit = unitWith([
    handler(hook('start'), function ask(itself: Unit) {
      answers.push(itself.anyFileChanged(['a', () => ['b']]), itself.anyFileChanged(['a', 'b']));
      if (fail) throw new Error('broken');
    }),
  ]);
  await unit.run('start');
  write(unit, 'a', '1');
  fail = true;
  await unit.runFailing('start');
  fail = false;
  await unit.run('start');
  await unit.run('start');
  rmSync(path.join(unit.charmDir, 'a'));
  await unit.run('start');
  expect(answers).toEqual([false, false, true, false, true, false, false, false, true, false]);
});
