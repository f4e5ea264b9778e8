import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = readFileSync(path.join(root, 'test/compat/compat.test-d.ts'), 'utf8');

/** The compiler's errors about a text, by the line they are on. */
function errorsOf(text: string): Map<number, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'compat-types-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')).compilerOptions.paths;
  const compilerOptions = {
    typeRoots: [path.join(root, 'node_modules/@types')],
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: Object.fromEntries(
      Object.entries<string[]>(paths).map(([name, [target = '']]) => [name, [path.join(root, target)]]),
    ),
  };
  const config = { extends: path.join(root, 'tsconfig.json'), compilerOptions, include: ['./*.ts'] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(path.join(folder, 'compat.test-d.ts'), text);
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  const { stdout } = spawnSync(tsc, ['-p', folder, '--noEmit', '--pretty', 'false'], { encoding: 'utf8' });
  const errors = stdout.matchAll(/compat\.test-d\.ts\((\d+),\d+\): (error .*)/g);
  return new Map(Array.from(errors, ([, line, message = '']) => [Number(line), message]));
}

test('every use of the Python names that is right compiles, and every one that is called wrong does not', () => {
  expect([...errorsOf(source)]).toEqual([]);
});

test('each wrong use is an error of its own when it is not expected', () => {
  const lines = source.split('\n');
  const wrong = lines.flatMap((line, index) => (line.includes('@ts-expect-error') ? [index + 2] : []));
  const errors = errorsOf(source.replaceAll('@ts-expect-error', 'wrong:'));
  expect(wrong.filter((line) => !errors.has(line)).map((line) => lines[line - 1])).toEqual([]);
  expect(wrong.length).toBeGreaterThan(25);
});
