import { expect, test } from 'vitest';
import { choosePrimary, isHeard } from '../../../layers/redis/lib/primary-choice.ts';
import { parseInfo, type Replication } from '../../../layers/redis/lib/replication.ts';

const REPLICA: Replication = {
  isLoading: false,
  primary: { host: '10.0.0.1', port: 6379 },
  isInSync: true,
  silentSeconds: 3,
  offset: 100,
  keys: 5,
  replicas: [],
};

const { primary: _, silentSeconds: __, ...PRIMARY } = REPLICA;

test.each<[string, Readonly<Record<string, Replication | undefined>>, string | undefined]>([
  ['the newest data wins', { 'a/0': REPLICA, 'a/1': { ...REPLICA, offset: 101 } }, 'a/1'],
  ['a server that answers beats one that does not', { 'a/0': undefined, 'a/1': REPLICA }, 'a/1'],
  ['of equals the one that is primary already', { 'a/0': REPLICA, 'a/1': PRIMARY }, 'a/1'],
  ['then the one with the most keys', { 'a/0': REPLICA, 'a/1': { ...REPLICA, keys: 6 } }, 'a/1'],
  ['then the lowest number', { 'a/10': REPLICA, 'a/9': REPLICA }, 'a/9'],
  ['with none that answers, the lowest number', { 'a/1': undefined, 'a/0': undefined }, 'a/0'],
  ['none of none', {}, undefined],
])('the choice of a primary: %s', (_title, states, chosen) => {
  expect(choosePrimary(Object.entries(states).map(([unit, state]) => ({ unit, state })))).toBe(chosen);
});

test('a primary that a replica heard of lately lives; one that is silent, or gone, does not', () => {
  const heardBy = (state: Replication | undefined) => isHeard([{ unit: 'a/1', state }]);
  expect(heardBy(REPLICA)).toBe(true);
  expect(heardBy({ ...REPLICA, silentSeconds: 60 })).toBe(false);
  expect(heardBy({ ...REPLICA, silentSeconds: undefined, isInSync: false })).toBe(false);
  expect(heardBy(PRIMARY)).toBe(false);
  expect(heardBy(undefined)).toBe(false);
});

test("redis's own words are understood, for a replica and for a primary", () => {
  const replica = [
    '# Persistence\r\nloading:0',
    'role:slave\r\nmaster_host:fd00::1\r\nmaster_port:6379\r\nmaster_link_status:up',
    'master_last_io_seconds_ago:2\r\nslave_repl_offset:77\r\nmaster_repl_offset:70',
    'db0:keys=3,expires=0,avg_ttl=0\r\ndb9:keys=4,expires=0\r\n',
  ].join('\r\n');
  expect(parseInfo(replica)).toEqual({
    isLoading: false,
    primary: { host: 'fd00::1', port: 6379 },
    isInSync: true,
    silentSeconds: 2,
    offset: 77,
    keys: 7,
    replicas: [],
  });
  const primary = [
    'loading:1\nrole:master\nmaster_repl_offset:70',
    'slave0:ip=10.0.0.2,port=6379,state=online,offset=69,lag=0',
    'slave1:ip=10.0.0.3,port=6380,state=online,offset=70,lag=1',
  ].join('\n');
  expect(parseInfo(primary)).toEqual({
    isLoading: true,
    primary: undefined,
    isInSync: true,
    silentSeconds: undefined,
    offset: 70,
    keys: 0,
    replicas: [
      { host: '10.0.0.2', port: 6379, offset: 69 },
      { host: '10.0.0.3', port: 6380, offset: 70 },
    ],
  });
});
