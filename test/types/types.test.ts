import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(folder, '../..');
const tsc = path.join(root, 'node_modules/.bin/tsc');

test('every use that the *.test-d.ts files call right compiles, and every one they call wrong does not', () => {
  const { status, stdout } = spawnSync(tsc, ['-p', folder, '--noEmit'], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test('each misuse in the *.test-d.ts files is an error of its own when it is not expected', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'unexpected-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  const misuses: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test-d.ts'))) {
    const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.includes('@ts-expect-error')) misuses.push(`${file}:${index + 2}`);
    }
    const text = lines.map((line) => line.replace('@ts-expect-error', 'wrong:')).join('\n');
    writeFileSync(path.join(copy, file), text);
  }
  const config = {
    extends: path.join(folder, 'tsconfig.json'),
    compilerOptions: { typeRoots: [path.join(root, 'node_modules/@types')] },
    include: ['./*.test-d.ts'],
  };
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(tsc, ['-p', copy, '--noEmit', '--pretty', 'false'], { encoding: 'utf8' });
  const errors = stdout.matchAll(/([\w.-]+\.test-d\.ts)\((\d+),\d+\): error/g);
  const found = new Set(Array.from(errors, ([, file, line]) => `${file}:${line}`));
  expect(misuses.filter((place) => !found.has(place))).toEqual([]);
  expect(misuses.length).toBeGreaterThan(60);
});
