import {
  clear_flag,
  hookenv,
  is_flag_set,
  register_trigger,
  unit as runningUnit,
  set_flag,
  unitdata,
  when,
  when_not,
} from 'charms-reactive/compat';
import { expect, onTestFinished, test } from 'vitest';
import { forgetRegistered, takeRegistered } from '../../src/charm/running-unit.ts';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { trialOf } from './python-charm.ts';

test('nothing of a charm is left once it is forgotten: no handler, trigger or callback', async () => {
  const log: string[] = [];
  const start = (): void => void log.push('start');
  const unit = trialOf(() => {
    when_not('never')(start);
    register_trigger({ when: 'a', set_flag: 'b' });
    hookenv.atstart(() => void log.push('at start'));
    hookenv.atexit(() => void log.push('at exit'));
  });
  await unit.run('install');
  expect(log).toEqual(['at start', 'start', 'at exit']);
  forgetRegistered();
  log.length = 0;
  when_not('never')(function other() {
    set_flag('a');
  });
  expect(handlersOf(await unit.run('install'))).toEqual(['other']);
  expect(log).toEqual([]);
  expect(unit.flags()).toEqual(['a']);
  forgetRegistered();
  when('nothing')(start);
  expect(handlersOf(await unit.run('install'))).toEqual([]);
});

test('two charms of one process have each their own handlers, triggers and callbacks', async () => {
  onTestFinished(forgetRegistered);
  const log: string[] = [];
  const [web, db] = ['web', 'db'].map((name) => {
    when_not('never')(function act() {
      set_flag('acted');
      log.push(`${hookenv.local_unit()} acts as ${name}`);
    });
    hookenv.atexit(() => void log.push(`${hookenv.local_unit()} ends as ${name}`));
    register_trigger({ when: 'acted', set_flag: `${name}.acted` });
    const layer = takeRegistered(name);
    return new TrialUnit(makeCharm({ metadata: { name }, layers: { [name]: layer } }), { unit: `${name}/0` });
  });
  expect(handlersOf((await web?.run('install')) ?? ({ runs: [] } as never))).toEqual(['web.act']);
  await db?.run('install');
  expect(log).toEqual(['web/0 acts as web', 'web/0 ends as web', 'db/0 acts as db', 'db/0 ends as db']);
  expect([web?.flags(), db?.flags()]).toEqual([
    ['acted', 'web.acted'],
    ['acted', 'db.acted'],
  ]);
});

test('hooks of several units that run at a time do not take each other for the running one', async () => {
  const turns: (() => void)[] = [];
  const first = trialOf(() => {
    when_not('done')(async function slow() {
      const name = hookenv.local_unit();
      for (let step = 0; step < 5; step += 1) {
        await new Promise<void>((resolve) => {
          turns.push(resolve);
          setImmediate(() => turns.shift()?.());
        });
        expect(hookenv.local_unit()).toBe(name);
        set_flag(`${name}.step-${step}`);
        unitdata.kv().set('who', name);
      }
      set_flag('done');
    });
    when('done')(async function after() {
      await null;
      if (is_flag_set('done')) set_flag(`seen-by.${hookenv.local_unit()}`);
    });
  });
  const units = [first, ...[1, 2, 3].map((number) => new TrialUnit(first.charm, { unit: `web/${number}` }))];
  await Promise.all(units.map((unit) => unit.run('install')));
  for (const [number, unit] of units.entries()) {
    const name = `web/${number}`;
    const steps = [0, 1, 2, 3, 4].map((step) => `${name}.step-${step}`);
    expect(unit.flags()).toEqual(['done', `seen-by.${name}`, ...steps].sort());
    expect(unit.stored('who')).toEqual({ who: name });
  }
});

test('a hook that ends, well or not, leaves no running unit behind', async () => {
  const unit = trialOf(() => {
    when('fail')(function failing() {
      throw new Error('as asked');
    });
  });
  const hook = unit.run('install');
  await hook;
  expect(() => runningUnit()).toThrow('no hook is running');
  unit.presetFlags('fail');
  await unit.runFailing('install');
  expect(() => runningUnit()).toThrow('no hook is running');
});

test('after a hook within a hook, the outer one is the running one again', async () => {
  const inner = new TrialUnit(makeCharm(), { unit: 'inner/0' });
  const seen: string[] = [];
  const unit = trialOf(() => {
    when('outer')(async function run() {
      seen.push(hookenv.local_unit());
      clear_flag('outer');
      await inner.run('install');
      seen.push(hookenv.local_unit());
    });
  });
  unit.presetFlags('outer');
  await unit.run('install');
  expect(seen).toEqual(['web/0', 'web/0']);
});

test('what is done later than the hook does not find it', async () => {
  let late: Promise<unknown> = Promise.resolve();
  const unit = trialOf(() => {
    when_not('never')(function leak() {
      late = new Promise((resolve) => setTimeout(resolve, 1)).then(async () => {
        await running;
        return set_flag('late');
      });
    });
  });
  const running = unit.run('install');
  await running;
  await expect(late).rejects.toThrow(
    'cannot call set_flag() now: no hook is running; call it from a handler',
  );
});

test('a handler that registers while a hook starts is for that hook, one that comes later is refused', async () => {
  const { defineLayer } = await import('charms-reactive');
  const starting = defineLayer('starting', [], {
    beforeStart: () => void when_not('never')(function added() {}),
  });
  const unit = trialOf(() => {}, { layers: { starting } });
  expect(handlersOf(await unit.run('install'))).toEqual(['added']);
  expect(handlersOf(await unit.run('update-status'))).toEqual(['added']);
  const late = trialOf(() => {
    when_not('never')(function act() {
      when('a')(function tooLate() {});
    });
  });
  expect((await late.runFailing('install')).message).toBe(
    'cannot register the handler "tooLate" now: handlers already run; do it as its module is loaded',
  );
});
