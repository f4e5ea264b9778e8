import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineLayer, handler, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { readMetricsFile } from '../../../layers/metrics/lib/metrics-file.ts';
import Metrics from '../../../layers/metrics/reactive/metrics.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** A unit with this metrics.yaml, in whose collect-metrics hook no other handler may run. */
function makeUnit(metrics?: string): { readonly unit: UnitRunner; readonly ran: string[] } {
  const ran: string[] = [];
  const web = defineLayer('web', [handler(whenNot('never'), () => ran.push('web'))]);
  const unit = new UnitRunner(makeTrialCharm({ layers: { metrics: Metrics, web } }), 'web/0');
  if (metrics !== undefined) writeFileSync(path.join(unit.folder, 'metrics.yaml'), metrics);
  return { unit, ran };
}

test('what the commands print is told, all in one', async () => {
  const { unit, ran } = makeUnit(`
metrics:
  users: {type: gauge, command: "echo ' 5 '"}
  files: {type: gauge, command: ls metrics.yaml | wc -l | tr -d ' '}
  juju-units: {}
  other:
`);
  await unit.hook('collect-metrics');
  expect(unit.tools.metrics).toEqual([{ values: { users: '5', files: '1' }, labels: {} }]);
  expect(ran).toEqual([]);
});

test('a command that fails is an error in the log, one that prints nothing is nothing, and the rest is told', async () => {
  const { unit } = makeUnit(
    'metrics: {a: {command: "echo no >&2; exit 3"}, b: {command: "true"}, c: {command: echo 1}}',
  );
  await unit.hook('collect-metrics');
  expect(unit.tools.metrics).toEqual([{ values: { c: '1' }, labels: {} }]);
  expect(unit.tools.logged.filter(({ level }) => level === 'ERROR').map(({ message }) => message)).toEqual([
    expect.stringContaining('cannot measure "a"'),
  ]);
});

test.each(['metrics: {a: {command: "true"}}', 'metrics:', '', undefined])(
  'with %s nothing is told',
  async (text) => {
    const { unit } = makeUnit(text);
    await unit.hook('collect-metrics');
    expect(unit.tools.metrics).toEqual([]);
  },
);

test('in other hooks nothing is measured', async () => {
  const { unit, ran } = makeUnit('metrics: {a: {command: echo 1}}');
  await unit.hook('update-status');
  expect([unit.tools.metrics, ran]).toEqual([[], ['web']]);
});

test('metrics without a command are not ours', () => {
  expect(readMetricsFile('metrics: {a: {command: 5}, b: [], c: {command: x}}')).toEqual([
    { name: 'c', command: 'x' },
  ]);
});
