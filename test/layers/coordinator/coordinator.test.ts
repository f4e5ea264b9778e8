import { Layer, type Unit } from 'charms-reactive';
import { expect, test } from 'vitest';
import { coordinatorOf } from '../../../layers/coordinator/lib/coordinator.ts';
import { Peers } from './peers.ts';

const asking =
  (...locks: string[]) =>
  (unit: Unit) => {
    for (const lock of locks) coordinatorOf(unit).acquire(lock);
  };

test('the leader has its lock at once, and gives it back at the end of the hook', async () => {
  const peers = new Peers(1);
  const answers: unknown[] = [];
  await peers.hook(0, 'update-status', (unit) => {
    answers.push(coordinatorOf(unit).acquire('restart'), unit.flags.isSet('coordinator.granted.restart'));
  });
  expect(answers).toEqual([true, true]);
  expect(peers.granted()).toEqual({});
  await peers.hook(0, 'update-status');
  expect(peers.flags(0)).toEqual([]);
});

test('a follower asks, is granted the lock by the leader, has it for one hook, and then another has it', async () => {
  const peers = new Peers(3);
  await peers.hook(1, 'update-status', asking('restart'));
  expect(peers.flags(1)).toEqual(['requested.restart']);
  await peers.hook(2, 'update-status', asking('restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({ 'web/1': ['restart'] });

  await peers.hook(2, 'leader-settings-changed');
  expect(peers.flags(2)).toEqual(['requested.restart']);
  await peers.hook(1, 'leader-settings-changed');
  expect(peers.flags(1)).toEqual(['granted.restart', 'requested.restart']);

  // Given back already: not held any more, though the leader has not taken it in.
  await peers.hook(1, 'update-status');
  expect(peers.flags(1)).toEqual([]);
  expect(peers.granted()).toEqual({ 'web/1': ['restart'] });

  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({ 'web/2': ['restart'] });
  await peers.hook(2, 'leader-settings-changed');
  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({});
});

test('only one unit holds locks at a time, whichever they are, and it has all it asks for', async () => {
  const peers = new Peers(3);
  await peers.hook(1, 'update-status', asking('restart', 'join'));
  await peers.hook(2, 'update-status', asking('other'));
  await peers.hook(0, 'update-status', (unit) => {
    expect(coordinatorOf(unit).acquire('third')).toBe(false);
  });
  expect(peers.granted()).toEqual({ 'web/1': ['join', 'restart'] });
  expect(peers.flags(0)).toEqual(['requested.third']);
});

test('with Serial each lock has a unit of its own', async () => {
  const peers = new Peers(3, { class: 'charms.coordinator.Serial' });
  await peers.hook(1, 'update-status', asking('restart'));
  await peers.hook(2, 'update-status', asking('restart', 'join'));
  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({ 'web/1': ['restart'], 'web/2': ['join'] });
});

test('a policy of the charm decides in place of the option', async () => {
  class Policy extends Layer {
    override registerTriggers(): void {
      coordinatorOf(this.unit).setPolicy(({ lock }) => lock === 'free');
    }
  }
  const peers = new Peers(2, {}, { policy: Policy });
  await peers.hook(1, 'update-status', asking('free', 'restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({ 'web/1': ['free'] });
});

test('a class of coordinator that there is not is an error', async () => {
  const peers = new Peers(2, { class: 'Nobody' });
  await expect(peers.hook(1, 'update-status')).rejects.toThrow('cannot use the coordinator "Nobody"');
});

test('asked for once more, a lock keeps its place in the queue', async () => {
  const peers = new Peers(3);
  await peers.hook(1, 'update-status', asking('restart'));
  const asked = peers.unit(1).tools.published['coordinator:0']?.unit.coordinator;
  await new Promise((resolve) => setTimeout(resolve, 5));
  await peers.hook(1, 'update-status', asking('restart'));
  expect(peers.unit(1).tools.published['coordinator:0']?.unit.coordinator).toBe(asked);
  expect(asked).toMatch(/^\{"restart": "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}Z"\}$/);
});

test('require acts only where it is needed and the lock is there', async () => {
  const peers = new Peers(2);
  const log: string[] = [];
  const requiring = (isNeeded: boolean) => (unit: Unit) => {
    const done = coordinatorOf(unit).require(
      'restart',
      () => isNeeded,
      () => log.push('restarted'),
    );
    log.push(`${unit.name} ${done === undefined ? 'not' : 'done'}`);
  };
  await peers.hook(1, 'update-status', requiring(false));
  expect(peers.flags(1)).toEqual([]);
  await peers.hook(1, 'update-status', requiring(true));
  await peers.hook(0, 'update-status', requiring(false));
  await peers.hook(1, 'update-status', requiring(true));
  expect(log).toEqual(['web/1 not', 'web/1 not', 'web/0 not', 'restarted', 'web/1 done']);
});

test('a hook that fails keeps the lock for when it is tried again', async () => {
  const peers = new Peers(2);
  await peers.hook(1, 'update-status', asking('restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  const held: boolean[] = [];
  const failing = (unit: Unit) => {
    held.push(coordinatorOf(unit).isGranted('restart'));
    if (held.length === 1) throw new Error('no luck');
  };
  await expect(peers.hook(1, 'update-status', failing)).rejects.toThrow('no luck');
  await peers.hook(1, 'update-status', failing);
  expect(held).toEqual([true, true]);
});

test('a hook that is ended before it begins keeps the lock', async () => {
  let ends = false;
  class Ender extends Layer {
    override beforeStart(): void {
      if (ends) this.unit.endHook();
    }
  }
  const peers = new Peers(2, {}, { ender: Ender });
  await peers.hook(1, 'update-status', asking('restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  ends = true;
  await peers.hook(1, 'leader-settings-changed');
  ends = false;
  await peers.hook(1, 'update-status', (unit) => {
    expect(unit.flags.isSet('coordinator.granted.restart')).toBe(true);
  });
});

test('a unit that leaves gives up what it held', async () => {
  const peers = new Peers(2);
  await peers.hook(1, 'update-status', asking('restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  const leader = peers.unit(0);
  leader.relate({ 'coordinator:0': { application: 'web', units: {} } });
  await leader.hook({
    name: 'coordinator-relation-departed',
    relationId: 'coordinator:0',
    remoteUnit: 'web/1',
  });
  expect(peers.granted()).toEqual({});
});

test('what is asked for before there is a relation is published once there is one', async () => {
  const peers = new Peers(2);
  const unit = peers.unit(1);
  peers.act = asking('restart');
  await unit.hook('update-status');
  expect(peers.flags(1)).toEqual(['requested.restart']);
  expect(unit.tools.published).toEqual({});
  await peers.hook(1, 'coordinator-relation-created');
  await peers.hook(0, 'coordinator-relation-changed');
  expect(peers.granted()).toEqual({ 'web/1': ['restart'] });
  expect(unit.stored('coordinator.requests')).toBeUndefined();
});

test('what a peer writes wrong is no request', async () => {
  const peers = new Peers(2);
  for (const coordinator of ['nonsense', '[1]', '{"restart": 1}', 'null']) {
    peers.unit(1).tools.published = { 'coordinator:0': { unit: { coordinator }, app: {} } };
    await peers.hook(0, 'coordinator-relation-changed');
  }
  expect(peers.granted()).toEqual({});
});

test.each([
  ['info', 1],
  ['warning', 0],
])('the log has what is granted, from the level %s on', async (log_level, count) => {
  const peers = new Peers(2, { log_level });
  await peers.hook(1, 'update-status', asking('restart'));
  await peers.hook(0, 'coordinator-relation-changed');
  const lines = peers.unit(0).tools.logged.filter(({ message }) => message.includes('Coordinator: Granted'));
  expect(lines).toHaveLength(count);
});
