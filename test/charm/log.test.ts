import { defineLayer, Endpoint, type FunctionHandler, handler, hook, when, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { HookLog } from '../../src/charm/log.ts';
import { makeCharm, TrialUnit } from './trial-unit.ts';

function unitWith(handlers: readonly FunctionHandler[], ...flags: string[]): TrialUnit {
  const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers) } }));
  unit.presetFlags(...flags);
  return unit;
}

test('one INFO line for each run of a handler names the changes that woke it and what made them', async () => {
  class Redis extends Endpoint {
    @when('endpoint.{endpoint_name}.joined')
    joined(): void {
      this.setFlag('available');
    }
  }
  const layer = defineLayer(
    'web',
    [
      handler(hook('db-relation-joined'), function hooked() {}),
      handler(when('before'), function level() {}),
      handler(when('endpoint.db.available'), whenNot('x'), function react({ flags }) {
        flags.set('x');
        flags.clear('y');
      }),
      handler(when('triggered'), function last() {}),
    ],
    { triggers: [{ when: 'x', setFlag: 'triggered' }] },
  );
  const metadata = { requires: { db: 'redis' } };
  const unit = new TrialUnit(
    makeCharm({ metadata, layers: { web: layer }, interfaces: { 'requires/redis': Redis } }),
  );
  unit.presetFlags('before', 'y');
  await unit.join('db:1', 'redis/0');
  expect(unit.logLines()).toEqual([
    'INFO running web.hooked (this hook)',
    'INFO running web.level (its flags stood so before this hook)',
    'INFO running redis/requires.joined@db (+endpoint.db.joined by endpoint db in db-relation-joined)',
    'INFO running web.react (+endpoint.db.available by handler redis/requires.joined@db)',
    'INFO running web.last (+triggered by trigger on +x, by handler web.react)',
  ]);
  expect(unit.tools.logged).toHaveLength(1);
});

test('a hundred handlers that set a hundred flags make one call of the log', async () => {
  const handlers = Array.from({ length: 100 }, (_, index) =>
    handler(whenNot(`flag.${index}`), ({ flags }) => flags.set(`flag.${index}`)),
  );
  const unit = unitWith(handlers);
  await unit.run('start');
  expect(unit.tools.logged.map(({ level }) => level)).toEqual(['INFO']);
  expect(unit.logLines()).toHaveLength(100);
});

test("a charm's own lines stand among the framework's in order, each level in calls of its own", async () => {
  const unit = unitWith([
    handler(hook('start'), function one({ log }) {
      log.info('info');
      log.debug('debug 1');
      log.debug('debug 2\nin two lines');
      log.warning('warning');
    }),
    handler(hook('start'), function two({ log }) {
      log.error('error');
      log.info('');
    }),
  ]);
  await unit.run('start');
  expect(unit.tools.logged).toEqual([
    { level: 'INFO', message: 'running web.one (this hook)\ninfo' },
    { level: 'DEBUG', message: 'debug 1\ndebug 2\nin two lines' },
    { level: 'WARNING', message: 'warning' },
    { level: 'INFO', message: 'running web.two (this hook)' },
    { level: 'ERROR', message: 'error' },
    { level: 'INFO', message: '' },
  ]);
});

test('what was logged before an error is told before it', async () => {
  const unit = unitWith([
    handler(hook('start'), function one({ log }) {
      log.debug('nearly there');
      throw new Error('oh');
    }),
  ]);
  await unit.runFailing('start');
  const lines = unit.logLines();
  expect(lines.slice(0, 2)).toEqual(['INFO running web.one (this hook)', 'DEBUG nearly there']);
  expect(lines[2]).toMatch(/^ERROR hook start failed/);
});

test('of a flag that went to and fro the last change is named, and of several flags each', async () => {
  const unit = unitWith([
    handler(whenNot('done'), function pulse({ flags }) {
      flags.set('a');
      flags.clear('a');
      flags.set('a');
      flags.set('b');
      flags.set('done');
    }),
    handler(when('a', 'b'), function both() {}),
  ]);
  await unit.run('start');
  expect(unit.logLines()[1]).toBe('INFO running web.both (+a by handler web.pulse; +b by handler web.pulse)');
});

test('a line does not wait longer than a second for company, by the clock', () => {
  const told: string[] = [];
  let now = 0;
  const log = new HookLog({ log: (message, level) => void told.push(`${level} ${message}`) }, () => now);
  log.info('one');
  now = 999;
  log.info('two');
  expect(told).toEqual([]);
  now = 1000;
  log.info('three');
  expect(told).toEqual(['INFO one\ntwo']);
  now = 1500;
  log.info('four');
  log.warning('five');
  expect(told).toEqual(['INFO one\ntwo', 'INFO three\nfour']);
  log.flush();
  log.flush();
  expect(told).toEqual(['INFO one\ntwo', 'INFO three\nfour', 'WARNING five']);
});
