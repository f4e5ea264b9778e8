import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Condition,
  defineLayer,
  handler,
  when,
  whenAny,
  whenNone,
  whenNot,
  whenNotAll,
} from 'charms-reactive';
import { expect, onTestFinished, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

async function runs(condition: Condition, ...flags: string[]): Promise<boolean> {
  const layer = defineLayer('web', [handler(condition, function start() {})]);
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags(...flags);
  return handlersOf(await unit.run('start')).length > 0;
}

test.each([
  [
    'config.changed.*',
    ['config.changed.port', 'config.changed.a.b', 'config.changed.a/b'],
    ['config.changed', 'config.set.port'],
  ],
  [
    'endpoint.*.joined',
    ['endpoint.db.joined', 'endpoint.a.b.joined'],
    ['endpoint.joined', 'endpoint.db.joined.x', 'x.endpoint.db.joined'],
  ],
  ['*', ['a', 'a.b', 'a/b', '.hidden', '#x', '!x'], []],
  ['*/*', ['a/b', 'a/b/c'], ['a.b']],
  ['a/*', ['a/b', 'a/b/c', 'a/.b'], ['a', 'b/a/c']],
  ['**', ['a', 'a/b', '.a'], []],
  ['a.**.z', ['a.b.z', 'a.b.c.z', 'a.b/c.z'], ['a.z.b']],
  ['web.?', ['web.a', 'web./'], ['web.', 'web.ab', 'web']],
  ['{db,cache}.ready', ['db.ready', 'cache.ready'], ['{db,cache}.ready', 'dbcache.ready', 'other.ready']],
  ['{a,b}.{c,d}', ['a.c', 'a.d', 'b.c', 'b.d'], ['a.b', 'c.d']],
  ['{a,b}.*', ['a.x', 'b.y'], ['c.x']],
  ['!*', ['!a', '!'], ['a']],
  ['#*', ['#a'], ['a']],
  ['+(a)*', ['+(a)', '+(a)b'], ['a', 'aa']],
  ['a\\*', ['a\\b', 'a\\'], ['a*', 'ab']],
  ['A*', ['Ab'], ['ab']],
])('%s fits %j, and not %j', async (pattern, fitting, others) => {
  for (const flag of fitting) expect([flag, await runs(when(pattern), flag)]).toEqual([flag, true]);
  for (const flag of others) expect([flag, await runs(when(pattern), flag)]).toEqual([flag, false]);
});

test.each(['foo.{bar}', 'foo.{}', 'foo.{', 'foo.}', '{bar}', 'a{b}c', '{a}{b}'])(
  'B11: a brace without a comma is a part of the name: %s',
  async (flag) => {
    expect(await runs(when(flag), flag)).toBe(true);
    expect(await runs(when(flag), flag.replaceAll(/[{}]/g, ''))).toBe(false);
    expect(await runs(when(flag))).toBe(false);
  },
);

test('B11: a brace without a comma stays a part of the name beside a wildcard', async () => {
  expect(await runs(when('foo.{bar}.*'), 'foo.{bar}.x')).toBe(true);
  expect(await runs(when('foo.{bar}.*'), 'foo.bar.x')).toBe(false);
  expect(await runs(when('foo.{1..3}.*'), 'foo.{1..3}.x')).toBe(true);
  expect(await runs(when('foo.{1..3}.*'), 'foo.2.x')).toBe(false);
  for (const half of ['{', '}', 'a.{b', '}{', '{a}}']) {
    expect([half, await runs(when(`${half}*`), `${half}x`)]).toEqual([half, true]);
    expect([half, await runs(when(`${half}*`), 'x')]).toEqual([half, false]);
  }
  expect(await runs(when('{a,b}.{c}.{*'), 'b.{c}.{d')).toBe(true);
});

test('a wildcard stands for every set flag it fits, in each kind of condition', async () => {
  expect(await runs(when('a.*', 'b'), 'a.x')).toBe(false);
  expect(await runs(when('a.*', 'b'), 'a.x', 'b')).toBe(true);
  expect(await runs(whenAny('a.*', 'b'), 'a.x')).toBe(true);
  expect(await runs(whenAny('a.*', 'b'), 'c')).toBe(false);
  expect(await runs(whenNone('a.*'), 'b')).toBe(true);
  expect(await runs(whenNone('a.*'), 'a.x', 'b')).toBe(false);
  expect(await runs(whenNot('a.*', 'b.*'), 'b.x')).toBe(false);
  expect(await runs(whenNotAll('a.*', 'b.*'), 'b.x')).toBe(true);
  expect(await runs(whenNotAll('a.*', 'b.*'), 'b.x', 'a.x')).toBe(false);
});

test('a handler with a wildcard runs again when a flag it fits changes, and only then', async () => {
  const rounds: string[] = [];
  const layer = defineLayer('web', [
    handler(when('job.*'), function watch(unit) {
      rounds.push(unit.flags.list().join(' '));
    }),
    handler(whenNot('job.b'), function second(unit) {
      unit.flags.set('job.b');
      unit.flags.set('other');
    }),
    handler(when('other'), function third(unit) {
      unit.flags.set('last');
    }),
  ]);
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('job.a');
  const report = await unit.run('start');
  expect(rounds).toEqual(['job.a', 'job.a job.b other']);
  expect(handlersOf(report)).toEqual(['web.watch', 'web.second', 'web.watch', 'web.third']);
  expect(report.runs[2]?.wokenBy.map(({ flag }) => flag)).toEqual(['job.b']);
});

test('a queued handler with a wildcard is dropped when the last flag it fits is cleared', async () => {
  const layer = defineLayer('web', [
    handler(when('job.*'), function first(unit) {
      unit.flags.clear('job.a');
    }),
    handler(when('job.*'), function second() {}),
  ]);
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags('job.a');
  expect(handlersOf(await unit.run('start'))).toEqual(['web.first']);
  unit.presetFlags('job.a', 'job.b');
  const { runs: again } = await unit.run('start');
  expect(again.map(({ handler: id, round }) => `${id} ${round}`)).toEqual([
    'web.first 1',
    'web.second 1',
    'web.first 2',
    'web.second 2',
  ]);
});

/** Runs one hook of a charm in a process of its own; which modules that loaded. */
function modulesLoadedFor(flag: string): string[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const charmDir = mkdtempSync(path.join(tmpdir(), 'loaded-'));
  onTestFinished(() => rmSync(charmDir, { recursive: true, force: true }));
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { defineLayer, handler, runHook, when } = await import('${root}src/index.ts');
    const { MemoryTools, readMetadata } = await import('${root}src/testing.ts');
    const metadata = readMetadata({ name: 'web', summary: '', description: '' }, 'metadata.yaml');
    const layer = defineLayer('web', [handler(when(${JSON.stringify(flag)}), function start() {})]);
    const charm = { metadata, layers: [{ name: 'web', file: 'web.ts', exports: { layer } }] };
    const environment = { JUJU_UNIT_NAME: 'web/0', JUJU_HOOK_NAME: 'start', JUJU_CHARM_DIR: ${JSON.stringify(charmDir)} };
    await runHook(charm, { environment, tools: new MemoryTools({ unit: 'web/0' }) });
    console.log(JSON.stringify(loaded));
  `;
  const node = path.join(root, 'node_modules/.bin/node');
  const output = execFileSync(node, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: root,
  });
  return JSON.parse(output) as string[];
}

test('a charm without wildcards never loads the pattern library', () => {
  expect(modulesLoadedFor('web.{plain}.ready').filter((url) => url.includes('minimatch'))).toEqual([]);
  expect(modulesLoadedFor('web.*').some((url) => url.includes('minimatch'))).toBe(true);
});
