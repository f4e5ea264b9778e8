import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CharmDefinition, Role } from 'charms-reactive';
import { readConfigOptions, readMetadata } from 'charms-reactive/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import Basic from '../../layers/basic/reactive/basic.ts';
import { forgetRegistered } from '../../src/charm/running-unit.ts';
import { TrialUnit } from '../charm/trial-unit.ts';
import { unitWithFiles } from '../external/external-unit.ts';
import { runPython } from '../store/python.ts';
import { SCENARIOS } from './guide-scenarios.ts';
import { findSnippet, readGuide, type Snippet, writeSnippet } from './guide-snippets.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'porting-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const guide = readGuide();
const snippets = guide.filter(({ language }) => language === 'ts');
const files = new Map(snippets.map((snippet) => [snippet.name, writeSnippet(folder, snippet, guide)]));

const metadata = parse(findSnippet(guide, 'metadata.yaml').code);
const config = parse(findSnippet(guide, 'config.yaml').code);

/** What a snippet shows: the part of its name before the form. */
function subjectOf({ name }: Snippet): string {
  return name.slice(0, name.lastIndexOf('.'));
}

let loads = 0;

/** Handlers register as their module is loaded, so that it is loaded anew each time; classes are what they are. */
function load(file: string): Promise<Record<string, unknown>> {
  return import(file.includes('/reactive/') ? `${file}?${loads}` : file);
}

/** A unit of the guide's charm whose own code is one snippet, with the files beside it. */
async function unitOf(snippet: Snippet): Promise<TrialUnit> {
  forgetRegistered();
  onTestFinished(forgetRegistered);
  const parts = [snippet, ...snippet.with.map((name) => findSnippet(guide, name))];
  loads += 1;
  const modules: { readonly file: string; readonly exports: Record<string, unknown> }[] = [];
  // One after the other, what is imported by others first: modules loaded at a time may be there twice.
  for (const { file } of parts.toReversed()) {
    modules.push({ file, exports: await load(path.join(folder, snippet.name, file)) });
  }
  const charm: CharmDefinition = {
    metadata: readMetadata(metadata, 'metadata.yaml'),
    config: readConfigOptions(config, 'config.yaml'),
    options: { web: { greeting: 'hello' } },
    layers: [
      { name: 'basic', file: 'reactive/basic.ts', exports: { Basic } },
      ...modules
        .filter(({ file }) => file.startsWith('reactive/'))
        .map(({ file, exports }) => ({ name: 'web', file, exports })),
    ],
    interfaces: modules
      .filter(({ file }) => file.startsWith('interfaces/'))
      .map(({ file, exports }) => {
        const [, name = '', role = ''] = file.replace('.ts', '').split('/');
        return { role: role as Role, interface: name, file, exports };
      }),
  };
  const options = Object.entries<{ readonly default: unknown }>(config.options);
  return new TrialUnit(charm, {
    config: Object.fromEntries(options.map(([name, { default: value }]) => [name, value])),
    address: '10.0.0.1',
  });
}

test('every block of TypeScript in the guide has a name of its own, and Python stands beside it', () => {
  expect(snippets.filter(({ name }) => name === '').map(({ line }) => line)).toEqual([]);
  expect(new Set(snippets.map(({ name }) => name)).size).toBe(snippets.length);
  expect(snippets.length).toBeGreaterThan(40);
  const kinds = new Set(snippets.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)));
  expect([...kinds].sort()).toEqual(['compat', 'functions', 'native']);
  expect(guide.filter(({ language }) => language === 'python').length).toBeGreaterThan(20);
});

test('what the guide links to is there', () => {
  const text = readFileSync(path.join(root, 'docs/porting-from-python.md'), 'utf8');
  const headings = Array.from(
    text.matchAll(/^#+ (.*)$/gm),
    ([, heading = '']) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-')}`,
  );
  const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, target = '']) => target);
  const dead = links.filter((target) =>
    target.startsWith('#') ? !headings.includes(target) : !existsSync(path.join(root, 'docs', target)),
  );
  expect(dead).toEqual([]);
  expect(links.length).toBeGreaterThan(10);
});

