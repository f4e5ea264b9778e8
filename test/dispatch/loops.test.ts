import {
  DispatchLoopError,
  defineLayer,
  type FunctionHandler,
  handler,
  type Unit,
  when,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

function unitWith(handlers: readonly FunctionHandler[], ...flags: string[]): TrialUnit {
  const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers) } }));
  unit.presetFlags(...flags);
  return unit;
}

function swap(name: string, from: string, to: string): FunctionHandler {
  const run = ({ flags }: Unit): void => {
    flags.clear(from);
    flags.set(to);
  };
  Object.defineProperty(run, 'name', { value: name });
  return handler(when(from), run);
}

async function failWithLoop(unit: TrialUnit): Promise<DispatchLoopError> {
  const before = unit.stored();
  const error = await unit.runFailing('start');
  expect(error).toBeInstanceOf(DispatchLoopError);
  expect(unit.stored()).toEqual(before);
  return error as DispatchLoopError;
}

test('B8: two handlers that play ping-pong are named, with their flags, and nothing is kept', async () => {
  const unit = unitWith([swap('ping', 'a', 'b'), swap('pong', 'b', 'a')], 'a');
  const { handlers, flags, message } = await failWithLoop(unit);
  expect(handlers.toSorted()).toEqual(['web.ping', 'web.pong']);
  expect(flags.toSorted()).toEqual(['a', 'b']);
  expect(message).toMatch(/^cannot settle: /);
  for (const name of ['web.ping', 'web.pong', 'a', 'b']) expect(message).toContain(`"${name}"`);
});

test('B8: ping-pong is noticed after a handful of runs, not after a hundred', async () => {
  const ran: string[] = [];
  const unit = unitWith([swap('ping', 'a', 'b'), swap('pong', 'b', 'a')], 'a');
  unit.tracer = { handlerStarts: ({ handler: id }) => void ran.push(id) };
  await failWithLoop(unit);
  expect(ran.length).toBeLessThanOrEqual(6);
});

test('B8: three handlers in a circle are named, and those that ran before it are not', async () => {
  const unit = unitWith(
    [
      handler(when('go'), function before({ flags }) {
        flags.clear('go');
        flags.set('a');
      }),
      swap('one', 'a', 'b'),
      swap('two', 'b', 'c'),
      swap('three', 'c', 'a'),
      handler(when('never'), function idle() {}),
    ],
    'go',
  );
  const { handlers, flags } = await failWithLoop(unit);
  expect(handlers.toSorted()).toEqual(['web.one', 'web.three', 'web.two']);
  expect(flags.toSorted()).toEqual(['a', 'b', 'c']);
});

test('B8: a handler that clears and sets its own flag goes round alone', async () => {
  const unit = unitWith(
    [
      handler(when('a'), function again({ flags }) {
        flags.clear('a');
        flags.set('a');
      }),
    ],
    'a',
  );
  const { handlers, flags } = await failWithLoop(unit);
  expect(handlers).toEqual(['web.again']);
  expect(flags).toEqual(['a']);
});

test('B8: a circle through a trigger is a circle', async () => {
  const layer = defineLayer('web', [handler(when('a'), ({ flags }) => flags.clear('a'))], {
    triggers: [{ whenNot: 'a', setFlag: 'a' }],
  });
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('a');
  expect((await failWithLoop(unit)).flags).toEqual(['a']);
});

test('B8: a handler that is queued in the circle and always dropped is not named', async () => {
  const unit = unitWith(
    [swap('ping', 'a', 'b'), handler(when('a'), function dropped() {}), swap('pong', 'b', 'a')],
    'a',
  );
  expect((await failWithLoop(unit)).handlers.toSorted()).toEqual(['web.ping', 'web.pong']);
});

test('B8: flags and handlers beside the circle are not named', async () => {
  const unit = unitWith(
    [
      handler(when('go'), whenNot('done'), function install({ flags }) {
        flags.set('done');
        flags.set('a');
      }),
      handler(when('done'), function started() {}),
      swap('ping', 'a', 'b'),
      swap('pong', 'b', 'a'),
    ],
    'go',
  );
  const { handlers, flags } = await failWithLoop(unit);
  expect(handlers.toSorted()).toEqual(['web.ping', 'web.pong']);
  expect(flags.toSorted()).toEqual(['a', 'b']);
});

test('B8: a hook that went round runs as ever when it is tried again', async () => {
  const unit = unitWith([swap('ping', 'a', 'b'), swap('pong', 'b', 'a')], 'a');
  const first = await failWithLoop(unit);
  expect((await failWithLoop(unit)).message).toBe(first.message);
  unit.charm = makeCharm({ layers: { web: defineLayer('web', [swap('ping', 'a', 'b')]) } });
  expect(handlersOf(await unit.run('start'))).toEqual(['web.ping']);
  expect(unit.flags()).toEqual(['b']);
});

