import { expect, it } from 'vitest';
import { groupRuns, type Symptom } from '../../../src/simulator/explore/findings.ts';
import type { RunResult } from '../../../src/simulator/explore/scenario-run.ts';

const RUN: RunResult = {
  decisions: { choices: [], hurries: [], faults: [] },
  trace: [],
  hooks: 0,
  measure: { hooks: 0, hooksBefore: {}, toolCalls: {} },
  leaders: {},
};

const symptom = (kind: Symptom['kind'], ...about: string[]): Symptom => ({ kind, about, differences: [] });

it('runs that show something in common are one finding, told by the lowest seed', () => {
  const findings = groupRuns([
    { seed: 9, symptom: symptom('difference', 'b', 'c'), run: RUN },
    { seed: 3, symptom: symptom('error', 'a'), run: RUN },
    { seed: 2, symptom: symptom('difference', 'a', 'b'), run: RUN },
    { seed: 4, symptom: symptom('difference', 'd'), run: RUN },
  ]);
  expect(findings.map(({ seeds, symptom: { about } }) => [seeds, about])).toEqual([
    [
      [2, 9],
      ['a', 'b'],
    ],
    [[3], ['a']],
    [[4], ['d']],
  ]);
});
