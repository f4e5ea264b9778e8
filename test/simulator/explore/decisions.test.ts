import { expect, it } from 'vitest';
import {
  type Decisions,
  formatDecisions,
  NO_DECISIONS,
  parseDecisions,
} from '../../../src/simulator/explore/decisions.ts';

const SOME: Decisions = {
  choices: [{ at: 3, take: 'web/0 start' }],
  hurries: [{ step: 2, hooks: 0 }],
  faults: [
    { kind: 'kill', unit: 'web/0', hook: 'config-changed', time: 1, toolCall: 2 },
    { kind: 'run-again', unit: 'web/0', hook: 'db-relation-joined', time: 2 },
  ],
};

it('decisions are read as they were written', () => {
  expect(parseDecisions(formatDecisions(SOME))).toEqual(SOME);
  expect(parseDecisions('{}')).toEqual(NO_DECISIONS);
});

it('decisions that make no sense are refused, each with its key', () => {
  const text = JSON.stringify({
    choices: [{ at: -1, take: '' }],
    hurries: [{ step: 1 }],
    faults: [
      { kind: 'explode' },
      { kind: 'kill', unit: 'web/0', hook: 'start', time: 1 },
      { kind: 'run-again', unit: 'web/0', hook: 'start', time: 0 },
    ],
  });
  expect(() => parseDecisions(text)).toThrow(
    [
      'cannot read "--replay": choices[0].at: must be at least 0',
      'cannot read "--replay": choices[0].take: must not be empty',
      'cannot read "--replay": hurries[0]: must have "hooks"',
      'cannot read "--replay": faults[0]: "explode" is no kind of fault: it is one of fail, kill, lose-leadership, restart-agent, run-again',
      'cannot read "--replay": faults[1]: must have "toolCall"',
      'cannot read "--replay": faults[2].time: must be at least 1',
    ].join('\n'),
  );
  expect(() => parseDecisions('{')).toThrow(/^cannot read "--replay": /);
});
