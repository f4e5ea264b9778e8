import { describe, expect, it } from 'vitest';
import type { Decisions } from '../../../src/simulator/explore/decisions.ts';
import { shrinkDecisions } from '../../../src/simulator/explore/shrink.ts';

const kill = (hook: string) => ({ kind: 'kill', unit: 'web/0', hook, time: 1, toolCall: 1 }) as const;

const MANY: Decisions = {
  choices: Array.from({ length: 24 }, (_, at) => ({ at, take: `web/0 h${at}` })),
  hurries: [
    { step: 1, hooks: 2 },
    { step: 4, hooks: 0 },
  ],
  faults: [kill('install'), kill('start')],
};

/** Shrinks, where a run shows the bug if `isShown` says so. */
async function shrink(isShown: (decisions: Decisions) => boolean, budget = 100) {
  const tried: Decisions[] = [];
  const shrunk = await shrinkDecisions({
    decisions: MANY,
    budget,
    attempt: async (decisions) => {
      tried.push(decisions);
      return isShown(decisions) ? { run: decisions, decisions } : undefined;
    },
  });
  return { shrunk, tried };
}

describe('shrinking', () => {
  it('leaves the two decisions that are needed together, and no other', async () => {
    const { shrunk, tried } = await shrink(
      ({ choices, faults }) =>
        choices.some(({ at }) => at === 6) && faults.some(({ hook }) => hook === 'start'),
    );
    expect(shrunk.decisions).toEqual({
      choices: [{ at: 6, take: 'web/0 h6' }],
      hurries: [],
      faults: [kill('start')],
    });
    expect(shrunk.run).toEqual(shrunk.decisions);
    expect(shrunk.runs).toBe(tried.length);
    expect(tried.length).toBeLessThan(30);
  });

  it('finds one that needs nothing but a hurry', async () => {
    const { shrunk } = await shrink(({ hurries }) => hurries.some(({ step }) => step === 4));
    expect(shrunk.decisions).toEqual({ choices: [], hurries: [{ step: 4, hooks: 0 }], faults: [] });
  });

  it('hurries a step more where that does without any choice', async () => {
    const isShown = ({ hurries, choices }: Decisions) =>
      hurries.some(({ step, hooks }) => step === 1 && (hooks === 1 || (hooks === 2 && choices.length > 20)));
    const { shrunk } = await shrink(isShown);
    expect(shrunk.decisions).toEqual({ choices: [], hurries: [{ step: 1, hooks: 1 }], faults: [] });
  });

  it('leaves everything where everything is needed, and tries nothing twice', async () => {
    const { shrunk, tried } = await shrink(() => false);
    expect(shrunk.decisions).toEqual(MANY);
    expect(shrunk.run).toBeUndefined();
    expect(new Set(tried.map((decisions) => JSON.stringify(decisions))).size).toBe(tried.length);
  });

  it('ends when its budget is spent, with what it has by then', async () => {
    const isShown = ({ choices }: Decisions) => choices.some(({ at }) => at === 23);
    const { shrunk, tried } = await shrink(isShown, 4);
    expect(tried).toHaveLength(4);
    expect(isShown(shrunk.decisions)).toBe(true);
    expect((await shrink(isShown, 0)).shrunk).toEqual({ decisions: MANY, runs: 0 });
  });

  it('leaves out what had no effect in the run that showed it', async () => {
    const shrunk = await shrinkDecisions({
      decisions: MANY,
      budget: 1,
      attempt: async (decisions) => ({ run: 'run', decisions: { ...decisions, choices: [] } }),
    });
    expect(shrunk.decisions).toEqual({ ...MANY, choices: [], faults: [] });
  });
});
