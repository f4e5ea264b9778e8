import { writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import path from 'node:path';
import { defineLayer, handler, hook, type JsonValue, type Unit } from 'charms-reactive';
import { expect, test } from 'vitest';
import { resolveTimer } from '../../../layers/snap/lib/refresh-timer.ts';
import { Snaps } from '../../../layers/snap/lib/snaps.ts';
import SnapLayer from '../../../layers/snap/reactive/snap.ts';
import { TestPath } from '../path.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

type SnapsByName = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;

/** A unit with these snaps in layer.yaml, on a machine whose snap does nothing, and does this in update-status. */
function makeUnit(
  snaps: SnapsByName,
  act: (snaps: Snaps, unit: Unit) => unknown = () => undefined,
): { readonly unit: UnitRunner; readonly machine: TestPath } {
  const programs = new TestPath();
  for (const program of ['snap', 'systemctl', 'apt-get']) programs.program(program);
  const web = defineLayer('web', [handler(hook('update-status'), (unit) => act(new Snaps(unit), unit))]);
  const charm = makeTrialCharm({
    layers: { snap: SnapLayer, web },
    stock: ['snap'],
    options: { snap: snaps },
  });
  return { unit: new UnitRunner(charm, 'web/0'), machine: programs };
}

const snapFlags = ({ flags }: UnitRunner) => flags.filter((flag) => flag.startsWith('snap.'));

test('snaps are installed as layer.yaml says, core first, before any handler, and connected', async () => {
  const { unit, machine: host } = makeUnit(
    {
      etcd: {
        channel: '3.4/stable',
        classic: true,
        revision: 7,
        connect: [['etcd:network', 'core:network']],
      },
      core: {},
    },
    (snaps) => expect(snaps.isInstalled('etcd')).toBe(true),
  );
  await unit.hook('update-status');
  expect(host.calls()).toEqual([
    'snap install --channel=stable core',
    'snap install --channel=3.4/stable --classic --revision=7 etcd',
    'snap connect etcd:network core:network',
  ]);
  expect(snapFlags(unit)).toEqual(['snap.installed.core', 'snap.installed.etcd', 'snap.refresh.set']);
  await unit.hook('update-status');
  expect(host.calls()).toEqual([]);
});

test('what layer.yaml no longer wants is removed, before others come', async () => {
  const snaps: Record<string, Record<string, JsonValue>> = { old: {} };
  const { unit, machine: host } = makeUnit(snaps);
  await unit.hook('install');
  host.calls();
  Object.assign(snaps, { old: { remove: true }, new: {} });
  await unit.hook('upgrade-charm');
  expect(host.calls()).toEqual([
    'snap remove old',
    'snap install --channel=stable new',
    'snap refresh --list',
  ]);
  expect(snapFlags(unit)).toEqual(['snap.installed.core', 'snap.installed.new', 'snap.refresh.set']);
});

test('an upgrade refreshes snaps whose options are new, and notes which have something newer', async () => {
  const snaps: Record<string, Record<string, JsonValue>> = { a: {}, b: {} };
  const { unit, machine: host } = makeUnit(snaps);
  await unit.hook('install');
  host.calls();
  host.program('snap', 'case "$*" in "refresh --list") printf "Name Version Rev\\na 2 3\\n";; esac');
  Object.assign(snaps, { b: { channel: 'edge', devmode: true } });
  await unit.hook('upgrade-charm');
  expect(host.calls()).toEqual(['snap refresh --list', 'snap refresh --amend --channel=edge --devmode b']);
  expect(snapFlags(unit)).toContain('snap.refresh-available.a');
  expect(snapFlags(unit)).not.toContain('snap.refresh-available.b');
  host.program('snap');
  await unit.hook('upgrade-charm');
  expect(snapFlags(unit)).not.toContain('snap.refresh-available.a');
});

test('a resource takes the place of the store, and is installed again when it is another', async () => {
  const { unit, machine: host } = makeUnit({ etcd: { dangerous: true, channel: 'edge' } });
  const file = path.join(unit.folder, 'etcd.snap');
  unit.tools.resources = { etcd: file };
  writeFileSync(file, 'one');
  await unit.hook('install');
  expect(host.calls()).toEqual([`snap install --channel=edge --dangerous ${file}`]);
  expect(snapFlags(unit)).toContain('snap.local.etcd');
  await unit.hook('upgrade-charm');
  expect(host.calls()).toEqual(['snap refresh --list']);
  writeFileSync(file, 'two');
  await unit.hook('upgrade-charm');
  expect(host.calls()).toContain(`snap install --channel=edge --dangerous ${file}`);
});

test('a snap that was removed is installed out of the same resource again', async () => {
  const { unit, machine: host } = makeUnit({}, async (snaps) => {
    await snaps.install('etcd');
    await snaps.remove('etcd');
    expect(snaps.installed()).toEqual(['core']);
    await snaps.install('etcd');
  });
  const file = path.join(unit.folder, 'etcd.snap');
  unit.tools.resources = { etcd: file };
  writeFileSync(file, 'one');
  await unit.hook('update-status');
  const install = `snap install --channel=stable --dangerous ${file}`;
  expect(host.calls()).toEqual([install, 'snap remove etcd', install]);
});

test('a snap goes over to a resource, and back to the store when that is emptied', async () => {
  const { unit, machine: host } = makeUnit({ etcd: {} });
  await unit.hook('install');
  const file = path.join(unit.folder, 'etcd.snap');
  unit.tools.resources = { etcd: file };
  writeFileSync(file, 'one');
  await unit.hook('upgrade-charm');
  expect(host.calls()).toContain(`snap install --channel=stable --dangerous ${file}`);
  expect(snapFlags(unit)).toContain('snap.local.etcd');
  writeFileSync(file, '');
  await unit.hook('upgrade-charm');
  expect(host.calls()).toContain('snap refresh --amend --channel=stable etcd');
  expect(snapFlags(unit)).not.toContain('snap.local.etcd');
});

test('an empty resource is none', async () => {
  const { unit, machine: host } = makeUnit({ etcd: {} });
  const file = path.join(unit.folder, 'etcd.snap');
  unit.tools.resources = { etcd: file };
  writeFileSync(file, '');
  await unit.hook('install');
  expect(host.calls()).toEqual(['snap install --channel=stable etcd']);
  expect(snapFlags(unit)).not.toContain('snap.local.etcd');
});

test('a snap for other machines is left out, with an error in the log', async () => {
  const { unit, machine: host } = makeUnit({
    here: { 'supported-architectures': [machine()] },
    there: { 'supported-architectures': ['pdp11'] },
  });
  await unit.hook('install');
  expect(host.calls()).toEqual(['snap install --channel=stable here']);
  expect(JSON.stringify(unit.tools.logged)).toContain('the snap there is not for machines of');
});

test('the timer of snapd is set when the option says so, and set back once', async () => {
  const { unit, machine: host } = makeUnit({ core: {} });
  await unit.hook('install');
  host.calls();
  unit.configure({ snapd_refresh: 'fri5' });
  await unit.hook('config-changed');
  expect(host.calls()).toEqual(['snap set core refresh.timer=fri5', 'systemctl restart snapd.service']);
  expect(snapFlags(unit)).toContain('snap.refresh.was-set');
  unit.configure({});
  await unit.hook('config-changed');
  expect(host.calls()).toEqual(['snap set core refresh.timer=', 'systemctl restart snapd.service']);
  await unit.hook('config-changed');
  expect(host.calls()).toEqual([]);
});

test.each([
  ['2026-03-13', 'thu2'],
  ['2026-12-01', 'mon5'],
  ['2026-06-02', 'mon1'],
  ['2026-06-08', 'sun1'],
])('on %s the longest timer is %s', (day, timer) => {
  expect(resolveTimer('max', new Date(`${day}T12:00:00`))).toBe(timer);
  expect(resolveTimer('4:00-7:00', new Date())).toBe('4:00-7:00');
});

test('handlers disable, set, get and restart snaps that are there', async () => {
  const { unit, machine: host } = makeUnit({ etcd: {} }, async (snaps) => {
    host.calls();
    host.program(
      'snap',
      'case "$1" in get) echo " 2379 ";; list) printf "Name V R T P N\\netcd 3.4 7 3.4/stable p -\\n";; esac',
    );
    await snaps.set('etcd', 'port', 2379);
    expect(await snaps.get('etcd', 'port')).toBe('2379');
    await snaps.disable('etcd');
    await snaps.restart('etcd');
    expect([await snaps.installedVersion('etcd'), await snaps.installedChannel('etcd')]).toEqual([
      '3.4',
      '3.4/stable',
    ]);
  });
  await unit.hook('update-status');
  expect(host.calls()).toEqual([
    'snap set etcd port=2379',
    'snap get etcd port',
    'snap disable etcd',
    'snap restart etcd',
    'snap list etcd',
    'snap list etcd',
  ]);
  expect(snapFlags(unit)).toContain('snap.disabled.etcd');
});

test('what is not installed is a warning in the log, and nothing is done', async () => {
  const { unit, machine: host } = makeUnit({}, async (snaps) => {
    await snaps.set('etcd', 'port', 2379);
    await snaps.enable('etcd');
    expect(await snaps.get('etcd', 'port')).toBeUndefined();
  });
  await unit.hook('update-status');
  expect(host.calls()).toEqual([]);
  expect(JSON.stringify(unit.tools.logged)).toContain('cannot set the snap etcd: it is not installed');
});

test('a cohort is made and joined, but not by a local snap', async () => {
  const { unit, machine: host } = makeUnit({ etcd: {} }, async (snaps, { flags }) => {
    host.calls();
    host.program(
      'snap',
      'case "$1" in create-cohort) printf "cohorts:\\n  etcd:\\n    cohort-key: KEY\\n";; esac',
    );
    await snaps.joinCohort('etcd', await snaps.createCohort('etcd'));
    flags.set('snap.local.etcd');
    await snaps.joinCohort('etcd', 'OTHER');
  });
  await unit.hook('update-status');
  expect(host.calls()).toEqual([
    'snap create-cohort etcd',
    'snap refresh etcd --cohort KEY',
    'snap refresh --list',
  ]);
});

test('snapd itself is installed where it is missing', async () => {
  const { unit, machine: host } = makeUnit({});
  host.remove('snap');
  await unit.hook('install');
  expect(host.calls()).toEqual(['apt-get install -y snapd']);
});

test('an option of the wrong type is an error that names it', async () => {
  const { unit } = makeUnit({ etcd: { connect: ['etcd:network'] } });
  await expect(unit.hook('install')).rejects.toThrow(
    'cannot use the layer option "snap.etcd.connect": layer.yaml says ["etcd:network"]',
  );
});
