import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSources } from '../../../layers/apt/lib/sources.ts';
import { aptFlags, INSTALL, makeAptUnit, UPDATE } from './apt-unit.ts';

const KEY = '-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n-----END PGP PUBLIC KEY BLOCK-----';

test('hold keeps what was installed, and install lets it go again', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['a', 'b'] });
  unit.configure({ package_status: 'hold' });
  await unit.hook('install');
  expect(machine.calls().at(-1)).toBe('apt-mark hold a b');
  await unit.hook('update-status');
  expect(machine.calls()).toEqual([]);
  unit.configure({ extra_packages: 'c', package_status: 'hold' });
  await unit.hook('config-changed');
  expect(machine.calls()).toEqual([`${INSTALL} c`, 'apt-mark hold a b c']);
  unit.configure({ package_status: 'install' });
  await unit.hook('config-changed');
  expect(machine.calls()).toEqual(['apt-mark unhold a b c']);
});

test('a package_status that means nothing blocks the unit, and no handler runs', async () => {
  const ran: string[] = [];
  const { unit, machine } = makeAptUnit({ packages: ['a'] }, () => ran.push('web'));
  unit.configure({ package_status: 'frozen' });
  await unit.hook('update-status');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'Unknown package_status frozen' });
  expect([ran, machine.calls()]).toEqual([[], []]);
  unit.configure({});
  await unit.hook('update-status');
  expect(ran).toEqual(['web']);
});

test('sources and their keys are added, and what there is is read, before anything is installed', async () => {
  const { unit, machine } = makeAptUnit({ packages: ['a'] });
  unit.configure({
    install_sources: '["ppa:user/name", "deb http://x y main", distro]',
    install_keys: `["${KEY.replaceAll('\n', '\\n')}", 12345678, null]`,
  });
  await unit.hook('install');
  expect(machine.calls().map((call) => call.replace(/\S*key\.asc/, 'FILE'))).toEqual([
    'add-apt-repository --yes ppa:user/name',
    'apt-key add FILE',
    'add-apt-repository --yes deb http://x y main',
    'apt-key adv --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys 12345678',
    UPDATE,
    `${INSTALL} a`,
    'apt-mark unhold a',
  ]);
  await unit.hook('config-changed');
  expect(machine.calls()).toEqual([]);
  unit.configure({ install_sources: 'ppa:user/other' });
  await unit.hook('config-changed');
  expect(machine.calls()).toEqual(['add-apt-repository --yes ppa:user/other', UPDATE]);
  expect(aptFlags(unit)).toEqual(['apt.installed.a']);
});

test('a source that cannot be added is tried again in the next hook', async () => {
  const { unit, machine } = makeAptUnit();
  unit.configure({ install_sources: 'ppa:user/name' });
  machine.program('add-apt-repository', 'echo "E: no such PPA" >&2; exit 2');
  await expect(unit.hook('install')).rejects.toThrow('E: no such PPA');
  machine.program('add-apt-repository');
  machine.calls();
  await unit.hook('install');
  expect(machine.calls()[0]).toBe('add-apt-repository --yes ppa:user/name');
});

test('keys of the charm are added once, and a missing one is an error in the log', async () => {
  const { unit, machine } = makeAptUnit({ keys: ['keys/vendor.asc', 'keys/missing.asc'] });
  mkdirSync(path.join(unit.folder, 'keys'));
  writeFileSync(path.join(unit.folder, 'keys/vendor.asc'), KEY);
  await unit.hook('install');
  expect(machine.calls().filter((call) => call.startsWith('apt-key add'))).toHaveLength(1);
  expect(unit.tools.logged.filter(({ level }) => level === 'ERROR').map(({ message }) => message)).toEqual([
    `there is no key at ${path.join(unit.folder, 'keys/missing.asc')}`,
  ]);
  await unit.hook('update-status');
  expect(machine.calls()).toEqual([]);
});

test('sources are read as a list or a lone text, and keys go with them one by one', () => {
  const read = (sources: string, keys = '') => readSources({ sources, keys });
  expect(read('')).toEqual([]);
  expect(read('ppa:a/b')).toEqual([{ source: 'ppa:a/b', key: null }]);
  expect(read('- a\n- b\n', '- k\n- null\n')).toEqual([
    { source: 'a', key: 'k' },
    { source: 'b', key: null },
  ]);
  expect(() => read('[a, b]', '[k]')).toThrow(
    'cannot use the 1 install_keys for 2 install_sources: give one for each, or null',
  );
  expect(() => read('{a: b}')).toThrow('cannot use the option install_sources: it is a YAML list of texts');
});
