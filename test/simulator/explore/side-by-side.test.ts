import { expect, it } from 'vitest';
import { formatSideBySide } from '../../../src/simulator/explore/side-by-side.ts';

const line = (text: string, ...marks: string[]) => ({ text, marks });

it('two runs stand beside each other, with what differs marked and its reason below', () => {
  const lines = formatSideBySide(
    [line('deploy web'), line('web/0 a'), line('web/0 b'), line('web/0 c')],
    [
      line('deploy web'),
      line('web/0 b', 'another order: before web/0 a'),
      line('web/0 a'),
      line('web/0 c', 'fault: x'),
    ],
  );
  expect(lines).toEqual([
    '  reference    this run',
    '  deploy web   deploy web',
    '             > web/0 b',
    '                 another order: before web/0 a',
    '  web/0 a      web/0 a',
    '- web/0 b',
    '  web/0 c    > web/0 c',
    '                 fault: x',
  ]);
});
