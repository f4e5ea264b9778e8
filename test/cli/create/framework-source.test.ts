import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFrameworkSource, readDevelopmentVersions } from '../../../src/cli/create/framework-source.ts';
import { makeFolder } from '../../layers/folders.ts';

/** A framework that something has installed, with what npm noted of where it is from. */
function install(resolved?: string): string {
  const modules = join(makeFolder(), 'node_modules');
  const own = join(modules, 'charms-reactive');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), '{"version": "1.2.3"}');
  if (resolved !== undefined) {
    const packages = { 'node_modules/charms-reactive': { version: '1.2.3', resolved } };
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
  }
  return own;
}

test('a checkout is meant by its path, from where the charm lies', () => {
  expect(findFrameworkSource('/home/me/charms/hello', '/home/me/charms-reactive')).toBe(
    'file:../../charms-reactive',
  );
  expect(findFrameworkSource('/home/me/checkout/hello', '/home/me/checkout')).toBe('file:..');
});

test('what a registry gave is meant by its version, with npm and without', () => {
  const own = install('https://registry.example.com/charms-reactive/-/charms-reactive-1.2.3.tgz');
  expect(findFrameworkSource('/home/me/hello', own)).toBe('^1.2.3');
  expect(findFrameworkSource('/home/me/hello', install())).toBe('^1.2.3');
});

test('what a repository or a file gave is meant by that', () => {
  const repository = 'git+ssh://git@git.example.com/charms-reactive.git#53fd2b9';
  expect(findFrameworkSource('/home/me/hello', install(repository))).toBe(repository);
  const own = install('file:../charms-reactive-1.2.3.tgz');
  expect(findFrameworkSource(join(own, '../../hello'), own)).toBe('file:../../charms-reactive-1.2.3.tgz');
});

test('everything that a created package needs has a version', () => {
  expect(readDevelopmentVersions()).toMatchObject({
    '@types/node': expect.any(String),
    node: expect.any(String),
    typescript: expect.any(String),
    vitest: expect.any(String),
  });
});
