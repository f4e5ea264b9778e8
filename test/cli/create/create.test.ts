import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { create } from '../../../src/cli/create/create.ts';
import type { CreatedKind } from '../../../src/cli/create/names.ts';
import { parseMetadata } from '../../../src/metadata/charm-metadata.ts';
import { parseConfigOptions } from '../../../src/metadata/config-options.ts';
import { parseInterfaceFile } from '../../../src/metadata/interface-file.ts';
import { parseLayerFile } from '../../../src/metadata/layer-file.ts';
import { parseScenario } from '../../../src/simulator/explore/scenario.ts';
import { makeFolder } from '../../layers/folders.ts';

const AUTHOR = { NAME: 'Ada Lovelace', EMAIL: 'ada@example.com' };

function createIn(parent: string, kind: CreatedKind, name: string) {
  const { folder, files } = create({ kind, name }, parent, AUTHOR);
  return { files, read: (file: string) => readFileSync(join(folder, file), 'utf8') };
}

test('a charm has everything that a charm in a repository has, in files that its readers take', () => {
  const { files, read } = createIn(makeFolder(), 'charm', 'hello');
  expect(files).toEqual([
    '.gitignore',
    'README.md',
    'config.yaml',
    'copyright',
    'icon.svg',
    'layer.yaml',
    'metadata.yaml',
    'package.json',
    'reactive/hello.ts',
    'scenario.yaml',
    'test/deployed.test.ts',
    'test/handlers.test.ts',
    'tsconfig.json',
    'vitest.config.ts',
  ]);
  const metadata = parseMetadata(read('metadata.yaml'), 'metadata.yaml');
  expect(metadata).toMatchObject({ name: 'hello', endpoints: [{ name: 'greeting', role: 'provides' }] });
  expect(parse(read('metadata.yaml'))).toMatchObject({
    'display-name': 'Hello',
    maintainers: ['Ada Lovelace <ada@example.com>'],
    tags: ['misc'],
  });
  expect(Object.keys(parseConfigOptions(read('config.yaml'), 'config.yaml'))).toEqual(['greeting']);
  expect(parseLayerFile(read('layer.yaml'), 'layer.yaml').includes).toEqual(['layer:basic', 'layer:status']);
  expect(parseScenario(read('scenario.yaml'), 'scenario.yaml').steps).toHaveLength(5);
  expect(read('copyright')).toContain('Ada Lovelace');
  expect(read('icon.svg')).toMatch(/^<svg [\s\S]*>H<\/text>\n<\/svg>\n$/);
});

test.each<[CreatedKind, string[]]>([
  ['layer', ['layer.yaml', 'lib/site.ts', 'reactive/site.ts', 'test/handlers.test.ts']],
  ['interface', ['interface.yaml', 'peers.ts', 'provides.ts', 'requires.ts', 'test/roles.test.ts']],
])('a %s has its own files, and is found as an npm package too', (kind, own) => {
  const { files, read } = createIn(makeFolder(), kind, 'site');
  const shared = ['.gitignore', 'README.md', 'package.json', 'tsconfig.json', 'vitest.config.ts'];
  expect(files).toEqual([...shared, ...own].sort());
  expect(JSON.parse(read('package.json'))).toMatchObject({
    name: `${kind}-site`,
    reactive: { [kind]: 'site' },
  });
  if (kind === 'interface')
    expect(parseInterfaceFile(read('interface.yaml'), 'interface.yaml').name).toBe('site');
});

test('an interface has the roles that are asked for', () => {
  const parent = makeFolder();
  const { files } = create({ kind: 'interface', name: 'site', roles: ['requires'] }, parent, AUTHOR);
  expect(files.filter((file) => /^[a-z]+\.ts$/.test(file))).toEqual(['requires.ts']);
  const test = readFileSync(join(parent, 'site/test/roles.test.ts'), 'utf8');
  expect(test).not.toMatch(/provides|peers/);
});

test.each([
  ['my-app2', 'class MyApp2Charm ', "'my-app2.installed'"],
  ['a', 'class ACharm ', "'a.installed'"],
  // Flags that begin with "config." are gone at the end of a hook.
  ['config', 'class ConfigCharm ', "'config-charm.installed'"],
  ['class', 'class ClassCharm ', "'class.installed'"],
])('the handlers of a charm called %s have names of their own', (name, className, flag) => {
  const { read } = createIn(makeFolder(), 'charm', name);
  const code = read(`reactive/${name}.ts`);
  expect(code).toContain(className);
  expect(code).toContain(flag);
});

test('a name that YAML would take for something else stays a name', () => {
  const { read } = createIn(makeFolder(), 'charm', 'on');
  expect(read('metadata.yaml')).toMatch(/^name: "on"$/m);
  expect(parse(read('scenario.yaml')).steps[1]).toEqual({ config: { on: { greeting: 'Good morning' } } });
});

test('a maintainer is one, whatever the environment says', () => {
  const parent = makeFolder();
  const author = { NAME: ' Eve: "<x>" #1\n', EMAIL: 'eve@example.com' };
  create({ kind: 'charm', name: 'odd' }, parent, author);
  const { maintainers } = parse(readFileSync(join(parent, 'odd/metadata.yaml'), 'utf8'));
  expect(maintainers).toEqual(['Eve: x #1 <eve@example.com>']);
});

test.each<[CreatedKind, string, string]>([
  ['charm', 'Hello', 'no charm’s name'],
  ['charm', 'hello_world', 'no charm’s name'],
  ['charm', 'my-2', 'no charm’s name'],
  ['charm', '2nd', 'no charm’s name'],
  ['charm', 'hello-', 'no charm’s name'],
  ['charm', '../hello', 'no charm’s name'],
  ['charm', '', 'no charm’s name'],
  ['charm', 'juju-thing', 'keeps "juju"'],
  ['layer', 'a.b', 'no layer’s name'],
  ['layer', 'x@1', 'no layer’s name'],
  ['interface', 'juju', 'keeps "juju"'],
])('a %s cannot be called "%s"', (kind, name, why) => {
  const parent = makeFolder();
  expect(() => create({ kind, name }, parent, AUTHOR)).toThrow(why.replace('’', "'"));
  expect(readdirSync(parent)).toEqual([]);
});

test('what is there is left alone, be it a folder, a file or a link to nowhere', () => {
  const parent = makeFolder();
  mkdirSync(join(parent, 'one'));
  writeFileSync(join(parent, 'two'), '');
  symlinkSync('/nowhere/at/all', join(parent, 'three'));
  for (const name of ['one', 'two', 'three']) {
    expect(() => create({ kind: 'charm', name }, parent, AUTHOR)).toThrow(
      `cannot create the charm "${name}": ${join(parent, name)} exists. Please move it out of the way.`,
    );
  }
  expect(readdirSync(join(parent, 'one'))).toEqual([]);
});

test('a folder that is not there, or cannot be written to, is named, and nothing is left', () => {
  const parent = makeFolder();
  const missing = join(parent, 'missing');
  expect(() => create({ kind: 'charm', name: 'hello' }, missing, AUTHOR)).toThrow(
    `cannot create the charm "hello": Unable to write to ${missing}`,
  );
  expect(existsSync(missing)).toBe(false);
  // Nobody can make a folder there, root neither.
  expect(() => create({ kind: 'charm', name: 'hello' }, '/proc', AUTHOR)).toThrow('Unable to write to /proc');
});
