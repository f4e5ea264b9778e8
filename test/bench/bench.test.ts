import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
/** The Node that the project brings, which runs TypeScript as it is. */
const NODE = path.join(path.dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');

const bench = (...words: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(NODE, ['bench/main.ts', ...words], { cwd: ROOT });

interface Printed {
  readonly run: string;
  readonly tables: readonly { readonly title: string; readonly rows: readonly Record<string, unknown>[] }[];
  readonly budgets: readonly Record<string, unknown>[];
}

test('a quick bench of dispatch prints JSON with its rows and budgets, and tells what it does meanwhile', async () => {
  const { stdout, stderr } = await bench('--quick', '--only', 'dispatch', '--json');
  const { run, tables, budgets } = JSON.parse(stdout) as Printed;
  expect(run).toContain(', medians of 3 turns');
  expect(tables.flatMap(({ rows }) => rows.map((row) => [row.dispatch, row['handler tests']]))).toEqual([
    ['1,000 idle handlers and 1,000 flags', 1000],
    ['1,000 handlers, 99 of them a chain', 1098],
  ]);
  expect(budgets).toEqual([
    {
      budget: 'P8',
      what: 'handler tests of 1,000 handlers, 99 of them a chain',
      measured: 1098,
      limit: 1297,
      isKept: true,
    },
  ]);
  expect(stderr).toContain('measuring a dispatch of 1,000 idle handlers');
});

test('a part that there is not, and a rival that there is not, are said to be none', async () => {
  await expect(bench('--only', 'everything')).rejects.toThrow('It is to be one of hooks, chain, dispatch');
  await expect(bench('--against', 'ops=/nowhere/dispatch')).rejects.toThrow(
    'ERROR cannot measure against "ops=/nowhere/dispatch": "/nowhere/dispatch" is no program',
  );
});
