import * as everything from 'charms-reactive';
import {
  defineLayer,
  defineRequest,
  defineResponse,
  Endpoint,
  field,
  handler,
  hook,
  Layer,
  RequesterEndpoint,
  when,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { findImplementation, findLayers } from '../../src/charm/charm-definition.ts';
import { handlersOf, makeCharm, TrialUnit } from './trial-unit.ts';

class Base extends Layer {
  @hook('start')
  base(): void {}
}
class Sub extends Base {
  @hook('start')
  sub(): void {}
}
class Other extends Layer {
  @hook('start')
  other(): void {}
}
const functions = defineLayer('functions', [handler(hook('start'), function plain() {})]);

function layersOf(exports: Record<string, unknown>): unknown[] {
  return findLayers({ name: 'web', file: 'reactive/web.ts', exports }).map(({ layer }) => layer);
}

function classOf(exports: Record<string, unknown>): unknown {
  const module = {
    role: 'requires',
    interface: 'redis',
    file: 'interfaces/redis/requires.ts',
    exports,
  } as const;
  const implementation = findImplementation(module);
  return 'endpointClass' in implementation ? implementation.endpointClass : implementation.relationBaseClass;
}

test('finds a layer that is exported under any name, and under several names once', () => {
  expect(layersOf({ default: Other })).toEqual([Other]);
  expect(layersOf({ Other, default: Other, functions, again: functions })).toEqual([Other, functions]);
  expect(layersOf({ functions })).toEqual([functions]);
});

test('finds several layers of one file', async () => {
  expect(layersOf({ Other, Sub })).toEqual([Other, Sub]);
  const unit = new TrialUnit({
    ...makeCharm(),
    layers: [{ name: 'web', file: 'reactive/web.ts', exports: { Other, Sub, functions } }],
  });
  expect(handlersOf(await unit.run('start'))).toEqual([
    'web.other',
    'web.base',
    'web.sub',
    'functions.plain',
  ]);
});

test('counts no class that another exported one extends, nor what is no layer', () => {
  expect(layersOf({ Base, Sub, default: Sub })).toEqual([Sub]);
  expect(
    layersOf({ Layer, Endpoint, help: () => {}, FLAG: 'x', nothing: undefined, object: {}, Plain: class {} }),
  ).toEqual([]);
  expect(layersOf({ lookalike: { name: 'x', handlers: [], triggers: [] } })).toEqual([]);
});

test('a handler file may only help others', async () => {
  const unit = new TrialUnit({
    ...makeCharm(),
    layers: [{ name: 'web', file: 'reactive/help.ts', exports: { help: () => 1 } }],
  });
  expect(handlersOf(await unit.run('start'))).toEqual([]);
});

class RedisBase extends Endpoint {}
class Redis extends RedisBase {}
class Http extends Endpoint {}

test('B36: the one class is found beside all that the framework exports', () => {
  expect(classOf({ ...everything, Redis })).toBe(Redis);
  expect(classOf({ ...everything, RedisBase, Redis, default: Redis })).toBe(Redis);
});

test('B36: of a class and its base class, exported together, the one that is extended does not count', () => {
  expect(classOf({ RedisBase, Redis })).toBe(Redis);
  expect(classOf({ Redis, RedisBase })).toBe(Redis);
  expect(classOf({ RedisBase })).toBe(RedisBase);
});

test('B36: several classes are named, with the file, and so is none', () => {
  expect(() => classOf({ Redis, Http })).toThrow(/"interfaces\/redis\/requires\.ts".*Redis, Http/);
  expect(() => classOf({ Redis, Http, RedisBase })).toThrow(/exports Redis, Http$/);
  expect(() => classOf({})).toThrow(/"interfaces\/redis\/requires\.ts".*none/);
  expect(() => classOf({ ...everything })).toThrow(/"interfaces\/redis\/requires\.ts"/);
  expect(() => classOf({ Layer, help: 1, Plain: class {} })).toThrow(/none/);
});

test('B36: a class of the framework that another style of endpoint extends does not count beside it', () => {
  class CertResponse extends defineResponse({ fields: { cert: field<string>('the certificate') } }) {}
  class CertRequest extends defineRequest({
    fields: { cn: field<string>('the common name') },
    response: CertResponse,
  }) {}
  class Requires extends RequesterEndpoint.of(CertRequest) {}
  expect(classOf({ RequesterEndpoint, Requires })).toBe(Requires);
  expect(classOf({ ...everything, CertRequest, Requires })).toBe(Requires);
});

test('interfaces that no endpoint uses, and endpoints that no interface serves, do no harm', async () => {
  class Web extends Endpoint {
    @when('endpoint.{endpoint_name}.joined')
    never(): void {}
  }
  const unit = new TrialUnit(
    makeCharm({ metadata: { requires: { db: 'redis' } }, interfaces: { 'provides/http': Web } }),
  );
  expect(handlersOf(await unit.join('db:1', 'redis/0'))).toEqual([]);
  expect(unit.flags()).toEqual(['endpoint.db.joined']);
});

test('handlers of interfaces come after those of layers, in the order in which the charm brings the interfaces', async () => {
  class Named extends Endpoint {
    @hook('start')
    one(): void {}
    @hook('start')
    two(): void {}
  }
  class Requires extends Named {}
  class Provides extends Named {}
  const metadata = { provides: { website: 'http' }, requires: { db: 'redis', cache: 'redis' } };
  const interfaces = { 'requires/redis': Requires, 'provides/http': Provides };
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: Other }, interfaces }));
  expect(handlersOf(await unit.run('start'))).toEqual([
    'web.other',
    'redis/requires.one@db',
    'redis/requires.one@cache',
    'redis/requires.two@db',
    'redis/requires.two@cache',
    'http/provides.one@website',
    'http/provides.two@website',
  ]);
});
