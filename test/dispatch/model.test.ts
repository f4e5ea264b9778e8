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

/** A charm as data, small enough to say what it must do in a few lines. */
interface Program {
  readonly handlers: readonly PlainHandler[];
  readonly triggers: readonly PlainTrigger[];
  readonly hooks: readonly string[];
}

interface PlainHandler {
  readonly hook: string | undefined;
  readonly conditions: readonly { readonly kind: Kind; readonly flags: readonly string[] }[];
  readonly steps: readonly Step[];
}

type Kind = 'all' | 'any' | 'none' | 'not-all';
type Step = readonly ['set' | 'clear', string] | readonly ['throw'];

interface PlainTrigger {
  readonly edge: string;
  readonly set: string | undefined;
  readonly clear: string | undefined;
}

const FLAGS = ['a', 'b', 'c', 'd', 'e'];
const HOOKS = ['install', 'start', 'stop'];

/** What came of one hook. */
interface Outcome {
  readonly ran: readonly string[];
  readonly end: 'settled' | 'thrown' | 'DispatchLoopError' | 'TriggerLoopError';
  readonly flags: readonly string[];
}

/** The rules once more, with nothing in mind but to be right: every test is made in full, and nothing is remembered. */
class PlainDispatcher {
  readonly #program: Program;
  #flags: Set<string>;
  #changed = new Set<string>();
  #clears = 0;
  #ran: string[] = [];
  #edges: string[] = [];

  constructor(program: Program, flags: readonly string[]) {
    this.#program = program;
    this.#flags = new Set(flags);
  }

  run(hookName: string): Outcome {
    const before = [...this.#flags];
    try {
      this.#runHook(hookName);
      return { ran: this.#ran, end: 'settled', flags: [...this.#flags].sort() };
    } catch (end) {
      return { ran: this.#ran, end: end as Outcome['end'], flags: before.sort() };
    }
  }

  #runHook(hookName: string): void {
    const here = this.#program.handlers
      .map((plain, index) => ({ ...plain, index }))
      .filter((plain) => plain.hook === undefined || plain.hook === hookName);
    for (const plain of here) {
      if (plain.hook !== undefined && plain.conditions.length === 0) this.#runSteps(plain.index, plain.steps);
    }
    const waiting = here.filter(({ conditions }) => conditions.length > 0);
    const past = new Set<string>();
    for (let round = 1; ; round += 1) {
      const changed = this.#changed;
      this.#changed = new Set();
      let queue = waiting.filter(
        (plain) =>
          this.#matches(plain) &&
          (round === 1 || plain.conditions.some(({ flags }) => flags.some((flag) => changed.has(flag)))),
      );
      if (queue.length === 0) return;
      const state = JSON.stringify([
        [...this.#flags].sort(),
        [...changed].sort(),
        queue.map(({ index }) => index),
      ]);
      if (past.has(state)) throw 'DispatchLoopError';
      past.add(state);
      while (queue.length > 0) {
        const [next, ...rest] = queue;
        this.#clears = 0;
        if (next) this.#runSteps(next.index, next.steps);
        queue = this.#clears > 0 ? rest.filter((plain) => this.#matches(plain)) : rest;
      }
    }
  }

  #matches({ conditions }: PlainHandler): boolean {
    return conditions.every(({ kind, flags }) => {
      const howMany = flags.filter((flag) => this.#flags.has(flag)).length;
      if (kind === 'all') return howMany === flags.length;
      if (kind === 'any') return howMany > 0;
      if (kind === 'none') return howMany === 0;
      return howMany < flags.length;
    });
  }

  #runSteps(index: number, steps: readonly Step[]): void {
    this.#ran.push(`web.h${index}`);
    for (const [what, flag = ''] of steps) {
      if (what === 'throw') throw 'thrown';
      else this.#put(flag, what === 'set');
    }
  }

  #put(flag: string, on: boolean): void {
    const was = this.#flags.has(flag);
    if (on) this.#flags.add(flag);
    else {
      this.#flags.delete(flag);
      this.#clears += 1;
    }
    if (was === on) return;
    this.#changed.add(flag);
    const edge = `${on ? '+' : '-'}${flag}`;
    const due = this.#program.triggers.filter((trigger) => trigger.edge === edge);
    if (due.length === 0) return;
    const state = `${edge} ${[...this.#flags].sort()}`;
    if (this.#edges.includes(state)) throw 'TriggerLoopError';
    this.#edges.push(state);
    for (const target of new Set(due.map((trigger) => trigger.set))) if (target) this.#put(target, true);
    for (const target of new Set(due.map((trigger) => trigger.clear))) if (target) this.#put(target, false);
    this.#edges.pop();
  }
}

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

const flag = fc.constantFrom(...FLAGS);
const condition = fc.record({
  kind: fc.constantFrom<Kind>('all', 'any', 'none', 'not-all'),
  flags: fc.array(flag, { minLength: 1, maxLength: 3 }),
});
const step = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.constantFrom('set' as const, 'clear' as const), flag) },
  { weight: 1, arbitrary: fc.constant(['throw'] as const) },
);
const plainHandler = fc
  .record({
    hook: fc.option(fc.constantFrom(...HOOKS), { nil: undefined, freq: 3 }),
    conditions: fc.array(condition, { maxLength: 3 }),
    steps: fc.array(step, { maxLength: 4 }),
  })
  .filter(({ hook: name, conditions }) => name !== undefined || conditions.length > 0);
/** Few flags, so that triggers meet. */
const triggerFlag = fc.constantFrom('a', 'b');
const edge = fc.tuple(fc.constantFrom('+', '-'), triggerFlag).map(([sign, name]) => sign + name);
const trigger = fc
  .record({
    edge,
    set: fc.option(fc.oneof(triggerFlag, flag), { nil: undefined }),
    clear: fc.option(fc.oneof(triggerFlag, flag), { nil: undefined }),
  })
  .filter(({ set, clear }) => set !== undefined || clear !== undefined);
const program: fc.Arbitrary<Program> = fc.record({
  handlers: fc.array(plainHandler, { minLength: 1, maxLength: 8 }),
  triggers: fc.array(trigger, { maxLength: 5 }),
  hooks: fc.array(fc.constantFrom(...HOOKS), { minLength: 1, maxLength: 4 }),
});

test('B8, Q1 to Q8: any charm runs as a plain transcription of the rules says, hook after hook', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(program, async (charm) => {
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
    fc.asyncProperty(program, async (charm) => {
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
    fc.asyncProperty(program, async (charm) => {
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
    fc.asyncProperty(program, async (charm) => {
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
