import { defineLayer, handler, type Unit, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { type RedisPeer, RedisPeers } from '../../../interfaces/redis/peers.ts';
import { UnitRunner } from '../../layers/unit-runner.ts';
import { charmOf } from './sides.ts';

type Bags = Readonly<Record<string, Readonly<Record<string, string>>>>;

function makePeer() {
  const seen: RedisPeer[][] = [];
  const layer = defineLayer(
    'app',
    [
      handler(when('endpoint.redis.peer.changed'), function deal(unit: Unit) {
        unit.flags.clear('endpoint.redis.peer.changed');
        unit.flags.set('app.dealt');
      }),
    ],
    { atExit: (unit) => void seen.push(unit.endpoint('redis', RedisPeers).peers()) },
  );
  const unit = new UnitRunner(charmOf('peers', { layer }), 'app/0');
  const event = async (name: string, remoteUnit: string, units: Bags) => {
    unit.relate({ 'redis:0': { application: 'app', units } });
    await unit.hook({ name: `redis-relation-${name}`, relationId: 'redis:0', remoteUnit });
  };
  return { unit, event, last: () => seen.at(-1) };
}

test('flags say that a peer joined, changed and departed', async () => {
  const { unit, event } = makePeer();
  await event('joined', 'app/1', { 'app/1': {} });
  expect(unit.flags).toEqual(['endpoint.redis.joined', 'endpoint.redis.peer.joined']);
  await event('changed', 'app/1', { 'app/1': { 'ingress-address': '10.0.0.2' } });
  expect(unit.flags).toContain('app.dealt');
  await event('departed', 'app/1', {});
  expect(unit.flags).toContain('endpoint.redis.peer.departed');
});

test('a change that the charm has dealt with does not come back in the next hook', async () => {
  const { unit, event } = makePeer();
  await event('changed', 'app/1', { 'app/1': { 'ingress-address': '10.0.0.2' } });
  const report = await unit.hook('update-status');
  expect(report.runs.map(({ handler: name }) => name)).not.toContain('app.deal');
  expect(unit.flags).not.toContain('endpoint.redis.peer.changed');
});

test('peers gives addresses by unit number, and leaves out a unit without one', async () => {
  const { event, last } = makePeer();
  await event('changed', 'app/10', {
    'app/10': { 'ingress-address': '10.0.0.10', 'private-address': '10.9.9.9' },
    'app/2': { 'private-address': '10.0.0.2' },
    'app/3': {},
    'app/4': { 'ingress-address': 'not an address' },
  });
  expect(last()).toEqual([
    { unit: 'app/2', address: '10.0.0.2' },
    { unit: 'app/10', address: '10.0.0.10' },
  ]);
});
