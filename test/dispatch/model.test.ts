import {
  defineLayer,
  type FunctionHandler,
  handler,
  hook,
  type Trigger,
  type Unit,
  when,
  whenAny,
  whenNone,
  whenNotAll,
} from 'charms-reactive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { type Kind, type Outcome, PlainDispatcher, type Program } from './plain-dispatcher.ts';
import { programs } from './programs.ts';

const MAKERS: Readonly<Record<Kind, typeof when>> = {
  all: when,
  any: whenAny,
  none: whenNone,
  'not-all': whenNotAll,
};

/** The same charm, made of the framework's own handlers. */
function makeTrial(program: Program): TrialUnit {
  const handlers = program.handlers.map((plain, index): FunctionHandler => {
    const run = async (unit: Unit): Promise<void> => {
      if (index % 3 === 0) await Promise.resolve();
      for (const [what, flag = ''] of plain.steps) {
        if (what === 'throw') {
          unit.kv.set('doomed', index);
          throw new Error('asked to');
        }
        unit.flags.toggle(flag, what === 'set');
      }
    };
    Object.defineProperty(run, 'name', { value: `h${index}` });
    const conditions = [
      ...plain.conditions.map(({ kind, flags }) => MAKERS[kind](...flags)),
      ...(plain.hook ? [hook(plain.hook)] : []),
    ];
    const [first, ...others] = conditions;
    if (!first) throw new Error('a handler needs a condition');
    return handler(first, ...others, run);
  });
  const triggers = program.triggers.map(
    ({ edge, set, clear }) =>
      ({
        [edge.startsWith('+') ? 'when' : 'whenNot']: edge.slice(1),
        ...(set ? { setFlag: set } : {}),
        ...(clear ? { clearFlag: clear } : {}),
      }) as unknown as Trigger,
  );
  return new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers, { triggers }) } }));
}

async function runFramework(unit: TrialUnit, hookName: string): Promise<Outcome> {
  const ran: string[] = [];
  unit.tracer = { handlerStarts: ({ handler: id }) => void ran.push(id) };
  try {
    const report = await unit.run(hookName);
    expect(handlersOf(report)).toEqual(ran);
    return { ran, end: 'settled', flags: unit.flags() };
  } catch (error) {
    const { name, message } = error as Error;
    const end = message === 'asked to' ? 'thrown' : (name as Outcome['end']);
    return { ran, end, flags: unit.flags() };
  }
}

test('B8, Q1 to Q8: any charm runs as a plain transcription of the rules says, hook after hook', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(programs, async (charm) => {
      const unit = makeTrial(charm);
      let flags: readonly string[] = [];
      for (const name of charm.hooks) {
        const expected = new PlainDispatcher(charm, flags).run(name);
        expect(await runFramework(unit, name)).toEqual(expected);
        seen.set(expected.end, (seen.get(expected.end) ?? 0) + 1);
        flags = expected.flags;
      }
    }),
    { numRuns: 160, seed: 20_261_136 },
  );
  for (const end of ['settled', 'thrown', 'DispatchLoopError', 'TriggerLoopError'])
    expect(seen.get(end) ?? 0).toBeGreaterThan(5);
});

test('Q6: a hook that does not settle changes no flag and no key, whatever came before it', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (charm) => {
      const unit = makeTrial(charm);
      for (const name of charm.hooks) {
        const before = unit.stored();
        const { end } = await runFramework(unit, name);
        if (end !== 'settled') expect(unit.stored()).toEqual(before);
      }
    }),
    { numRuns: 50, seed: 7 },
  );
});

test('the same charm does the same again, with the same changes for the same causes', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (charm) => {
      const reports = await Promise.all(
        [1, 2].map(async () => {
          const unit = makeTrial(charm);
          const answers: unknown[] = [];
          for (const name of charm.hooks) {
            try {
              const { runs, changes } = await unit.run(name);
              answers.push({ runs, changes });
            } catch (error) {
              answers.push((error as Error).message);
            }
          }
          return answers;
        }),
      );
      expect(reports[1]).toEqual(reports[0]);
    }),
    { numRuns: 30, seed: 11 },
  );
});

test('every run names changes of its own flags as what woke it, one at least from the second round on', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (charm) => {
      const unit = makeTrial(charm);
      for (const name of charm.hooks) {
        const report = await unit.run(name).catch(() => undefined);
        for (const { handler: id, round, wokenBy } of report?.runs ?? []) {
          const own = charm.handlers[Number(id.slice('web.h'.length))]?.conditions.flatMap(
            ({ flags }) => flags,
          );
          expect(wokenBy.every((change) => own?.includes(change.flag))).toBe(true);
          if (round > 1) expect(wokenBy.length).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 30, seed: 13 },
  );
});
