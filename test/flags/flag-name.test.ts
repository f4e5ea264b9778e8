import { expect, it } from 'vitest';
import {
  assertFlagName,
  expandFlagName,
  fillEndpointName,
  hasEndpointName,
} from '../../src/flags/flag-name.ts';

it.each([
  ['joined', 'endpoint.db.joined'],
  ['changed.host', 'endpoint.db.changed.host'],
  ['{endpoint_name}.connected', 'db.connected'],
  ['endpoint.{endpoint_name}.joined', 'endpoint.db.joined'],
  ['a.{endpoint_name}.b.{endpoint_name}', 'a.db.b.db'],
  ['foo.{bar}', 'endpoint.db.foo.{bar}'],
  ['{endpoint_name}.{bar}', 'db.{bar}'],
  ['endpoint.other.joined', 'endpoint.db.endpoint.other.joined'],
])('expands %s for the endpoint db to %s (B11: other braces stay)', (flag, expanded) => {
  expect(expandFlagName(flag, 'db')).toBe(expanded);
});

it('fills in every place for the name, once', () => {
  expect(fillEndpointName('x.{endpoint_name}.y.{endpoint_name}', 'db')).toBe('x.db.y.db');
  expect(fillEndpointName('x.{endpoint_name}.y', '{endpoint_name}')).toBe('x.{endpoint_name}.y');
});

it('knows whether a text has a place for the endpoint name', () => {
  expect(hasEndpointName('{endpoint_name}.x')).toBe(true);
  expect(hasEndpointName('{endpoint-name}.x')).toBe(false);
});

it('refuses what is no flag name with a TypeError that says what it got', () => {
  expect(() => assertFlagName('')).toThrow(/empty/);
  for (const flag of [undefined, null, 1, {}, [], Symbol('s')]) {
    expect(() => assertFlagName(flag)).toThrow(TypeError);
    expect(() => assertFlagName(flag)).toThrow(typeof flag);
  }
  expect(() => assertFlagName('a flag with spaces and é😀')).not.toThrow();
});
