import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCases } from './case-file.ts';
import { replayCase } from './replay.ts';

const folder = fileURLToPath(new URL('./cases/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'));

test.each(files)('behaves as the reference did in every recorded case of %s', async (file) => {
  const failures: string[] = [];
  const cases = readCases(folder + file);
  for (const recorded of cases) {
    const failure = await replayCase(recorded);
    if (failure) failures.push(`${recorded.id}: ${failure.hook}: ${failure.difference}`);
  }
  expect(failures).toEqual([]);
  expect(cases.length).toBeGreaterThan(0);
});
