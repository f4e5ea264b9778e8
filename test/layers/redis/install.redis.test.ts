import { chmodSync, existsSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findRedisServer } from '../../../layers/redis/lib/redis-package.ts';
import { makeFolder } from '../folders.ts';
import { processesOf } from '../unit-runner.ts';
import { makeRedisUnit, publishedBy, relateClient } from './redis-unit.ts';

const program = findRedisServer() ?? '';

/** A PATH of one new folder, in which there is only what the test puts there. */
function emptyPath(): string {
  const folder = makeFolder();
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

/** An apt-get that does what the shell text says, and an apt-mark that does nothing. */
function fakeAptGet(folder: string, script: string): void {
  for (const [name, text] of Object.entries({ 'apt-get': script, 'apt-mark': '' })) {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  }
}

test('without redis-server the unit is blocked, and says why; it starts once the server is there', async () => {
  const folder = emptyPath();
  const unit = makeRedisUnit();
  await unit.hook('install');
  await unit.hook('update-status');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'redis-server is not installed' });
  expect(await relateClient(unit)).toEqual({ host: null, port: null, password: null, hostname: undefined });
  symlinkSync(program, path.join(folder, 'redis-server'));
  await unit.hook('update-status');
  expect(unit.tools.status.status).toBe('active');
  expect(publishedBy(unit).port).toBe(unit.stored('redis.port'));
});

test('a redis-server that cannot be executed is none', async () => {
  const folder = emptyPath();
  writeFileSync(path.join(folder, 'redis-server'), '');
  const unit = makeRedisUnit();
  await unit.hook('install');
  expect(unit.tools.status.message).toBe('redis-server is not installed');
});

test('apt-get is not called unless the option says so, and then for the package only, without questions', async () => {
  const folder = emptyPath();
  const install = `/bin/ln -sf ${program} ${folder}/redis-server`;
  fakeAptGet(folder, `echo "$DEBIAN_FRONTEND $*" >> ${folder}/calls; ${install}`);
  const unit = makeRedisUnit();
  await unit.hook('install');
  expect(unit.tools.status.status).toBe('blocked');
  expect(existsSync(path.join(folder, 'calls'))).toBe(false);
  unit.configure({ install: true });
  await unit.hook('config-changed');
  expect(unit.tools.status.status).toBe('active');
  expect(readFileSync(path.join(folder, 'calls'), 'utf8').split('\n')).toEqual([
    'noninteractive update --error-on=any',
    'noninteractive --assume-yes --no-install-recommends install redis-server',
    '',
  ]);
});

test('an apt-get that cannot install leaves the unit blocked, and the log says why', async () => {
  const folder = emptyPath();
  fakeAptGet(folder, '[ "$1" = update ] && exit; echo "E: no such package" >&2; exit 100');
  const unit = makeRedisUnit();
  unit.configure({ install: true });
  await unit.hook('install');
  expect(unit.tools.status).toEqual({
    status: 'blocked',
    message: 'Unable to install packages redis-server',
  });
  expect(JSON.stringify(unit.tools.logged)).toContain('E: no such package');
});

test('an apt-get that installs nothing leaves the unit blocked', async () => {
  fakeAptGet(emptyPath(), 'exit 0');
  const unit = makeRedisUnit();
  unit.configure({ install: true });
  await unit.hook('install');
  await unit.hook('update-status');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'redis-server is not installed' });
});

test('a server older than 6.2 is started without the option that it does not know', async () => {
  const folder = emptyPath();
  const file = path.join(folder, 'redis-server');
  writeFileSync(
    file,
    `#!/bin/sh
[ "$1" = --version ] && echo 'Redis server v=6.0.16 sha=0' && exit
if /bin/grep -q set-proc-title "$1"; then echo 'Bad directive'; exit 1; fi
exec ${program} "$1"
`,
  );
  chmodSync(file, 0o755);
  const unit = makeRedisUnit();
  await unit.hook('install');
  expect(unit.tools.applicationVersion).toBe('6.0.16');
  expect(unit.tools.status.status).toBe('active');
});

test('a server whose program is taken away is stopped and withdrawn at the next change', async () => {
  const folder = emptyPath();
  symlinkSync(program, path.join(folder, 'redis-server'));
  const unit = makeRedisUnit();
  await unit.hook('install');
  await relateClient(unit);
  unlinkSync(path.join(folder, 'redis-server'));
  unit.configure({ maxmemory: '64mb' });
  await unit.hook('config-changed');
  expect(unit.tools.status.message).toBe('redis-server is not installed');
  expect(publishedBy(unit)).toEqual({ host: null, port: null, password: null, hostname: undefined });
  expect(processesOf(unit.folder)).toEqual([]);
});
