import { setTimeout } from 'node:timers/promises';
import {
  collectMetrics,
  defineLayer,
  type FunctionHandler,
  handler,
  hook,
  meterStatusChanged,
  type Unit,
  when,
  whenAny,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, spyOnTools, TrialUnit } from '../charm/trial-unit.ts';

/** A unit of a charm with these handlers, and these flags set before. */
function unitWith(handlers: readonly FunctionHandler[], ...flags: string[]): TrialUnit {
  const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers) } }));
  unit.presetFlags(...flags);
  return unit;
}

/** A handler's function of that name, which sets (`+a`) and clears (`-a`) flags in order. */
function doing(name: string, ...edges: string[]): (unit: Unit) => void {
  const run = (unit: Unit): void => {
    for (const edge of edges) unit.flags.toggle(edge.slice(1), edge.startsWith('+'));
  };
  Object.defineProperty(run, 'name', { value: name });
  return run;
}

async function rounds(unit: TrialUnit, name = 'start'): Promise<string[]> {
  const report = await unit.run(name);
  return report.runs.map(({ handler: id, round }) => `${round} ${id.replace('web.', '')}`);
}

test('Q1: handlers whose flags hold run in every hook, changed or not', async () => {
  const unit = unitWith([handler(when('a'), doing('level'))], 'a');
  expect(await rounds(unit, 'start')).toEqual(['1 level']);
  expect(await rounds(unit, 'update-status')).toEqual(['1 level']);
  expect(await rounds(unit, 'update-status')).toEqual(['1 level']);
});

test('Q2: every handler of the hook runs before any that waits for flags, wherever it was registered', async () => {
  const unit = unitWith(
    [
      handler(when('a'), doing('flag1')),
      handler(hook('start'), doing('hook1', '-a', '+b')),
      handler(when('b'), doing('flag2')),
      handler(hook('start'), doing('hook2', '+c')),
      handler(when('c'), doing('flag3')),
    ],
    'a',
  );
  expect(await rounds(unit)).toEqual(['0 hook1', '0 hook2', '1 flag2', '1 flag3']);
});

test('Q2: a hook handler runs whatever another one clears, and never twice', async () => {
  const unit = unitWith([
    handler(hook('start'), doing('one', '+a', '-a', '-b')),
    handler(hook('start'), doing('two', '+a')),
    handler(when('a'), doing('three', '+b')),
  ]);
  expect(await rounds(unit)).toEqual(['0 one', '0 two', '1 three']);
});

test('Q3: a flag set in a round is seen in the next, also by handlers registered later', async () => {
  const unit = unitWith([
    handler(whenNot('done'), doing('first', '+a', '+done')),
    handler(when('a'), doing('second', '+b')),
    handler(when('b'), doing('third')),
    handler(when('never'), doing('fourth')),
  ]);
  expect(await rounds(unit)).toEqual(['1 first', '2 second', '3 third']);
});

test('Q3: what several handlers of a round set is acted on together', async () => {
  const unit = unitWith(
    [
      handler(when('go'), doing('one', '+a')),
      handler(when('go'), doing('two', '+b')),
      handler(when('a', 'b'), doing('both')),
      handler(whenAny('a', 'b'), doing('any')),
    ],
    'go',
  );
  expect(await rounds(unit)).toEqual(['1 one', '1 two', '2 both', '2 any']);
});

test('Q4: clearing a flag drops queued handlers that no longer match', async () => {
  const unit = unitWith(
    [
      handler(when('a'), doing('clearer', '-b')),
      handler(when('b'), doing('dropped')),
      handler(when('a'), doing('kept')),
    ],
    'a',
    'b',
  );
  expect(await rounds(unit)).toEqual(['1 clearer', '1 kept']);
});

