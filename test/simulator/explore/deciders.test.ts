import { describe, expect, it } from 'vitest';
import { ReplayedDecider } from '../../../src/simulator/explore/decider.ts';
import { SeededDecider } from '../../../src/simulator/explore/seeded-decider.ts';
import type { Fault } from '../../../src/simulator/faults/fault.ts';

const DUE = ['a/0', 'b/0', 'c/0'].map((unit) => ({ unit, hook: 'start' }));

const MEASURE = { hooks: 40, hooksBefore: { 0: 0, 1: 9 }, toolCalls: { 'a config-changed': 3 } };

/** What a seed decides in 40 hooks, each with three due, and before two steps. */
function decide(seed: number, kinds: readonly Fault['kind'][] = [], canLoseLeadership = true) {
  const decider = new SeededDecider({ seed, measure: MEASURE, faults: 3, kinds });
  const hurries = [decider.hooksBefore(0), decider.hooksBefore(1)];
  const choices: number[] = [];
  const faults: Fault[] = [];
  for (let position = 0; position < 40; position += 1) {
    choices.push(decider.choose(position, DUE));
    const start = { unit: 'a/0', hook: 'config-changed', time: position + 1 };
    faults.push(...[decider.faultIn({ ...start, position, canLoseLeadership })].filter((one) => !!one));
  }
  return { hurries, choices, faults };
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe('a seed', () => {
  it('decides the same each time, and not what another one does', () => {
    expect(decide(3, ['kill'])).toEqual(decide(3, ['kill']));
    expect(new Set(SEEDS.map((seed) => JSON.stringify(decide(seed)))).size).toBe(SEEDS.length);
  });

  it('takes any hook in some runs, and keeps to one unit for long in others', () => {
    const repeats = SEEDS.map((seed) => {
      const { choices } = decide(seed);
      return choices.filter((choice, index) => choice === choices[index - 1]).length;
    });
    expect(Math.min(...repeats)).toBeLessThan(20);
    expect(Math.max(...repeats)).toBeGreaterThan(30);
  });

  it('lets a step wait, or come after fewer hooks than would go by', () => {
    const hurries = SEEDS.map((seed) => decide(seed).hurries);
    expect(hurries.every(([first]) => first === undefined)).toBe(true);
    const second = hurries.map(([, hooks]) => hooks);
    expect(second).toContain(undefined);
    expect(Math.max(...second.map((hooks) => hooks ?? 0))).toBeLessThan(9);
    expect(new Set(second).size).toBeGreaterThan(5);
  });

  it('plans faults of the kinds given, at most as many as it may, where a hook calls tools', () => {
    const faults = SEEDS.map((seed) => decide(seed, ['kill', 'run-again']).faults);
    expect(Math.max(...faults.map((some) => some.length))).toBe(3);
    expect(faults.some((some) => some.length === 0)).toBe(true);
    expect(new Set(faults.flat().map(({ kind }) => kind))).toEqual(new Set(['kill', 'run-again']));
    const calls = faults.flat().flatMap((fault) => ('toolCall' in fault ? [fault.toolCall] : []));
    expect(new Set(calls)).toEqual(new Set([1, 2, 3]));
    expect(decide(5, []).faults).toEqual([]);
  });

  it('takes leadership only from an application that has another unit', () => {
    const kindsOf = (canLose: boolean) =>
      new Set(
        SEEDS.flatMap((seed) => decide(seed, ['lose-leadership', 'fail'], canLose).faults).map(
          ({ kind }) => kind,
        ),
      );
    expect(kindsOf(true)).toEqual(new Set(['lose-leadership', 'fail']));
    expect(kindsOf(false)).toEqual(new Set(['fail']));
  });
});

describe('decisions that are replayed', () => {
  it('take a hook when it was taken or, where it is not due then, as soon as it is, and once', () => {
    const decider = new ReplayedDecider({
      choices: [
        { at: 1, take: 'b/0 start' },
        { at: 2, take: 'd/0 start' },
      ],
      hurries: [{ step: 4, hooks: 0 }],
      faults: [],
    });
    const later = [...DUE, { unit: 'd/0', hook: 'start' }];
    const taken = [DUE, DUE, DUE, DUE, later, later].map((due, position) => decider.choose(position, due));
    expect(taken).toEqual([0, 1, 0, 0, 3, 0]);
    expect([decider.hooksBefore(3), decider.hooksBefore(4)]).toEqual([undefined, 0]);
  });

  it('strike the run of a hook that they name, and no other', () => {
    const fault = { kind: 'run-again', unit: 'a/0', hook: 'start', time: 2 } as const;
    const decider = new ReplayedDecider({ choices: [], hurries: [], faults: [fault] });
    const strike = (unit: string, hook: string, time: number) => decider.faultIn({ unit, hook, time });
    expect([strike('a/0', 'start', 1), strike('b/0', 'start', 2), strike('a/0', 'stop', 2)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(strike('a/0', 'start', 2)).toBe(fault);
  });
});
