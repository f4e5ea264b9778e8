import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimShop } from './sim-shop.ts';

let shop: SimShop;

beforeEach(() => {
  shop = new SimShop();
});

afterEach(() => shop.close());

test('--help lists the commands by what they are for, with examples, and none of those that are not simulated', () => {
  const help = shop.done('--help');
  for (const heading of ['Applications', 'Relations', 'Hooks', 'Storage', 'Secrets', 'Models', 'Examples']) {
    expect(help).toMatch(new RegExp(`^${heading}:`, 'm'));
  }
  for (const command of ['deploy', 'settle', 'debug-log', 'show-flags']) {
    expect(help).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  }
  expect(help).not.toContain('bootstrap');
});

test('a command of juju that is not simulated says so, with what to use instead; others are guessed at', async () => {
  const refused = await shop.inside('ssh', 'web/0', '--', 'ls', '--help');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^ERROR "juju ssh" is not simulated: .*"exec".*\n$/);
  const unknown = shop.sim('setle');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(/^ERROR unknown command 'setle'\n\(Did you mean settle\?\)/);
  const misused = shop.sim('status', '--format', 'xml');
  expect(misused.status).toBe(2);
  expect(misused.stderr).toMatch(/^ERROR option '--format <format>' argument 'xml' is invalid/);
});

test('storage, resources and secrets are given, listed and taken back', async () => {
  const metadata =
    'storage: {files: {type: filesystem, multiple: {range: 0-}}}\nresources: {data: {type: file, filename: data.txt}}\n';
  writeFileSync(join(shop.here, 'data.txt'), 'one');
  await shop.doneInside(
    'deploy',
    shop.charm({ name: 'web', metadata }),
    '--resource',
    'data=data.txt',
    '--storage',
    'files=1',
  );
  expect((await shop.inside('add-storage', 'web/0', 'files')).stderr).toBe(
    'added storage files/1 to web/0\n',
  );
  await shop.doneInside('settle', '-q');
  expect(await shop.doneInside('storage')).toMatch(/^web\/0 +files\/1 +filesystem +.* attached/m);
  await shop.doneInside('detach-storage', 'files/1', '--settle');
  expect(await shop.inside('remove-storage', 'files/1', 'files/9')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'removing files/1\nERROR storage "files/9" not found\n',
  });
  writeFileSync(join(shop.here, 'data.txt'), 'another');
  await shop.doneInside('attach-resource', 'web', 'data=./data.txt');
  expect(await shop.doneInside('resources', 'web')).toMatch(/^data +upload +1$/m);

  const uri = (await shop.doneInside('add-secret', 'mine', 'token#file=data.txt')).trim();
  expect(uri).toMatch(/^secret:[0-9a-z]{20}$/);
  await shop.doneInside('grant-secret', 'mine', 'web');
  expect(await shop.doneInside('exec', '--unit', 'web/0', `secret-get ${uri}`)).toBe('token: another\n');
  await shop.doneInside('revoke-secret', 'mine', 'web');
  await shop.doneInside('update-secret', 'mine', 'token=changed');
  expect(await shop.doneInside('show-secret', 'mine', '--reveal')).toMatch(
    /revision: 2\n.* {2}content:\n {4}token: changed\n/s,
  );
  await shop.doneInside('remove-secret', 'mine');
  expect(await shop.inside('secrets')).toMatchObject({ status: 0, stdout: '' });
});

test('units and applications are removed by name, and those that are not there are told of', async () => {
  await shop.doneInside('deploy', shop.charm({ name: 'web' }), '-n', '2', '--settle');
  expect(await shop.inside('remove-unit', 'web/0', 'web/7', '--no-prompt')).toEqual({
    status: 1,
    stdout: 'will remove unit web/0\n',
    stderr: 'ERROR unit "web/7" not found\n',
  });
  expect(await shop.doneInside('remove-application', 'web', '--settle')).toMatch(
    /^will remove application web\n- will remove unit web\/0\n- will remove unit web\/1\n/,
  );
  expect((await shop.inside('status')).stderr).toBe('Model "admin/dev" is empty.\n');
});
