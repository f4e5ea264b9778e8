import { expect, test } from 'vitest';
import { type CountedModule, tallyLine } from './tally-reporter.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function moduleOf(state: ReturnType<CountedModule['state']>, ...tests: State[]): CountedModule {
  return {
    state: () => state,
    children: { allTests: () => tests.map((result) => ({ result: () => ({ state: result }) })) },
  };
}

test('a run ends with a line of how many tests passed and failed', () => {
  expect(tallyLine([moduleOf('passed', 'passed', 'passed'), moduleOf('passed', 'passed')], [])).toBe(
    '3 passed, 0 failed',
  );
  expect(tallyLine([moduleOf('failed', 'passed', 'failed')], [])).toBe('1 passed, 1 failed');
});

test('tests that were skipped are told of where there are any', () => {
  expect(tallyLine([moduleOf('passed', 'passed', 'skipped', 'skipped')], [])).toBe(
    '1 passed, 0 failed, 2 skipped',
  );
});

test('what fails outside a test counts as failed: a file that does not load, a test cut short, an error nobody caught', () => {
  expect(tallyLine([moduleOf('failed'), moduleOf('passed', 'passed')], [])).toBe('1 passed, 1 failed');
  expect(tallyLine([moduleOf('failed', 'passed')], [])).toBe('1 passed, 1 failed');
  expect(tallyLine([moduleOf('pending', 'pending')], [])).toBe('0 passed, 1 failed');
  expect(tallyLine([moduleOf('passed', 'passed')], [new Error('late')])).toBe('1 passed, 1 failed');
});