test.each([150, 1000, 5000])('B8: a chain of %d handlers settles, each run once', async (length) => {
  const chain = Array.from({ length }, (_, index) => {
    const run = ({ flags }: Unit): void => flags.set(`step.${index + 1}`);
    Object.defineProperty(run, 'name', { value: `step${index}` });
    return handler(when(`step.${index}`), run);
  });
  const unit = unitWith(chain.toReversed(), 'step.0');
  const report = await unit.run('start');
  expect(handlersOf(report)).toEqual(chain.map(({ name }) => `web.${name}`));
  expect(report.runs.at(-1)?.round).toBe(length);
  expect(unit.flags()).toHaveLength(length + 1);
});

test('B8: a chain that moves one flag through all its places settles', async () => {
  const chain = Array.from({ length: 1000 }, (_, index) =>
    swap(`step${index}`, `at.${index}`, `at.${index + 1}`),
  );
  const unit = unitWith(chain, 'at.0');
  expect(handlersOf(await unit.run('start'))).toHaveLength(1000);
  expect(unit.flags()).toEqual(['at.1000']);
});

test.each([1, 100, 5000])(
  'B8: a handler that works off %d items of unit data, one a run, is no loop',
  async (items) => {
    const unit = unitWith(
      [
        handler(when('work'), function work({ flags, kv }) {
          const done = Number(kv.get('done', 0)) + 1;
          kv.set('done', done);
          flags.clear('work');
          if (done < items) flags.set('work');
        }),
      ],
      'work',
    );
    expect(handlersOf(await unit.run('start'))).toHaveLength(items);
    expect(unit.stored('done')).toEqual({ done: items });
    expect(unit.flags()).toEqual([]);
  },
);

test('B8: two handlers that hand each other items of a list in unit data are no loop', async () => {
  const unit = unitWith(
    [
      handler(when('a'), function take({ flags, kv }) {
        const [, ...rest] = kv.get('list', []) as number[];
        kv.set('list', rest);
        flags.clear('a');
        flags.set('b');
      }),
      handler(when('b'), function give({ flags, kv }) {
        flags.clear('b');
        if ((kv.get('list') as number[]).length > 0) flags.set('a');
      }),
      handler(when('start'), whenNot('started'), function fill({ flags, kv }) {
        kv.set(
          'list',
          Array.from({ length: 200 }, (_, index) => index),
        );
        flags.set('started');
        flags.set('a');
      }),
    ],
    'start',
  );
  expect(handlersOf(await unit.run('start'))).toHaveLength(401);
  expect(unit.stored('list')).toEqual({ list: [] });
});

test('B8: a handler that counts without end is a loop in the end', async () => {
  const unit = unitWith(
    [
      handler(when('a'), function count({ flags, kv }) {
        kv.set('count', Number(kv.get('count', 0)) + 1);
        flags.clear('a');
        flags.set('a');
      }),
    ],
    'a',
  );
  const { handlers, flags } = await failWithLoop(unit);
  expect(handlers).toEqual(['web.count']);
  expect(flags).toEqual(['a']);
});

test('B8: handlers that write unit data to and fro as they go round are noticed after a handful of runs', async () => {
  const ran: string[] = [];
  const turn = (from: string, to: string): FunctionHandler =>
    handler(when(from), ({ flags, kv }) => {
      kv.set('turn', to);
      flags.clear(from);
      flags.set(to);
    });
  const unit = unitWith([turn('a', 'b'), turn('b', 'a')], 'a');
  unit.tracer = { handlerStarts: ({ handler: id }) => void ran.push(id) };
  await failWithLoop(unit);
  expect(ran.length).toBeLessThanOrEqual(8);
});

test('B8: writing the same unit data again is no progress', async () => {
  const ran: string[] = [];
  const unit = unitWith(
    [
      handler(when('a'), function same({ flags, kv }) {
        kv.set('key', { deep: [1, 2] });
        flags.clear('a');
        flags.set('a');
      }),
    ],
    'a',
  );
  unit.tracer = { handlerStarts: ({ handler: id }) => void ran.push(id) };
  expect((await failWithLoop(unit)).handlers).toEqual(['web.same']);
  expect(ran.length).toBeLessThanOrEqual(6);
});

test('B8: the same flags with other changes pending are not the same state', async () => {
  const unit = unitWith(
    [
      handler(when('a'), whenNot('b'), function one({ flags }) {
        flags.set('b');
        flags.clear('x');
        flags.set('x');
      }),
      handler(when('b'), function two({ flags, kv }) {
        if (kv.get('seen') === true) return;
        kv.set('seen', true);
        flags.clear('b');
      }),
    ],
    'a',
    'x',
  );
  await unit.run('start');
  expect(unit.flags()).toEqual(['a', 'b', 'x']);
});

test('B9: triggers that chase each other fail the hook, named, and nothing is kept', async () => {
  const layer = defineLayer('web', [handler(when('go'), ({ flags }) => flags.set('a'))], {
    triggers: [
      { when: 'a', clearFlag: 'b' },
      { whenNot: 'b', clearFlag: 'a' },
      { whenNot: 'a', setFlag: 'b' },
      { when: 'b', setFlag: 'a' },
    ],
  });
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('go', 'b');
  const { name, message } = await unit.runFailing('start');
  expect(name).toBe('TriggerLoopError');
  expect(message).toContain('+a');
  expect(unit.flags()).toEqual(['b', 'go']);
});
