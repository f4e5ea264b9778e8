import { defineLayer, handler, hook, Layer, type Unit, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { leaderGet, leaderSet } from '../../../layers/leadership/lib/leadership.ts';
import Leadership from '../../../layers/leadership/reactive/leadership.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** A unit of a charm that does this in update-status. */
function makeUnit(act: (unit: Unit) => void = () => undefined): UnitRunner {
  const web = defineLayer('web', [handler(hook('update-status'), act)]);
  return new UnitRunner(makeTrialCharm({ layers: { leadership: Leadership, web } }), 'web/0');
}

const leadershipFlags = ({ flags }: UnitRunner) => flags.filter((flag) => flag.startsWith('leadership.'));

test('is_leader comes and goes with leadership', async () => {
  const unit = makeUnit();
  await unit.hook('install');
  expect(leadershipFlags(unit)).toEqual([]);
  unit.tools.model.isLeader = true;
  await unit.hook('leader-elected');
  expect(leadershipFlags(unit)).toEqual(['leadership.is_leader']);
  unit.tools.model.isLeader = false;
  await unit.hook('update-status');
  expect(leadershipFlags(unit)).toEqual([]);
});

test('what the leader sets, changes and takes away shows on a follower for one hook', async () => {
  const unit = makeUnit();
  const see = async (settings: Record<string, string>) => {
    unit.tools.model.leaderSettings = settings;
    await unit.hook('leader-settings-changed');
    return leadershipFlags(unit);
  };
  expect(await see({ a: '1', b: '2' })).toEqual([
    'leadership.changed',
    'leadership.changed.a',
    'leadership.changed.b',
    'leadership.set.a',
    'leadership.set.b',
  ]);
  expect(await see({ a: '1', b: '2' })).toEqual(['leadership.set.a', 'leadership.set.b']);
  expect(await see({ a: '1' })).toEqual(['leadership.changed', 'leadership.changed.b', 'leadership.set.a']);
  expect(await see({ a: '1' })).toEqual(['leadership.set.a']);
  expect(unit.stored('leadership.settings.b')).toBeNull();
});

test('flags are there before the first handler of the hook', async () => {
  const seen: boolean[] = [];
  const unit = makeUnit(({ flags }) => seen.push(flags.isSet('leadership.changed.a')));
  unit.tools.model.leaderSettings = { a: '1' };
  await unit.hook('update-status');
  expect(seen).toEqual([true]);
});

test('what the leader sets itself it sees at once, and once', async () => {
  const seen: string[] = [];
  class Web extends Layer {
    @when('leadership.is_leader')
    make(): void {
      leaderSet(this.unit, { password: 's3cret', count: 3, gone: null });
    }
    @when('leadership.changed.password')
    use(): void {
      seen.push(`${leaderGet(this.unit, 'password')} ${leaderGet(this.unit, 'gone')}`);
    }
  }
  const unit = new UnitRunner(makeTrialCharm({ layers: { leadership: Leadership, web: Web } }), 'web/0');
  unit.tools.model.isLeader = true;
  await unit.hook('leader-elected');
  expect(seen).toEqual(['s3cret null']);
  expect(unit.tools.model.leaderSettings).toEqual({ password: 's3cret', count: '3' });
  expect(leadershipFlags(unit)).toEqual([
    'leadership.changed',
    'leadership.changed.count',
    'leadership.changed.password',
    'leadership.is_leader',
    'leadership.set.count',
    'leadership.set.password',
  ]);
  await unit.hook('update-status');
  expect(seen).toHaveLength(1);
  expect(leadershipFlags(unit)).toEqual([
    'leadership.is_leader',
    'leadership.set.count',
    'leadership.set.password',
  ]);
});

test('a key that the leader takes away is changed and no longer set', async () => {
  const unit = makeUnit((one) => leaderSet(one, { a: '' }));
  unit.tools.model.isLeader = true;
  unit.tools.model.leaderSettings = { a: '1' };
  await unit.hook('install');
  await unit.hook('update-status');
  expect(leadershipFlags(unit)).toEqual([
    'leadership.changed',
    'leadership.changed.a',
    'leadership.is_leader',
  ]);
  expect(unit.tools.model.leaderSettings).toEqual({});
});

test('setting a key leaves what else changed in the hook as it is, a key that has the value already too', async () => {
  const unit = makeUnit((one) => leaderSet(one, { a: '1', b: '2' }));
  unit.tools.model.isLeader = true;
  unit.tools.model.leaderSettings = { a: '1' };
  await unit.hook('update-status');
  expect(leadershipFlags(unit)).toContain('leadership.changed.a');
  expect(leadershipFlags(unit)).toContain('leadership.changed.b');
});

test('a follower cannot set anything, and no flag says it did', async () => {
  const seen: string[][] = [];
  const unit = makeUnit((one) => {
    expect(() => leaderSet(one, { a: '1' })).toThrow('not the leader');
    seen.push(one.flags.list().filter((flag) => flag.startsWith('leadership.')));
  });
  await unit.hook('update-status');
  expect(seen).toEqual([[]]);
});

test('all settings are read together', async () => {
  const unit = makeUnit((one) => expect(leaderGet(one)).toEqual({ a: '1' }));
  unit.tools.model.leaderSettings = { a: '1' };
  await unit.hook('update-status');
});
