import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineLayer, handler, hook, when } from 'charms-reactive';
import { expect, test } from 'vitest';
import { TestPath } from '../path.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** A unit whose handlers note that they ran, and what config flag they saw. */
function makeUnit(packages: readonly string[] = []) {
  const ran: string[] = [];
  const web = defineLayer('web', [
    handler(hook('install', 'update-status', 'upgrade-charm'), ({ hook: { name } }) => ran.push(name)),
    handler(when('config.changed.port'), () => ran.push('port')),
  ]);
  const charm = makeTrialCharm({
    layers: { web },
    config: { port: { type: 'int', default: 80 } },
    options: { basic: { packages } },
  });
  return { unit: new UnitRunner(charm, 'web/0'), ran };
}

function addScript(unit: UnitRunner, name: string, text: string, mode = 0o755): void {
  const folder = path.join(unit.folder, 'exec.d', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'charm-pre-install'), `#!/bin/sh\n${text}\n`);
  chmodSync(path.join(folder, 'charm-pre-install'), mode);
}

const traces = (unit: UnitRunner) =>
  existsSync(path.join(unit.folder, 'trace')) ? readFileSync(path.join(unit.folder, 'trace'), 'utf8') : '';

test('exec.d scripts run in the charm folder, by name, once, before any handler', async () => {
  const { unit, ran } = makeUnit();
  addScript(unit, 'second', 'echo two >> trace');
  addScript(unit, 'first', 'echo one >> trace');
  await unit.hook('data-storage-attached');
  expect(traces(unit)).toBe('one\ntwo\n');
  await unit.hook('install');
  await unit.hook('upgrade-charm');
  expect(traces(unit)).toBe('one\ntwo\n');
  expect(existsSync(path.join(unit.folder, 'exec.d/.first_charm-pre-install.done'))).toBe(true);
  expect(ran).toContain('install');
});

test('a script that an upgrade brings runs in upgrade-charm', async () => {
  const { unit } = makeUnit();
  await unit.hook('install');
  addScript(unit, 'later', 'echo later >> trace');
  await unit.hook('upgrade-charm');
  expect(traces(unit)).toBe('later\n');
});

test('a script that is not executable, or has another name, is none', async () => {
  const { unit } = makeUnit();
  addScript(unit, 'plain', 'echo no >> trace', 0o644);
  writeFileSync(path.join(unit.folder, 'exec.d', 'charm-pre-install'), '#!/bin/sh\necho no >> trace\n', {
    mode: 0o755,
  });
  await unit.hook('install');
  expect(traces(unit)).toBe('');
});

test('with a script that fails the unit is blocked and no handler runs, until it goes well', async () => {
  const { unit, ran } = makeUnit();
  addScript(unit, 'a', 'echo no space >&2; [ -e ready ] || exit 3');
  addScript(unit, 'b', 'echo b >> trace');
  await unit.hook('install');
  expect(unit.tools.status).toEqual({
    status: 'blocked',
    message: 'Error (3) running exec.d/a/charm-pre-install',
  });
  expect(JSON.stringify(unit.tools.logged)).toContain('no space');
  expect([ran, traces(unit), unit.flags]).toEqual([[], '', []]);

  writeFileSync(path.join(unit.folder, 'ready'), '');
  await unit.hook('update-status');
  expect(traces(unit)).toBe('b\n');
  // What the hook before did not get to see is still to be seen.
  expect(ran).toEqual(['update-status', 'port']);
});

test('packages are installed first, once, and again after an upgrade', async () => {
  const apt = new TestPath();
  apt.program('apt-get');
  const { unit } = makeUnit(['git', 'curl']);
  await unit.hook('install');
  const install = 'apt-get --assume-yes --option=Dpkg::Options::=--force-confold install git curl';
  expect(apt.calls()).toEqual([install]);
  await unit.hook('update-status');
  expect(apt.calls()).toEqual([]);
  await unit.hook('upgrade-charm');
  expect(apt.calls()).toEqual([install]);
});

test('packages that cannot be installed fail the hook, and it is tried again', async () => {
  const apt = new TestPath();
  apt.program('apt-get', 'echo "E: no such package" >&2; exit 2');
  const { unit, ran } = makeUnit(['git']);
  await expect(unit.hook('install')).rejects.toThrow('E: no such package');
  expect(ran).toEqual([]);
  apt.program('apt-get');
  await unit.hook('install');
  expect(apt.calls()).toHaveLength(2);
});

test('without packages apt-get is left alone', async () => {
  const apt = new TestPath();
  apt.program('apt-get');
  await makeUnit().unit.hook('install');
  expect(apt.calls()).toEqual([]);
});
