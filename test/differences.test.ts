import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const TESTS = fileURLToPath(new URL('./', import.meta.url));
const DOCUMENT = readFileSync(new URL('../docs/differences.md', import.meta.url), 'utf8');

const faults = Array.from({ length: 42 }, (_, index) => `B${index + 1}`);
const quirks = Array.from({ length: 25 }, (_, index) => `Q${index + 1}`);

test('every known fault of the reference, and every quirk that charms rely on, has a test that begins with its number', () => {
  const titles = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(TESTS, file), 'utf8'))
    .join('\n');
  const untested = [...faults, ...quirks].filter(
    (number) => !new RegExp(`['"\`]${number}[:, ]`).test(titles),
  );
  expect(untested).toEqual([]);
});

test('docs/differences.md says of each what became of it', () => {
  const unsaid = [...faults, ...quirks].filter((number) => !new RegExp(`\\b${number}\\b`).test(DOCUMENT));
  expect(unsaid).toEqual([]);
});