test('Q4: setting a flag does not drop a queued handler that waits for it not to be set', async () => {
  const unit = unitWith(
    [handler(when('a'), doing('setter', '+b')), handler(whenNot('b'), doing('queued'))],
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 setter', '1 queued']);
});

test('Q4: clearing any flag, even one that is not set, tests the queue again: a set flag counts then', async () => {
  const unit = unitWith(
    [handler(when('a'), doing('setter', '+b', '-unheard-of')), handler(whenNot('b'), doing('dropped'))],
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 setter']);
});

test('Q4: the queue is tested when the handler is done, not while it runs', async () => {
  const unit = unitWith(
    [handler(when('a'), doing('to and fro', '-b', '+b')), handler(when('b'), doing('kept'))],
    'a',
    'b',
  );
  expect(await rounds(unit)).toEqual(['1 to and fro', '1 kept', '2 kept']);
});

test('Q4: a queue once tested again is not tested at the next handler without a clear', async () => {
  const unit = unitWith(
    [
      handler(when('a'), doing('clearer', '-unheard-of')),
      handler(when('a'), doing('setter', '+b')),
      handler(whenNot('b'), doing('kept')),
    ],
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 clearer', '1 setter', '1 kept']);
});

test('Q4: a trigger that clears tests the queue again too', async () => {
  const layer = defineLayer(
    'web',
    [handler(when('a'), doing('setter', '+b')), handler(when('c'), doing('dropped'))],
    { triggers: [{ when: 'b', clearFlag: 'c' }] },
  );
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('a', 'c');
  expect(await rounds(unit)).toEqual(['1 setter']);
});

test('Q5: within a hook a handler runs again only when one of its flags changed in the round before', async () => {
  const unit = unitWith(
    [
      handler(when('a'), whenNot('x'), doing('idle')),
      handler(when('a'), whenNot('d'), doing('again')),
      handler(whenNot('b'), doing('one', '+b')),
      handler(when('b'), whenNot('c'), doing('two', '+c')),
      handler(when('c'), whenNot('d'), doing('three', '+d')),
    ],
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 idle', '1 again', '1 one', '2 two', '3 three']);
});

test('Q5: a flag that went to and fro in a round has changed', async () => {
  const unit = unitWith(
    [
      handler(when('go'), whenNot('done'), doing('pulse', '-a', '+a', '+done')),
      handler(when('a'), doing('watch')),
    ],
    'go',
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 pulse', '1 watch', '2 watch']);
});

test('Q5: setting a set flag, and clearing a clear one, changes nothing', async () => {
  const unit = unitWith(
    [handler(when('go'), doing('still', '+a', '-b')), handler(when('a'), whenNot('b'), doing('watch'))],
    'go',
    'a',
  );
  expect(await rounds(unit)).toEqual(['1 still', '1 watch']);
});

test('Q5: what the hook handlers changed wakes nobody a second time', async () => {
  const unit = unitWith([handler(hook('start'), doing('hook', '+a')), handler(when('a'), doing('once'))]);
  expect(await rounds(unit)).toEqual(['0 hook', '1 once']);
});

test('B40, kept: a flag set and cleared within one handler is seen by nobody', async () => {
  const unit = unitWith(
    [handler(when('go'), doing('pulse', '+a', '-a')), handler(when('a'), doing('never'))],
    'go',
  );
  expect(await rounds(unit)).toEqual(['1 pulse']);
});

test('B40, kept: of two consumers of a flag, one that clears it starves the other', async () => {
  const unit = unitWith(
    [handler(when('event'), doing('first', '-event')), handler(when('event'), doing('second'))],
    'event',
  );
  expect(await rounds(unit)).toEqual(['1 first']);
});

test('handlers run in the order of their registration: layer by layer, class or functions, then interfaces', async () => {
  const make = (name: string): unknown =>
    defineLayer(
      name,
      ['z', 'a', 'm'].map((id) => handler(when('go'), doing(id))),
    );
  const unit = new TrialUnit(makeCharm({ layers: { zeta: make('zeta'), alpha: make('alpha') } }));
  unit.presetFlags('go');
  const order = ['zeta.z', 'zeta.a', 'zeta.m', 'alpha.z', 'alpha.a', 'alpha.m'];
  expect(handlersOf(await unit.run('start'))).toEqual(order);
  expect(handlersOf(await unit.run('start'))).toEqual(order);
});

test('async handlers run one at a time, each to its end', async () => {
  const log: string[] = [];
  const slow = (name: string, waitMs: number, then: (unit: Unit) => void = () => {}) =>
    async function run(unit: Unit): Promise<void> {
      log.push(`${name} begins`);
      await setTimeout(waitMs);
      then(unit);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
  const unit = unitWith(
    [
      handler(
        when('go'),
        slow('one', 20, ({ flags }) => flags.clear('dropped')),
      ),
      handler(
        when('go'),
        slow('two', 0, ({ flags }) => flags.set('late')),
      ),
      handler(when('dropped'), slow('never', 0)),
      handler(when('late'), slow('three', 0)),
      handler(hook('start'), slow('hook', 10)),
    ],
    'go',
    'dropped',
  );
  await unit.run('start');
  expect(log).toEqual([
    'hook begins',
    'hook ends',
    'one begins',
    'one ends',
    'two begins',
    'two ends',
    'three begins',
    'three ends',
  ]);
});

test.each(['collect-metrics', 'meter-status-changed'])(
  'Q20: %s runs only the handlers that ask for it',
  async (name) => {
    const log: string[] = [];
    const layer = defineLayer(
      'web',
      [
        handler(hook(name), doing('hook')),
        handler(when('a'), doing('flag')),
        handler(whenNot('b'), doing('not')),
        handler(collectMetrics(), doing('metrics', '+from-metrics')),
        handler(meterStatusChanged(), doing('meter', '+from-meter')),
        handler(collectMetrics(), when('a'), doing('metricsWithA')),
        handler(collectMetrics(), when('b'), doing('metricsWithB')),
        handler(meterStatusChanged(), hook('start'), doing('neverBoth')),
      ],
      {
        beforeStart: () => void log.push('beforeStart'),
        atStart: () => void log.push('atStart'),
        atExit: () => void log.push('atExit'),
      },
    );
    const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
    unit.presetFlags('a');
    const own = name === 'collect-metrics' ? ['web.metrics', 'web.metricsWithA'] : ['web.meter'];
    expect(handlersOf(await unit.run(name))).toEqual(own);
    expect(log).toEqual([]);
    expect(unit.flags()).toEqual(['a', name === 'collect-metrics' ? 'from-metrics' : 'from-meter']);
  },
);

test('Q20: handlers of restricted hooks run in no other hook', async () => {
  const unit = unitWith(
    [
      handler(collectMetrics(), doing('metrics')),
      handler(meterStatusChanged(), doing('meter')),
      handler(collectMetrics(), when('a'), doing('metricsWithA')),
    ],
    'a',
  );
  expect(await rounds(unit, 'update-status')).toEqual([]);
});

test('Q20: a restricted hook calls no tool but the log', async () => {
  const metadata = { requires: { db: 'redis' }, peers: { cluster: 'web-peer' } };
  const layer = defineLayer('web', [handler(collectMetrics(), doing('metrics', '+a'))], {
    beforeStart: (unit) => unit.manageConfigFlags(),
  });
  const unit = new TrialUnit(
    makeCharm({ metadata, layers: { web: layer }, config: { port: { type: 'int', default: 1 } } }),
  );
  unit.putUnit('db:1', 'redis/0', { host: '"a"' });
  const calls: string[] = [];
  unit.wrap = (tools) => spyOnTools(tools, calls);
  await unit.run('collect-metrics');
  expect(new Set(calls)).toEqual(new Set(['log']));
  expect(unit.flags()).toEqual(['a']);
});

test('Q8: triggers of a layer fire in a restricted hook as in any other', async () => {
  const layer = defineLayer('web', [handler(collectMetrics(), doing('metrics', '+a'))], {
    triggers: [{ when: 'a', setFlag: 'b' }],
  });
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  await unit.run('collect-metrics');
  expect(unit.flags()).toEqual(['a', 'b']);
});

test('Q7: ending the hook runs no further handler, and keeps what was done', async () => {
  const layer = defineLayer(
    'web',
    [
      handler(when('go'), doing('first', '+done')),
      handler(when('go'), function ends(unit) {
        unit.kv.set('key', 'value');
        unit.endHook();
      }),
      handler(when('go'), doing('never')),
    ],
    { atExit: (unit) => unit.flags.set('exited') },
  );
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('go');
  expect(handlersOf(await unit.run('start'))).toEqual(['web.first', 'web.ends']);
  expect(unit.flags()).toEqual(['done', 'exited', 'go']);
  expect(unit.stored('key')).toEqual({ key: 'value' });
});

test.each(['beforeStart', 'atStart', 'atExit'] as const)(
  'Q7: the hook can be ended in %s too',
  async (moment) => {
    const layer = defineLayer('web', [handler(hook('start'), doing('run', '+ran'))], {
      [moment]: (unit: Unit) => {
        unit.flags.set(moment);
        unit.endHook();
      },
    });
    const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
    await unit.run('start');
    expect(unit.flags()).toEqual(moment === 'atExit' ? ['atExit', 'ran'] : [moment]);
  },
);

test('a handler that ends the hook after an await ends it too', async () => {
  const unit = unitWith([
    handler(hook('start'), async function ends(unit) {
      await setTimeout(1);
      unit.endHook();
    }),
    handler(hook('start'), doing('never')),
  ]);
  expect(await rounds(unit)).toEqual(['0 ends']);
});
