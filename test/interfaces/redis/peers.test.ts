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

/** A unit among peers that does something in each hook. */
function makeMember(act: (peers: RedisPeers) => void, { isLeader = false } = {}) {
  const layer = defineLayer('app', [], { atExit: (unit) => act(unit.endpoint('redis', RedisPeers)) });
  const unit = new UnitRunner(charmOf('peers', { layer }), 'app/0');
  unit.tools.model.isLeader = isLeader;
  unit.relate({ 'redis:0': { application: 'app', units: {} } });
  return unit;
}

test('a unit tells its peers where its server is, and by which decision it is the primary', async () => {
  let act = (peers: RedisPeers): void => peers.publish({ host: '10.0.0.1', port: 6379, term: 2 });
  const unit = makeMember((peers) => act(peers));
  await unit.hook('start');
  expect(unit.tools.published['redis:0']?.unit).toEqual({ host: '"10.0.0.1"', port: '6379', term: '2' });
  act = (peers) => peers.publish({ host: '10.0.0.1', port: 6379 });
  await unit.hook('start');
  expect(unit.tools.published['redis:0']?.unit).toEqual({ host: '"10.0.0.1"', port: '6379' });
  act = (peers) => peers.publish({ host: '10.0.0.1', port: 6379, clientHost: '192.168.0.1' });
  await unit.hook('start');
  expect(unit.tools.published['redis:0']?.unit).toMatchObject({ 'client-host': '"192.168.0.1"' });
  act = (peers) => peers.withdraw();
  await unit.hook('start');
  expect(unit.tools.published['redis:0']?.unit).toEqual({});
  act = (peers) => peers.publish({ host: '', port: 6379 });
  await expect(unit.hook('start')).rejects.toThrow('cannot publish the redis server');
});

test('the leader decides and shares, each decision with a number of its own; another unit may not', async () => {
  const seen: unknown[] = [];
  const decide = (peers: RedisPeers) => {
    seen.push(peers.decision, peers.credentials);
    peers.decide({ primary: 'app/0' });
    peers.decide({ primary: 'app/1', predecessor: { host: '10.0.0.1', port: 1 } });
    peers.share({ secret: 'secret:abc' });
    seen.push(peers.decision, peers.credentials);
  };
  const unit = makeMember(decide, { isLeader: true });
  await unit.hook('start');
  expect(seen).toEqual([
    undefined,
    { password: undefined, secret: undefined },
    { primary: 'app/1', term: 2, predecessor: { host: '10.0.0.1', port: 1 } },
    { password: undefined, secret: 'secret:abc' },
  ]);
  expect(unit.tools.published['redis:0']?.app).toEqual({
    primary: '"app/1"',
    term: '2',
    predecessor: '{"host": "10.0.0.1", "port": 1}',
    'password-secret': '"secret:abc"',
  });
  await expect(makeMember(decide).hook('start')).rejects.toThrow('is not the leader');
});

test('members are the units that said where they are, also the one that leaves; what is malformed is left out', async () => {
  const seen: unknown[] = [];
  const unit = makeMember((peers) => void seen.push(peers.members(), peers.isThere));
  const server = (port: string, more = {}) => ({ host: '"10.0.0.1"', port, ...more });
  const units = {
    'app/10': server('10', { term: '3', 'client-host': '"c"' }),
    'app/2': server('2', { term: '"x"' }),
    'app/3': {},
    'app/4': server('0'),
  };
  unit.relate({ 'redis:0': { application: 'app', units, departed: { 'app/1': server('1') } } });
  await unit.hook({ name: 'redis-relation-departed', relationId: 'redis:0', remoteUnit: 'app/1' });
  unit.relate({});
  await unit.hook('start');
  expect(seen).toEqual([
    [
      { unit: 'app/2', host: '10.0.0.1', port: 2 },
      { unit: 'app/10', host: '10.0.0.1', port: 10, clientHost: 'c', term: 3 },
      { unit: 'app/1', host: '10.0.0.1', port: 1 },
    ],
    true,
    [],
    false,
  ]);
});
