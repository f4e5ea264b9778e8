import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineLayer, handler, hook, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { collectDebugArchive } from '../../../layers/debug/lib/debug-archive.ts';
import Debug from '../../../layers/debug/reactive/debug.ts';
import { makeFolder } from '../folders.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

const STOCK_SCRIPTS = fileURLToPath(new URL('../../../layers/debug/debug-scripts', import.meta.url));

function addScript(charmDir: string, name: string, text: string): void {
  mkdirSync(path.join(charmDir, 'debug-scripts'), { recursive: true });
  const file = path.join(charmDir, 'debug-scripts', name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** Unpacks an archive, and gives the folder of its contents. */
function unpack(archive: string): string {
  const folder = makeFolder();
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  return path.join(folder, readdirSync(folder)[0] ?? '');
}

const collect = (charmDir: string, archiveFolder = makeFolder()) =>
  collectDebugArchive({
    charmDir,
    files: { 'own/file.txt': 'own' },
    environment: { DEBUG_ENDPOINTS: 'db' },
    archiveFolder,
    patience: { limit: 1_000, grace: 200 },
  });

test('the action packs what scripts find and what the unit knows, and says how to get it', async () => {
  const ran: string[] = [];
  const web = defineLayer('web', [
    handler(hook('install'), ({ kv }) => kv.set('web.port', 80)),
    handler(whenNot('never'), () => ran.push('web')),
  ]);
  const archives = makeFolder();
  const charm = makeTrialCharm({
    layers: { debug: Debug, web },
    options: { debug: { archive_folder: archives } },
  });
  const unit = new UnitRunner(charm, 'web/0');
  addScript(unit.folder, 'mine', 'echo said; pwd > "$DEBUG_SCRIPT_DIR/folder"');
  await unit.hook('install');
  ran.length = 0;

  unit.tools.action = { parameters: {}, results: {}, log: [] };
  await unit.hook({ name: '', action: 'debug' });
  const archive = path.join(archives, readdirSync(archives)[0] ?? '');
  expect(unit.tools.action.results).toEqual({
    path: archive,
    command: `juju scp web/0:${archive} .`,
    message: 'The archive is on unit web/0. Copy it with the command.',
  });
  const contents = unpack(archive);
  expect(path.basename(archive)).toBe(`${path.basename(contents)}.tar.gz`);
  expect(path.basename(contents)).toMatch(/^debug-\d{14}$/);
  expect(readFileSync(path.join(contents, 'mine/stdout'), 'utf8')).toBe('said\n');
  expect(readFileSync(path.join(contents, 'mine/folder'), 'utf8')).toBe(`${unit.folder}\n`);
  expect(JSON.parse(readFileSync(path.join(contents, 'charm-unitdata/unitdata.json'), 'utf8'))).toMatchObject(
    {
      'web.port': 80,
    },
  );
  expect(ran).toEqual([]);
});

test('in hooks and other actions it does nothing', async () => {
  const unit = new UnitRunner(
    makeTrialCharm({ layers: { debug: Debug }, options: { debug: { archive_folder: '/nowhere' } } }),
    'web/0',
  );
  addScript(unit.folder, 'mine', 'echo no > ran');
  await unit.hook('debug');
  await unit.hook({ name: '', action: 'backup' });
  expect(existsSync(path.join(unit.folder, 'ran'))).toBe(false);
});

test('scripts that fail, cannot run or take too long are noted, and stop nothing', async () => {
  const charmDir = makeFolder();
  addScript(charmDir, 'a-fails', 'echo trouble >&2; exit 3');
  addScript(charmDir, 'b-hangs', 'sleep 60');
  addScript(charmDir, 'c-will-not-end', "trap '' TERM; sleep 60 & wait; sleep 60");
  addScript(charmDir, 'e-works', 'echo fine');
  writeFileSync(path.join(charmDir, 'debug-scripts', 'd-plain'), 'text');
  const contents = unpack(await collect(charmDir));
  const log = readFileSync(path.join(contents, 'debug.log'), 'utf8');
  expect(log).toContain('ERROR: a-fails failed with exit code 3');
  expect(log).toContain('ERROR: b-hangs was ended by SIGTERM');
  expect(log).toContain('ERROR: c-will-not-end was ended by SIGKILL');
  expect(log).toContain('ERROR: d-plain could not be run');
  expect(readFileSync(path.join(contents, 'a-fails/stderr'), 'utf8')).toBe('trouble\n');
  expect(readFileSync(path.join(contents, 'e-works/stdout'), 'utf8')).toBe('fine\n');
  expect(readFileSync(path.join(contents, 'own/file.txt'), 'utf8')).toBe('own');
});

test('where the folder for archives is missing they go among the temporary files', async () => {
  const archive = await collect(makeFolder(), '/nowhere/at/all');
  expect(existsSync(archive)).toBe(true);
  execFileSync('rm', [archive]);
});

test('the scripts that come with the layer run on a bare machine', async () => {
  const charmDir = makeFolder();
  cpSync(STOCK_SCRIPTS, path.join(charmDir, 'debug-scripts'), { recursive: true });
  const archive = await collectDebugArchive({
    charmDir,
    files: {},
    environment: { DEBUG_ENDPOINTS: 'db web', JUJU_CHARM_DIR: charmDir },
    archiveFolder: makeFolder(),
  });
  const contents = unpack(archive);
  expect(readFileSync(path.join(contents, 'debug.log'), 'utf8')).not.toContain('ERROR');
  expect(readFileSync(path.join(contents, 'filesystem/charm-folder'), 'utf8')).toContain('debug-scripts');
  expect(readdirSync(path.join(contents, 'juju-network-get'))).toEqual(['db', 'stderr', 'stdout', 'web']);
});
