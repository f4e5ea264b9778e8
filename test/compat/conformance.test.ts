import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { forgetRegistered } from '../../src/charm/running-unit.ts';
import { readCases } from '../conformance/case-file.ts';
import { replayCase } from '../conformance/replay.ts';
import { makeCaseCharm } from './case-charm.ts';

afterAll(forgetRegistered);

const folder = fileURLToPath(new URL('../conformance/cases/', import.meta.url));
/** What is built has no names to be called by: test/conformance builds it. */
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz') && name !== 'build.jsonl.gz');

test.each(files)(
  'by the Python names, behaves as the reference did in each recorded case of %s',
  async (file) => {
    const failures: string[] = [];
    const cases = readCases(folder + file);
    for (const recorded of cases) {
      // The replay is the one of test/conformance; only the charm is another one.
      const failure = await replayCase(recorded, makeCaseCharm);
      if (failure) failures.push(`${recorded.id}: ${failure.hook}: ${failure.difference}`);
    }
    expect(failures).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
  },
);
