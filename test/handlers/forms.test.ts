import {
  type Condition,
  collectMetrics,
  defineLayer,
  handler,
  hook,
  Layer,
  meterStatusChanged,
  onlyOnce,
  type Unit,
  when,
  whenAll,
  whenAny,
  whenNone,
  whenNot,
  whenNotAll,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

class AsMethods extends Layer {
  @when('a', 'b') whenBoth(): void {}
  @whenAll('a', 'b') whenAllOf(): void {}
  @whenAny('a', 'b') whenAnyOf(): void {}
  @whenNot('a', 'b') whenNotOf(): void {}
  @whenNone('a', 'b') whenNoneOf(): void {}
  @whenNotAll('a', 'b') whenNotAllOf(): void {}
  @hook('install') atInstall(): void {}
  @when('a') @whenNot('b') whenAWithoutB(): void {}
  @whenAny('a', 'c') @whenNotAll('a', 'b') @when('c') threeAtOnce(): void {}
  @hook('install') @when('a') atInstallWithA(): void {}
  @collectMetrics() collect(): void {}
  @meterStatusChanged() meter(): void {}
  @onlyOnce() @when('a') once(): void {}
}

const asFunctions = defineLayer('web', [
  handler(when('a', 'b'), function whenBoth() {}),
  handler(whenAll('a', 'b'), function whenAllOf() {}),
  handler(whenAny('a', 'b'), function whenAnyOf() {}),
  handler(whenNot('a', 'b'), function whenNotOf() {}),
  handler(whenNone('a', 'b'), function whenNoneOf() {}),
  handler(whenNotAll('a', 'b'), function whenNotAllOf() {}),
  handler(hook('install'), function atInstall() {}),
  handler(when('a'), whenNot('b'), function whenAWithoutB() {}),
  handler(whenAny('a', 'c'), whenNotAll('a', 'b'), when('c'), function threeAtOnce() {}),
  handler(hook('install'), when('a'), function atInstallWithA() {}),
  handler(collectMetrics(), function collect() {}),
  handler(meterStatusChanged(), function meter() {}),
  handler(onlyOnce(), when('a'), function once() {}),
]);

const SUBSETS = [[], ['a'], ['b'], ['c'], ['a', 'b'], ['a', 'c'], ['b', 'c'], ['a', 'b', 'c']];
const cases = SUBSETS.flatMap((flags) =>
  ['install', 'update-status', 'collect-metrics', 'meter-status-changed'].map((name) => ({ flags, name })),
);

/** What must run, said a second time and plainly. */
function due(flags: readonly string[], name: string): string[] {
  if (name === 'collect-metrics') return ['web.collect'];
  if (name === 'meter-status-changed') return ['web.meter'];
  const [a, b, c] = ['a', 'b', 'c'].map((flag) => flags.includes(flag));
  const table: [string, boolean | undefined][] = [
    ['web.atInstall', name === 'install'],
    ['web.whenBoth', a && b],
    ['web.whenAllOf', a && b],
    ['web.whenAnyOf', a || b],
    ['web.whenNotOf', !a && !b],
    ['web.whenNoneOf', !a && !b],
    ['web.whenNotAllOf', !(a && b)],
    ['web.whenAWithoutB', a && !b],
    ['web.threeAtOnce', (a || c) && !(a && b) && c],
    ['web.atInstallWithA', a && name === 'install'],
    ['web.once', a],
  ];
  return table.filter(([, runs]) => runs).map(([id]) => id);
}

test.each(cases)(
  'runs the same handlers as methods and as functions in $name with flags $flags',
  async ({ flags, name }) => {
    for (const layer of [AsMethods, asFunctions]) {
      const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
      unit.presetFlags(...flags);
      expect(handlersOf(await unit.run(name))).toEqual(due(flags, name));
    }
  },
);

test('gives the unit to a function and to a method alike', async () => {
  const seen: string[] = [];
  class AsMethod extends Layer {
    @hook('install')
    start(): void {
      seen.push(this.unit.name);
    }
  }
  const asFunction = defineLayer('web', [
    handler(hook('install'), (unit: Unit) => {
      seen.push(unit.name);
    }),
  ]);
  await new TrialUnit(makeCharm({ layers: { web: AsMethod, more: asFunction } })).run('install');
  expect(seen).toEqual(['web/0', 'web/0']);
});

test('lets stacked decorators stand in any order', async () => {
  class Orders extends Layer {
    @when('a') @whenNot('b') @hook('start') one(): void {}
    @hook('start') @whenNot('b') @when('a') two(): void {}
    @whenNot('b') @when('a') @hook('start') three(): void {}
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Orders } }));
  unit.presetFlags('a');
  expect(handlersOf(await unit.run('start'))).toEqual(['web.one', 'web.two', 'web.three']);
  expect(handlersOf(await unit.run('stop'))).toEqual([]);
  unit.presetFlags('b');
  expect(handlersOf(await unit.run('start'))).toEqual([]);
});

test('takes two conditions of one kind as both', async () => {
  class Stacked extends Layer {
    @whenAny('a', 'b') @whenAny('c', 'd') both(): void {}
    @hook('start', 'stop') @hook('stop', 'install') inStop(): void {}
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Stacked } }));
  unit.presetFlags('a');
  expect(handlersOf(await unit.run('start'))).toEqual([]);
  unit.presetFlags('d');
  expect(handlersOf(await unit.run('stop'))).toEqual(['web.inStop', 'web.both']);
});

