import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { BuildCase } from './build-case.ts';
import type { Case } from './case.ts';

/**
 * Reads a file of cases: one JSON object a line, packed with gzip where the name ends in `.gz`.
 *
 * @throws Error, naming the file and line, when it cannot be read.
 */
export function readCases(file: string): (Case | BuildCase)[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Case | BuildCase];
    } catch (error) {
      throw new Error(`cannot read "${file}": line ${index + 1} is not JSON`, { cause: error });
    }
  });
}
