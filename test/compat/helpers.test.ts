import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  any_file_changed,
  any_hook,
  data_changed,
  helpers,
  is_data_changed,
  main,
  mark_invoked,
  unit as runningUnit,
  unitdata,
  was_invoked,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import type { TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

/** A unit whose one handler does what `act` says when its hook runs. */
function acting(): {
  readonly unit: TrialUnit;
  during<T>(hook: string | ((unit: TrialUnit) => Promise<unknown>), act: () => T): Promise<T>;
} {
  let act: () => unknown = () => undefined;
  let answer: unknown;
  const unit = trialOf(
    () => {
      when_not('never')(function perform() {
        answer = act();
      });
    },
    { metadata: { ...endpoints('requires', 'redis'), ...endpoints('peers', 'cluster') } },
  );
  return {
    unit,
    async during<T>(hook: string | ((unit: TrialUnit) => Promise<unknown>), body: () => T): Promise<T> {
      act = body;
      await (typeof hook === 'string' ? unit.run(hook) : hook(unit));
      return answer as T;
    },
  };
}

test('Q17 Q23: data counts as changed by the hash Python would store, for each id', async () => {
  const { unit, during } = acting();
  const data = { b: [1, 'é', null], a: 1.5 };
  const ask = () => [
    is_data_changed('web', data),
    data_changed('web', data),
    is_data_changed('web', { a: 1.5, b: [1, 'é', null] }),
    data_changed('other', data, 'sha256'),
  ];
  expect(await during('install', ask)).toEqual([true, true, false, true]);
  expect(await during('update-status', ask)).toEqual([false, false, false, false]);
  // hashlib.md5(json.dumps(data, sort_keys=True).encode()) and sha256 of the same.
  expect(unit.stored('reactive.data_changed.')).toEqual({
    'reactive.data_changed.other': 'f8da4b2d2276c2a2c3d3cf28a34b2097fdaad66090e8c91116dbbc7df692b0f2',
    'reactive.data_changed.web': '65227397c76264919d8e13ff89d849fb',
  });
});

test('files count as changed once, whoever asks', async () => {
  const { unit, during } = acting();
  const file = path.join(unit.charmDir, 'a.conf');
  const ask = () => [any_file_changed(['a.conf', () => 'b.conf']), any_file_changed(['a.conf'])];
  expect(await during('install', ask)).toEqual([false, false]);
  writeFileSync(file, 'one');
  expect(await during('install', ask)).toEqual([true, false]);
  writeFileSync(file, 'two');
  expect(await during('install', ask)).toEqual([true, false]);
  expect(await during('install', () => any_file_changed([file], 'sha1'))).toBe(true);
});

test('a hook is asked for by patterns', async () => {
  const { during } = acting();
  const ask = () => [
    any_hook('install', 'start'),
    any_hook('{requires:redis}-relation-{joined,changed}'),
    any_hook('{peers:cluster}-relation-joined', '{peer:cluster}-relation-departed'),
    helpers.any_hook('update-status'),
  ];
  expect(await during('install', ask)).toEqual([true, false, false, false]);
  expect(await during('update-status', ask)).toEqual([false, false, false, true]);
  expect(await during((unit) => unit.join('redis:0', 'redis/0'), ask)).toEqual([false, true, false, false]);
  expect(await during((unit) => unit.depart('redis:0', 'redis/0'), ask)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(await during((unit) => unit.join('cluster:1', 'web/1'), ask)).toEqual([false, false, true, false]);
});

test('what was marked as invoked stays so from hook to hook', async () => {
  const { unit, during } = acting();
  expect(
    await during('install', () => [was_invoked('seed'), mark_invoked('seed'), was_invoked('seed')]),
  ).toEqual([false, undefined, true]);
  expect(await during('update-status', () => [was_invoked('seed'), was_invoked('other')])).toEqual([
    true,
    false,
  ]);
  expect(unit.stored('reactive.invoked.')).toEqual({ 'reactive.invoked.seed': true });
});

test('the running unit leads to all that the framework has', async () => {
  const { during } = acting();
  expect(await during('install', () => runningUnit().name)).toBe('web/0');
  expect(() => runningUnit()).toThrow('cannot call unit() now: no hook is running');
});

test('unit data is reached by its names in unitdata, also by an object made as a module is loaded', async () => {
  const kv = unitdata.kv();
  const { unit, during } = acting();
  const seen = await during('install', () => [
    kv.set('web.port', 80),
    kv.get('web.port'),
    kv.get('nothing'),
    kv.get('nothing', 'fallback'),
    kv.update({ a: 1, b: [2] }, 'web.'),
    kv.getrange('web.'),
    kv.getrange('web.', true),
    kv.delta({ a: 1, b: 3, c: 4 }, 'web.'),
    kv.unset('web.port'),
    kv.unsetrange(['a', 'none'], 'web.'),
    kv.flush(),
  ]);
  expect(seen).toEqual([
    80,
    80,
    null,
    'fallback',
    undefined,
    { 'web.a': 1, 'web.b': [2], 'web.port': 80 },
    { a: 1, b: [2], port: 80 },
    {
      b: { previous: [2], current: 3 },
      c: { previous: null, current: 4 },
      port: { previous: 80, current: null },
    },
    undefined,
    undefined,
    undefined,
  ]);
  expect(unit.stored('web.')).toEqual({ 'web.b': [2] });
  await during('update-status', () => unitdata.kv().unsetrange(null, 'web.'));
  expect(unit.stored('web.')).toEqual({});
  expect(() => kv.get('web.port')).toThrow('cannot call kv().get() now: no hook is running');
});

test('Q6: what was put into unit data is gone when the hook fails, flushed or not', async () => {
  const { unit, during } = acting();
  const failing = during('install', () => {
    unitdata.kv().set('a', 1);
    unitdata.kv().flush();
    throw new Error('late');
  });
  await expect(failing).rejects.toThrow('late');
  expect(unit.stored('a')).toEqual({});
});

test('main() runs nothing without a charm, and says what does', async () => {
  await expect(main()).rejects.toThrow('cannot call main() without a charm');
  await expect(main('db' as never)).rejects.toThrow(
    "handle an action by its name, as in hook('actions/backup')",
  );
});