test('every snippet compiles, as strictly as the project', () => {
  const paths = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')).compilerOptions.paths;
  const options = {
    extends: path.join(root, 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [path.join(root, 'node_modules/@types')],
      paths: Object.fromEntries(
        Object.entries<string[]>(paths).map(([name, [target = '']]) => [name, [path.join(root, target)]]),
      ),
    },
    include: ['./**/*.ts'],
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(options));
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['-p', folder, '--noEmit', '--pretty', 'false'], {
    encoding: 'utf8',
  });
  const errors = stdout.split('\n').filter((line) => line.includes('error'));
  expect(errors.map((line) => line.replace(folder, ''))).toEqual([]);
  expect(status).toBe(0);
});

test('every block of Python is Python', () => {
  const blocks = guide.filter(({ language }) => language === 'python').map(({ code }) => code);
  const program = `
import ast, json, sys
for block in json.load(sys.stdin):
    ast.parse(block)
print('true')
`;
  expect(runPython(program, blocks)).toBe(true);
  expect(blocks.length).toBeGreaterThan(20);
});

test('every construct is shown in compat, and each has a scenario', () => {
  const subjects = [...new Set(snippets.map(subjectOf))];
  const shown = subjects.filter((subject) =>
    snippets.some(({ name }) => name === `${subject}.compat` || name === 'testing.native'),
  );
  expect(shown).toEqual(subjects);
  expect(Object.keys(SCENARIOS).sort()).toEqual(subjects.filter((subject) => subject !== 'testing').sort());
});

const RUN = snippets.filter(({ name }) => !name.startsWith('testing.'));

test.each(RUN.map((snippet) => ({ name: snippet.name, snippet })))(
  '$name does what the guide says',
  async ({ snippet }) => {
    const scenario = SCENARIOS[subjectOf(snippet)];
    await scenario?.(await unitOf(snippet));
  },
);

test.each(RUN.map((snippet) => ({ name: snippet.name, snippet })))(
  '$name goes well through the life of a unit',
  async ({ snippet }) => {
    const unit = await unitOf(snippet);
    unit.tools.action = { parameters: { name: 'all' }, results: {}, log: [] };
    for (const hook of ['install', 'leader-elected', 'config-changed', 'start', 'actions/backup'])
      await unit.run(hook);
    for (const endpoint of ['database', 'certs', 'website', 'cluster']) {
      const relation = `${endpoint}:${endpoint.length}`;
      const [one, two] = endpoint === 'cluster' ? ['web/1', 'web/2'] : ['other/0', 'other/1'];
      await unit.join(relation, one ?? '');
      await unit.join(relation, two ?? '', { host: '"a"' });
      await unit.change(relation, one ?? '', {
        host: '"b"',
        port: '80',
        'db-name': 'x',
        request_1: 'garbage',
      });
      await unit.run('update-status');
      await unit.depart(relation, one ?? '');
      await unit.depart(relation, two ?? '');
      await unit.break(relation);
    }
    for (const hook of ['update-status', 'collect-metrics', 'stop', 'remove']) await unit.run(hook);
    expect(unit.logLines().filter((line) => line.startsWith('ERROR'))).toEqual([]);
  },
);

test('the snippet about testing is a test that passes', async () => {
  await import(files.get('testing.native') ?? '');
});

test('the snippet in bash runs beside handlers in TypeScript', async () => {
  const unit = await unitWithFiles({ 'reactive/keys.sh!': findSnippet(guide, 'reactive/keys.sh').code });
  await unit.run('install');
  expect(unit.flags()).toEqual([]);
  unit.presetFlags('web.installed');
  await unit.run('update-status');
  expect(unit.flags()).toEqual(['web.installed', 'web.keys']);
  expect(readFileSync(path.join(unit.charmDir, 'keys.txt'), 'utf8')).toBe('secret\n');
});
