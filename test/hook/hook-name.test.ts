import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRelationHook } from '../../src/hook/hook-name.ts';

it.each([
  ['db-relation-created', 'db', 'created'],
  ['db-relation-joined', 'db', 'joined'],
  ['my-db-relation-changed', 'my-db', 'changed'],
  ['my_db-relation-departed', 'my_db', 'departed'],
  ['x-relation-y-relation-broken', 'x-relation-y', 'broken'],
  ['x-relation-joined-relation-changed', 'x-relation-joined', 'changed'],
  ['relation-relation-joined', 'relation', 'joined'],
  ['start-relation-joined', 'start', 'joined'],
])('reads %s as endpoint %s and event %s', (hook, endpoint, event) => {
  expect(parseRelationHook(hook)).toEqual({ endpoint, event });
});

it.each([
  'install',
  'start',
  'config-changed',
  'leader-settings-changed',
  'db-storage-attached',
  'db-pebble-ready',
  '-relation-joined',
  'relation-joined',
  'db-relation-',
  'db-relation-gone',
  'db-relation-joined-',
  'db-relation-joinedx',
  'db-relation-Joined',
  'db-relation-joined\n',
  '',
])('reads %j as no relation hook', (hook) => {
  expect(parseRelationHook(hook)).toBeUndefined();
});

it('finds any endpoint again in the name of its hooks', () => {
  const part = fc.constantFrom('db', 'x', 'relation', 'joined', 'changed', 'a1', 'my_db');
  const endpoints = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('-'));
  fc.assert(
    fc.property(
      endpoints,
      fc.constantFrom('created', 'joined', 'changed', 'departed', 'broken'),
      (endpoint, event) => {
        expect(parseRelationHook(`${endpoint}-relation-${event}`)).toEqual({ endpoint, event });
      },
    ),
  );
});
