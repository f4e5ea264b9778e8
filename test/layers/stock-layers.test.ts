import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { readFlags } from '../../src/cli/sim/unit-flags.ts';
import type { HookRecord } from '../../src/simulator/agent/hook-record.ts';
import { Model } from '../../src/simulator/model.ts';

/** A charm that restarts its units one at a time whenever its configuration changes. */
const CHARM: Readonly<Record<string, string>> = {
  'layer.yaml': `
includes: [layer:basic, layer:options, layer:status, layer:leadership, layer:apt, layer:coordinator, layer:debug, layer:metrics]
options:
  apt: {packages: [nginx], retry_seconds: 0}
  debug: {archive_folder: .}
  rolling: {greeting: hello}
defines: {greeting: {type: string, default: ''}}
`,
  'metadata.yaml': 'name: rolling\nsummary: a trial\ndescription: a trial\n',
  'config.yaml': 'options: {speed: {type: int, default: 1}}\n',
  'metrics.yaml': 'metrics: {answers: {type: gauge, description: x, command: echo 42}}\n',
  'exec.d/first/charm-pre-install': '#!/bin/sh\nbin/layer_option rolling greeting >> prepared\n',
  'reactive/rolling.ts': `
import { Layer, when, whenNot } from 'charms-reactive';
import { coordinatorOf } from 'charms-reactive/layers/coordinator/lib/coordinator';
import { leaderGet, leaderSet } from 'charms-reactive/layers/leadership/lib/leadership';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';

export default class Rolling extends Layer {
  override registerTriggers(): void {
    this.unit.flags.registerTrigger({ when: 'config.changed.speed', setFlag: 'rolling.due' });
  }

  @when('leadership.is_leader')
  @whenNot('leadership.set.greeting')
  greet(): void {
    leaderSet(this.unit, { greeting: new LayerOptions(this.unit, 'rolling').string('greeting') });
  }

  @when('rolling.due', 'apt.installed.nginx', 'leadership.set.greeting')
  @whenNot('coordinator.requested.restart', 'coordinator.granted.restart')
  ask(): void {
    coordinatorOf(this.unit).acquire('restart');
  }

  @when('rolling.due', 'coordinator.granted.restart')
  restart(): void {
    const { config, flags, kv, log } = this.unit;
    log.info('restarting at speed ' + config.number('speed'));
    kv.set('rolling.speed', config.number('speed'));
    flags.clear('rolling.due');
  }

  @when('rolling.due')
  wait(): void {
    this.unit.status.waiting('for a turn');
  }

  @whenNot('rolling.due')
  ready(): void {
    const { kv, status } = this.unit;
    status.active(leaderGet(this.unit, 'greeting') + ' at speed ' + kv.get('rolling.speed'));
  }

  @whenNot('apt.installed.nginx')
  bare(): void {
    this.unit.status.blocked('no nginx');
  }
}
`,
};

let folder: string;
let model: Model;
const hooks: HookRecord[] = [];

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'stock-layers-')));
  for (const [name, text] of Object.entries(CHARM)) {
    const file = path.join(folder, 'layers/rolling', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith('#!')) chmodSync(file, 0o755);
  }
  const output = path.join(folder, 'built');
  await buildCharm({ charm: path.join(folder, 'layers/rolling'), output });
  model = await Model.create();
  await model.deploy(output, { units: 2 });
  await settle();
}, 120_000);

afterAll(async () => {
  await model?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function settle(): Promise<void> {
  const report = await model.settle();
  hooks.push(...report.hooks);
  const failed = report.hooks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.flatMap(({ log }) => log.map(({ message }) => message))).toEqual([]);
  expect(report.errors).toEqual([]);
}

const units = ['rolling/0', 'rolling/1'];

const statusOf = (unit: string) => {
  const { current, message } = model.status().applications.rolling?.units?.[unit]?.['workload-status'] ?? {};
  return `${current}: ${message}`;
};

test('both units come up with what the layers do for them', () => {
  for (const unit of units) {
    expect(statusOf(unit)).toBe('active: hello at speed 1');
    const flags = readFlags(model.unitFolder(unit));
    expect(flags).toContain('apt.installed.nginx');
    expect(flags).toContain('leadership.set.greeting');
    expect(flags).not.toContain('apt.queued_installs');
    expect(flags).not.toContain('rolling.due');
    expect(readFileSync(path.join(model.unitFolder(unit), 'prepared'), 'utf8')).toBe('hello\n');
  }
  expect(
    units.filter((unit) => readFlags(model.unitFolder(unit))?.includes('leadership.is_leader')),
  ).toHaveLength(1);
});

test('a change of configuration goes round the units one at a time', async () => {
  const before = hooks.length;
  model.setConfig('rolling', { speed: 2 });
  await settle();
  for (const unit of units) expect(statusOf(unit)).toBe('active: hello at speed 2');
  const restarts = hooks
    .slice(before)
    .filter(({ log }) => log.some(({ message }) => message.includes('restarting at speed 2')));
  expect(restarts.map(({ unit }) => unit).sort()).toEqual(units);
  // Nobody holds a lock any more, and nobody asks for one.
  const [relation] = model.relations();
  expect(model.databags(relation?.id ?? 0).units['rolling/0']?.coordinator ?? '{}').toBe('{}');
});

test('each hook tells its status once at most, apart from what it is busy with', () => {
  for (const { toolCalls } of hooks) {
    const told = toolCalls.filter(
      ([tool, ...args]) => tool === 'status-set' && !args.includes('maintenance'),
    );
    expect(told.length).toBeLessThanOrEqual(1);
  }
});

test('the debug action leaves an archive, and disturbs nothing', async () => {
  const [task] = await model.enqueueAction(['rolling/0'], 'debug');
  const [ended] = await model.runTasks(task?.operation ?? '');
  expect(ended?.status).toBe('completed');
  const [archive] = readdirSync(model.unitFolder('rolling/0')).filter((file) => file.endsWith('.tar.gz'));
  expect(ended?.results).toMatchObject({ path: path.join(model.unitFolder('rolling/0'), archive ?? '') });
  expect(existsSync(path.join(model.unitFolder('rolling/0'), archive ?? ''))).toBe(true);
  expect(statusOf('rolling/0')).toBe('active: hello at speed 2');
});

test('metrics are measured when Juju asks', async () => {
  model.fire('rolling/0', 'collect-metrics');
  await settle();
  const [record] = hooks.filter(({ hook }) => hook === 'collect-metrics');
  expect(record?.toolCalls).toContainEqual(['add-metric', '--', 'answers=42']);
});
