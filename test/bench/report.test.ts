import { expect, test } from 'vitest';
import { type Report, writeJson, writeText } from '../../bench/report.ts';
import { geometricMean, medianOf, medianRatio, takeTurns } from '../../bench/statistics.ts';

const REPORT: Report = {
  tables: [
    {
      title: 'Hooks',
      columns: ['hook', 'ms', 'calls'],
      rows: [
        ['install', 12.345, 5],
        ['start', 0.5, undefined],
      ],
    },
  ],
  verdicts: [
    { budget: 'P4', what: 'calls of install', measured: 5, limit: 5 },
    { budget: 'P10', what: 'gets', measured: 2.5, limit: 3, isMost: false },
  ],
};

test('a report in text has a line a row, and says of each budget whether it is kept', () => {
  expect(writeText(REPORT).split('\n')).toEqual([
    'Hooks',
    '',
    '  hook        ms  calls',
    '  install   12.3      5',
    '  start    0.500      –',
    '',
    'Budgets',
    '',
    '  budget  what              measured  limit',
    '  P4      calls of install         5  ≤ 5    ok',
    '  P10     gets                  2.50  ≥ 3    over',
  ]);
});

test('a report in JSON has figures as they are', () => {
  expect(JSON.parse(JSON.stringify(writeJson(REPORT)))).toEqual({
    tables: [
      {
        title: 'Hooks',
        rows: [
          { hook: 'install', ms: 12.345, calls: 5 },
          { hook: 'start', ms: 0.5, calls: null },
        ],
      },
    ],
    budgets: [
      { budget: 'P4', what: 'calls of install', measured: 5, limit: 5, isKept: true },
      { budget: 'P10', what: 'gets', measured: 2.5, limit: 3, isKept: false },
    ],
  });
});

test('candidates take turns, and the first turn does not count', () => {
  const order: string[] = [];
  const candidate = (name: string) => (): number => order.push(name);
  expect(takeTurns(2, { one: candidate('one'), other: candidate('other') })).toEqual({
    one: [3, 5],
    other: [4, 6],
  });
  expect(order).toEqual(['one', 'other', 'one', 'other', 'one', 'other']);
});

test('ratios are taken turn by turn, and those far off do not move the median', () => {
  expect(medianOf([9, 1, 2])).toBe(2);
  // The third turn fell into a second in which everything took ten times as long.
  expect(medianRatio([2, 2, 20], [1, 1, 10])).toBe(2);
  expect(geometricMean([2, 0.5])).toBeCloseTo(1);
});
