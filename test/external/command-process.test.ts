import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ProcessUnit } from './hook-process.ts';

test('the command is found from any folder and through links, whatever the machine tells Node', async () => {
  const unit = await ProcessUnit.create({});
  expect(unit.command('set_flag', 'a b')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(statSync(path.join(unit.charmDir, '.unit-state.db')).mode & 0o777).toBe(0o600);
  const links = path.join(unit.charmDir, 'usr local');
  mkdirSync(links);
  symlinkSync('../bin/charms.reactive', path.join(links, 'charms.reactive'));
  const run = (program: string, cwd: string): string =>
    spawnSync(program, ['get_flags'], {
      cwd,
      encoding: 'utf8',
      env: { PATH: `/usr/bin:/bin:${links}`, NODE_OPTIONS: '--no-such-flag', NODE_PATH: '/nowhere' },
    }).stdout;
  expect(run('charms.reactive', '/')).toBe('a b');
  expect(run('./charms.reactive', links)).toBe('a b');
  expect(run('./bin/charms.reactive', unit.charmDir)).toBe('a b');
  const sh = spawnSync('sh', ['charms.reactive', 'get_flags'], {
    cwd: path.join(unit.charmDir, 'bin'),
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  expect(sh.stdout).toBe('a b');
});

test('CHARM_DIR and UNIT_STATE_DB say on which unit it works, as in the reference', async () => {
  const unit = await ProcessUnit.create({ 'other/.keep': '' });
  const run = (env: Record<string, string>, ...words: string[]): string =>
    spawnSync(path.join(unit.charmDir, 'bin/charms.reactive'), words, {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', ...env },
    }).stdout;
  const other = path.join(unit.charmDir, 'other');
  run({ CHARM_DIR: other }, 'set_flag', 'there');
  run({ JUJU_CHARM_DIR: other }, 'set_flag', 'there.too');
  run({ UNIT_STATE_DB: path.join(other, 'file.db') }, 'set_flag', 'in.file');
  expect(run({}, 'get_flags')).toBe('');
  expect(run({ CHARM_DIR: other }, 'get_flags')).toBe('there\nthere.too');
  expect(run({ UNIT_STATE_DB: path.join(other, 'file.db') }, 'get_flags')).toBe('in.file');
});

test('a store that is none is named, with exit code 1', async () => {
  const unit = await ProcessUnit.create({});
  writeFileSync(path.join(unit.charmDir, '.unit-state.db'), 'this is no database, but a text of some length');
  const { status, stdout, stderr } = unit.command('set_flag', 'a');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^charms.reactive: error: cannot open the unit's store ".*\.unit-state\.db"/);
});
