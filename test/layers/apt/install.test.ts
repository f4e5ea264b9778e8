import { expect, test } from 'vitest';
import { Apt } from '../../../layers/apt/lib/apt.ts';
import { aptFlags, INSTALL, makeAptUnit, UPDATE } from './apt-unit.ts';

test('packages of layer.yaml, of layer:basic and of the configuration are installed in the first hook', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['nginx', 'curl'] });
  unit.configure({ extra_packages: ' vim  git ' });
  await unit.hook('install');
  expect(machine.calls()).toEqual([
    UPDATE,
    `${INSTALL} curl git nginx vim`,
    'apt-mark unhold curl git nginx vim',
  ]);
  expect(aptFlags(unit)).toEqual([
    'apt.installed.curl',
    'apt.installed.git',
    'apt.installed.nginx',
    'apt.installed.vim',
  ]);
});

test('a hook with nothing new leaves apt alone', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['nginx'] });
  await unit.hook('install');
  machine.calls();
  await unit.hook('config-changed');
  await unit.hook('upgrade-charm');
  expect(machine.calls()).toEqual([]);
});

test('what a handler queues is there before the hook ends, packages of the same options together', async () => {
  const { unit, machine } = makeAptUnit({}, (one) => {
    const apt = new Apt(one);
    apt.queueInstall('a');
    apt.queueInstall(['b', 'c'], ['--no-install-recommends']);
    apt.queueInstall(['a', 'd=1.2*'], ['--ignored-for-a-which-is-queued']);
  });
  await unit.hook('install');
  expect(machine.calls()).toEqual([]);
  await unit.hook('update-status');
  expect(machine.calls()).toEqual([
    UPDATE,
    `${INSTALL} a`,
    'apt-get --assume-yes --no-install-recommends install b c',
    'apt-get --assume-yes --ignored-for-a-which-is-queued install d=1.2*',
    'apt-mark unhold a b c d',
  ]);
  expect(aptFlags(unit)).toContain('apt.installed.d=1.2*');
});

test('a package that is installed is not queued again', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['a'] }, (one) => new Apt(one).queueInstall('a'));
  await unit.hook('install');
  machine.calls();
  await unit.hook('update-status');
  expect(machine.calls()).toEqual([]);
});

test('with packages that cannot be installed the unit is blocked, and the next hook tries again', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['good', 'bad'] }, (one) => one.status.active());
  machine.program('apt-get', 'case "$*" in *install*) echo "E: no bad" >&2; exit 100;; esac');
  await unit.hook('update-status');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'Unable to install packages bad,good' });
  expect(JSON.stringify(unit.tools.logged)).toContain('E: no bad');
  expect(aptFlags(unit)).toEqual(['apt.queued_installs']);
  // Two attempts, as the option says.
  expect(machine.calls()).toEqual([UPDATE, `${INSTALL} bad good`, `${INSTALL} bad good`]);

  machine.program('apt-get');
  await unit.hook('update-status');
  expect(unit.tools.status.status).toBe('active');
  expect(aptFlags(unit)).toEqual(['apt.installed.bad', 'apt.installed.good']);
});

test('an update that fails fails the hook', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['a'] });
  machine.program('apt-get', 'echo "E: no network" >&2; exit 100');
  await expect(unit.hook('install')).rejects.toThrow('E: no network');
});

test('purge removes packages, from the queue too', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['a', 'b'] }, async (one) => {
    const apt = new Apt(one);
    apt.queueInstall('c');
    await apt.purge(['a', 'c']);
    expect(apt.installed()).toEqual(['b']);
  });
  await unit.hook('install');
  machine.calls();
  await unit.hook('update-status');
  expect(machine.calls()[0]).toBe('apt-get --assume-yes --option=Dpkg::Options::=--force-confold purge a c');
  expect(aptFlags(unit)).toEqual(['apt.installed.b']);
});

test('what dpkg no longer knows as installed is installed again; what it never knew is left alone', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['git', 'virtual'] });
  const dpkgSays = (text: string) => machine.program('dpkg-query', `printf '${text}'; exit 1`);
  dpkgSays('git:amd64 installed\\n');
  await unit.hook('install');
  await unit.hook('update-status');
  machine.calls();
  // A package whose name only begins like it is another one.
  dpkgSays('git:amd64 config-files\\ngit-man:all installed\\n');
  await unit.hook('update-status');
  expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([`${INSTALL} git`]);
  expect(JSON.stringify(unit.tools.logged)).toContain('the package git was installed, and is no longer');
  expect(aptFlags(unit)).toEqual(['apt.installed.git', 'apt.installed.virtual']);
});

test('all of them gone is noticed too', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['git'] });
  machine.program('dpkg-query', 'echo git:amd64 installed');
  await unit.hook('install');
  await unit.hook('update-status');
  machine.program('dpkg-query', 'exit 1');
  machine.calls();
  await unit.hook('update-status');
  expect(machine.calls()).toContain(`${INSTALL} git`);
});

test.each([
  [false, '1.24.0'],
  [true, '1.24.0-2ubuntu7'],
])('the version of a package is told as the application’s, whole or not: %s', async (full, version) => {
  const { unit, machine } = makeAptUnit({
    packages: ['nginx'],
    version_package: 'nginx',
    full_version: full,
  });
  machine.program(
    'dpkg-query',
    'case "$*" in *Version*) echo 1.24.0-2ubuntu7;; *) echo nginx:amd64 installed;; esac',
  );
  await unit.hook('install');
  expect(unit.tools.applicationVersion).toBe(version);
});