test('is plain data that cannot be changed', () => {
  const condition = when('a', 'b');
  expect({ ...condition }).toEqual({ kind: 'all', flags: ['a', 'b'] });
  expect({ ...whenAll('a', 'b') }).toEqual({ ...condition });
  expect({ ...whenNot('a') }).toEqual({ ...whenNone('a') });
  expect({ ...hook('{requires:redis}-relation-joined', 'stop') }).toEqual({
    kind: 'hook',
    patterns: ['{requires:redis}-relation-joined', 'stop'],
  });
  expect(() => Object.assign(condition, { kind: 'any' })).toThrow(TypeError);
  expect(() => Reflect.apply(Array.prototype.push, (condition as { flags?: unknown }).flags, ['c'])).toThrow(
    TypeError,
  );
});

test('keeps its own copy of the flags it was made of', () => {
  const flags = ['a', 'b'];
  const condition = whenAny(...flags);
  flags.push('c');
  expect({ ...condition }).toEqual({ kind: 'any', flags: ['a', 'b'] });
});

test('lets one condition stand on several methods, layers and functions', async () => {
  const ready: Condition = when('ready');
  class One extends Layer {
    @ready first(): void {}
    @ready second(): void {}
  }
  class Two extends Layer {
    @ready third(): void {}
  }
  const layers = { one: One, two: Two, three: defineLayer('three', [handler(ready, function fourth() {})]) };
  const unit = new TrialUnit(makeCharm({ layers }));
  expect(handlersOf(await unit.run('start'))).toEqual([]);
  unit.presetFlags('ready');
  expect(handlersOf(await unit.run('start'))).toEqual([
    'one.first',
    'one.second',
    'two.third',
    'three.fourth',
  ]);
});

test('numbers functions without a name by their place', async () => {
  const layer = defineLayer('web', [
    handler(hook('start'), () => {}),
    handler(hook('start'), function named() {}),
    handler(hook('start'), () => {}),
  ]);
  const report = await new TrialUnit(makeCharm({ layers: { web: layer } })).run('start');
  expect(handlersOf(report)).toEqual(['web.handler-1', 'web.named', 'web.handler-3']);
});

test('Q13: a flag with any name is waited for, with spaces, braces, slashes and dots', async () => {
  const flags = [
    'web ready',
    'a/b',
    'x.{y}',
    '.',
    '..',
    'ümlaut 🎈',
    '{',
    '}',
    'a\\b',
    '!not',
    '#hash',
    '[x]',
  ];
  const layer = defineLayer(
    'web',
    flags.map((flag, index) => handler(when(flag), { [`h${index}`]: () => {} }[`h${index}`] as () => void)),
  );
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  expect(handlersOf(await unit.run('start'))).toEqual([]);
  for (const [index, flag] of flags.entries()) {
    const fresh = new TrialUnit(makeCharm({ layers: { web: layer } }));
    fresh.presetFlags(flag);
    expect(handlersOf(await fresh.run('start')), flag).toEqual([`web.h${index}`]);
  }
});

test('B7: handlers that a factory makes in a loop register one by one', async () => {
  const ran: string[] = [];
  const layer = defineLayer(
    'web',
    ['one', 'two'].map((name) =>
      handler(when(name), function install() {
        ran.push(name);
      }),
    ),
  );
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('two');
  await unit.run('start');
  expect(ran).toEqual(['two']);
  unit.presetFlags('one');
  await unit.run('start');
  expect(ran).toEqual(['two', 'one', 'two']);
});

test('B7: classes that a factory makes in a loop register one by one', async () => {
  const ran: string[] = [];
  const makeLayer = (name: string): unknown =>
    class Made extends Layer {
      @when(name)
      install(): void {
        ran.push(name);
      }
    };
  const layers = { one: makeLayer('one'), two: makeLayer('two') };
  const unit = new TrialUnit(makeCharm({ layers }));
  unit.presetFlags('two');
  await unit.run('start');
  expect(ran).toEqual(['two']);
});

test('B7: handlers of one name each keep their own memory of having run once', async () => {
  const ran: string[] = [];
  const layer = defineLayer(
    'web',
    ['one', 'two'].map((name) =>
      handler(onlyOnce(), when(name), function install() {
        ran.push(name);
      }),
    ),
  );
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('one');
  await unit.run('start');
  unit.presetFlags('two');
  await unit.run('start');
  await unit.run('start');
  expect(ran).toEqual(['one', 'two']);
});

test('B10: a handler with hook and when runs in that hook when its flags hold, and in no other', async () => {
  const ran: string[] = [];
  class Both extends Layer {
    @hook('config-changed')
    @when('ready')
    reload(): void {
      ran.push(this.unit.hook.name);
    }
    @hook('config-changed')
    @when('late')
    later(): void {
      ran.push('later');
    }
    @hook('config-changed')
    first(): void {
      this.unit.flags.set('late');
    }
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Both } }));
  await unit.run('config-changed');
  expect(ran).toEqual(['later']);
  unit.presetFlags('ready');
  await unit.run('update-status');
  await unit.run('config-changed');
  expect(ran).toEqual(['later', 'config-changed', 'later']);
});
