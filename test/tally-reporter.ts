import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a run with a plain line that a program can read: `12 passed, 1 failed`, and `, 2 skipped` where any were. What fails
 * outside a test, be it a file that cannot be loaded or an error that nobody caught, counts as failed.
 */
export class TallyReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    this.#vitest?.logger.log(tallyLine(modules, errors));
  }
}

/** What of a module of tests is counted. */
export type CountedModule = Pick<TestModule, 'state'> & {
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: 'passed' | 'failed' | 'skipped' | 'pending' } }>;
  };
};

/** The line about a run, without colours. A test that never came to its end counts as failed. */
export function tallyLine(modules: readonly CountedModule[], errors: readonly unknown[]): string {
  const counts = { passed: 0, failed: errors.length, skipped: 0 };
  for (const module of modules) {
    const states = Array.from(module.children.allTests(), (test) => test.result().state);
    for (const state of states) counts[state === 'pending' ? 'failed' : state] += 1;
    const hasOwnFailure = module.state() === 'failed' && !states.includes('failed');
    if (hasOwnFailure) counts.failed += 1;
  }
  const { passed, failed, skipped } = counts;
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
