import { existsSync } from 'node:fs';
import { action, defineLayer, type FunctionLayer, handler, hook, type Unit, when } from 'charms-reactive';
import { MemoryUnit, readConfigOptions, readMetadata } from 'charms-reactive/testing';
import { expect, onTestFinished, test } from 'vitest';

function makeUnit(layer: FunctionLayer): MemoryUnit {
  const metadata = { name: 'web', summary: 's', description: 'd', requires: { db: { interface: 'db' } } };
  const options = { port: { type: 'int', default: 80 }, title: { type: 'string' } };
  const unit = new MemoryUnit({
    metadata: readMetadata(metadata, 'metadata.yaml'),
    config: readConfigOptions({ options }, 'config.yaml'),
    layers: [{ name: 'web', file: 'reactive/web.ts', exports: { layer } }],
  });
  onTestFinished(() => unit.dispose());
  return unit;
}

test('options have their defaults until they are set, and keep nothing of what was set before', async () => {
  const seen: unknown[] = [];
  const look = handler(
    hook('config-changed'),
    ({ config }) => void seen.push([config.get('port'), config.get('title')]),
  );
  const unit = makeUnit(defineLayer('web', [look]));
  await unit.hook('config-changed');
  unit.configure({ title: 'Hello' });
  await unit.hook('config-changed');
  unit.configure({ port: 8080 });
  await unit.hook('config-changed');
  expect(seen).toEqual([
    [80, null],
    [80, 'Hello'],
    [8080, null],
  ]);
});

test('flags and the store last from hook to hook; a hook that fails leaves nothing but its log', async () => {
  const layer = defineLayer('web', [
    handler(hook('install'), ({ flags, kv }) => {
      flags.set('web.installed');
      kv.set('times', Number(kv.get('times', 0)) + 1);
    }),
    handler(hook('start'), ({ flags, kv, log, ports }) => {
      flags.set('web.started');
      ports.open(kv.get('times') === 1 ? 80 : 81);
      log.info('one\ntwo');
      throw new Error('no luck');
    }),
  ]);
  const unit = makeUnit(layer);
  await unit.hook('install');
  await expect(unit.hook('start')).rejects.toThrow('no luck');
  expect(unit.flags).toEqual(['web.installed']);
  expect(unit.tools.openedPorts()).toEqual([]);
  expect(unit.logLines).toEqual(expect.arrayContaining(['one', 'two']));
});

test('a relation hook tells whom it is about', async () => {
  const told: unknown[] = [];
  const layer = defineLayer('web', [
    handler(when('endpoint.db.joined'), (unit: Unit) => void told.push(unit.hook.relation)),
  ]);
  const unit = makeUnit(layer);
  unit.relate({ 'db:3': { application: 'redis', units: { 'redis/1': {} } } });
  await unit.hook('db-relation-joined', { relation: 'db:3', remoteUnit: 'redis/1' });
  await unit.hook('db-relation-departed', {
    relation: 'db:3',
    remoteUnit: 'redis/0',
    departingUnit: 'web/0',
  });
  expect(told).toEqual([
    { endpoint: 'db', id: 'db:3', remoteUnit: 'redis/1', remoteApplication: 'redis' },
    { endpoint: 'db', id: 'db:3', remoteUnit: 'redis/0', remoteApplication: 'redis', departingUnit: 'web/0' },
  ]);
});

test('an action has its parameters, and its results, its log and its failure are told', async () => {
  const layer = defineLayer('web', [
    handler(action('greet'), ({ tools }) => {
      const { who } = tools.actionGet();
      tools.actionLog('thinking');
      if (who === undefined) return tools.actionFail('nobody is there');
      tools.actionSet({ 'greeting.text': `Hello, ${who}` });
    }),
  ]);
  const unit = makeUnit(layer);
  expect(await unit.action('greet', { who: 'Ada' })).toMatchObject({
    results: { greeting: { text: 'Hello, Ada' } },
    log: ['thinking'],
  });
  const { failure, results } = await unit.action('greet');
  expect([failure, results]).toEqual(['nobody is there', {}]);
  // Nothing of it is left for a hook.
  await unit.hook('update-status');
  expect(() => unit.tools.actionGet()).toThrow('not running an action');
});

test('a unit has a folder of its own, which goes with it', () => {
  const unit = makeUnit(defineLayer('web', []));
  expect(existsSync(unit.folder)).toBe(true);
  unit.dispose();
  expect(existsSync(unit.folder)).toBe(false);
});

test('without the plugin there is no charm under test, and the error says what to add', async () => {
  await expect(import('../../src/testing/charm.ts')).rejects.toThrow(
    'add "reactive()" of "charms-reactive/vitest" to the plugins in vitest.config.ts',
  );
});
