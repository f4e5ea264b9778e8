import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentOf, type HookCall } from '../../bench/hook-kinds.ts';
import { buildCharm } from '../../src/builder/build.ts';
import { writeScript } from '../tools/fake-tools-folder.ts';

/* What is asked before a hook has started is what the hook would have asked, and is not asked again. */

const CHARM = fileURLToPath(new URL('../../bench/charms/web', import.meta.url));
const TOOLS = [
  'config-get',
  'is-leader',
  'juju-log',
  'relation-get',
  'relation-ids',
  'relation-list',
  'status-set',
];

const folder = mkdtempSync(path.join(tmpdir(), 'tool calls '));
const charm = path.join(folder, 'charm');
const tools = path.join(folder, 'tools');

beforeAll(async () => {
  mkdirSync(tools);
  // Each call is noted before it is answered, out of the folder "answers".
  const answer = `tool=\${0##*/}
    echo "$tool $*" >> '${folder}/calls'
    case "$tool $*" in
    *--app*) file=$tool.app ;;
    *redis/0) file=relation-get.first ;;
    *) file=$tool ;;
    esac
    cat '${folder}/'$file 2>/dev/null || echo '{}'`;
  writeScript(tools, 'tool', answer);
  for (const tool of TOOLS) symlinkSync('tool', path.join(tools, tool));
  put('config-get', { title: 'Guestbook', port: 8080 });
  put('is-leader', true);
  put('relation-list.app', 'redis');
  put('relation-get.app', {});
  await buildCharm({ charm: CHARM, output: charm, runtime: 'link', environment: process.env });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, value: unknown): void {
  writeFileSync(path.join(folder, name), JSON.stringify(value));
}

/** Runs a hook with so many units of redis; answers the tools that it called, and with what. */
function run(call: HookCall, port = 6379): string[] {
  const names = Array.from({ length: call.units }, (_, number) => `redis/${number}`);
  put('relation-ids', call.units > 0 ? ['redis:1'] : []);
  put('relation-list', names);
  put('relation-get', { hostname: '10.0.0.9', port: '6379' });
  put('relation-get.first', { hostname: '10.0.0.1', port: String(port) });
  writeFileSync(path.join(folder, 'calls'), '');
  const { status, stderr } = spawnSync(path.join(charm, 'dispatch'), {
    env: { PATH: `${tools}:${process.env.PATH}`, ...environmentOf(call, charm) },
    encoding: 'utf8',
  });
  expect([stderr, status]).toEqual(['', 0]);
  const lines = readFileSync(path.join(folder, 'calls'), 'utf8').trimEnd().split('\n');
  // What is logged may be several lines.
  return lines.filter((line) => TOOLS.includes(line.split(' ')[0] ?? '')).sort();
}

test('a hook calls what it needs, once, whenever it is asked', () => {
  for (const hook of ['install', 'config-changed', 'start', 'update-status']) run({ hook, units: 0 });
  const [IDS, LIST, CONFIG, APP] = [
    'relation-ids --format=json redis',
    'relation-list --format=json -r redis:1',
    'config-get --all --format=json',
    'relation-get --format=json -r redis:1 --app - redis',
  ];
  const log = 'juju-log -l INFO -- running bench-web.serve (its flags stood so before this hook)';
  const status = 'status-set -- active serving from 3 servers';
  const bags = [0, 1, 2].map((number) => `relation-get --format=json -r redis:1 - redis/${number}`);
  const about = (event: string): HookCall => ({
    hook: `redis-relation-${event}`,
    units: 3,
    remoteUnit: 'redis/0',
  });
  const first = run(about('joined'));
  expect(first.filter((call) => call.startsWith('relation'))).toEqual([IDS, LIST, APP, ...bags].sort());
  run(about('changed'));
  run({ hook: 'update-status', units: 3 });
  // From now on all of it is known beforehand.
  for (const round of [1, 2]) {
    expect(run({ hook: 'update-status', units: 3 })).toEqual([IDS, LIST, CONFIG, APP, log, status].sort());
    const calls = run(about('changed'), 6379 + round);
    expect(calls).toEqual([IDS, LIST, CONFIG, APP, bags[0], log, status].sort());
  }
  expect(run({ hook: 'update-status', units: 0 })).toEqual(
    expect.arrayContaining([IDS, CONFIG, 'status-set -- blocked needs a relation to redis']),
  );
});
