import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import type { HookRecord } from '../../src/simulator/agent/hook-record.ts';
import { Model } from '../../src/simulator/model.ts';
import { type Tree, writeTree } from '../builder/charm-tree.ts';

/** Two charms whose handlers are in bash alone; layer:basic brings them the flags of their config. */
const CHARMS: Tree = {
  'layers/shop/layer.yaml': 'includes: [layer:basic]\n',
  'layers/shop/metadata.yaml': 'name: shop\nsummary: s\ndescription: d\nrequires: {db: {interface: shelf}}\n',
  'layers/shop/config.yaml':
    'options: {title: {type: string, default: Corner shop}, break: {type: string, default: ""}}\n',
  'layers/shop/templates/.keep': '',
  'layers/shop/reactive/shop.sh!': `#!/bin/bash
set -euo pipefail
source charms.reactive.sh

@hook install
@when_not never
@only_once
function install() {
    status-set maintenance 'installing'
    set_flag shop.installed
}

@when_not endpoint.db.joined
@when shop.installed
function wait_for_db() {
    clear_flag shop.open
    status-set blocked 'needs a db'
}

@when endpoint.db.joined shop.installed
@when_not shop.open
function open() {
    local unit address
    for unit in $(relation-list -r "$(relation-ids db)"); do
        address=$(name_relation_get db "$unit" address)
        if [[ -n $address ]]; then
            printf 'db=%s\\n' "$address" > shop.conf
            set_flag shop.open
        fi
    done
    relation-set -r "$(relation-ids db)" wants=a-shelf
}

@when endpoint.db.changed
function look_again() {
    clear_flag endpoint.db.changed
    clear_flag shop.open
}

@when_file_changed shop.conf
function restart() {
    printf 'restarted with %s\\n' "$(cat shop.conf)" >> restarts
}

@when shop.open
@when config.set.title
function serve() {
    status-set active "$(config-get title)"
}

@when config.changed.break config.set.break
function break_down() {
    set_flag shop.half-way
    relation-set -r "$(relation-ids db)" wants=nothing
    printf 'db=broken\\n' > shop.conf.new
    echo "cannot go on: $(config-get break)" >&2
    if [[ $(config-get break) == killed ]]; then kill -KILL "$PPID"; fi
    false
    set_flag never.reached
}

@hook stop
function stop() { juju-log "closing down"; }

reactive_handler_main
`,
  'layers/db/layer.yaml': 'includes: [layer:basic]\n',
  'layers/db/metadata.yaml': 'name: db\nsummary: s\ndescription: d\nprovides: {shelf: {interface: shelf}}\n',
  'layers/db/reactive/handlers/db.sh!': `#!/bin/bash
source charms.reactive.sh

@hook '{provides:shelf}-relation-{joined,changed}'
function offer() {
    local wanted
    wanted=$(relation-get wants "$JUJU_REMOTE_UNIT")
    if [[ -n $wanted ]]; then relation-set address=10.1.2.3 "for=$wanted"; fi
}

@when_any endpoint.shelf.joined
function in_use() { status-set active 'in use'; }

@when_none endpoint.shelf.joined
function idle() { status-set waiting 'nobody asks'; }

reactive_handler_main
`,
};

async function deploy(): Promise<Model> {
  const folder = writeTree(CHARMS);
  const model = await Model.create();
  onTestFinished(() => model.destroy());
  for (const charm of ['shop', 'db']) {
    const { output, warnings } = await buildCharm({
      charm: path.join(folder, 'layers', charm),
      output: path.join(folder, 'built', charm),
    });
    expect(warnings).toEqual([]);
    await model.deploy(output);
  }
  return model;
}

/** What the command says, run on the unit from outside of any hook. */
function flagsOf(model: Model, unit: string): string[] {
  const command = path.join(model.unitFolder(unit), 'bin/charms.reactive');
  const { stdout } = spawnSync(command, ['get_flags'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  return stdout.split('\n').filter(Boolean);
}

function statusOf(model: Model, application: string): string {
  const { units = {} } = model.status().applications[application] ?? {};
  const status = units[`${application}/0`]?.['workload-status'];
  return `${status?.current}: ${status?.message ?? ''}`;
}

function hooks(records: readonly HookRecord[], unit: string): string[] {
  return records.filter((record) => record.unit === unit).map(({ hook, outcome }) => `${hook} ${outcome}`);
}

test('a charm in bash alone goes through install, relation and removal; what fails is rolled back whole', async () => {
  const model = await deploy();
  await model.settle();
  expect(statusOf(model, 'shop')).toBe('blocked: needs a db');
  expect(statusOf(model, 'db')).toBe('waiting: nobody asks');
  expect(flagsOf(model, 'shop/0')).toEqual(['shop.installed']);

  const relation = model.integrate('shop', 'db');
  expect((await model.settle()).errors).toEqual([]);
  const bags = model.databags(relation).units;
  expect(bags['shop/0']).toMatchObject({ wants: 'a-shelf' });
  expect(bags['db/0']).toMatchObject({ address: '10.1.2.3', for: 'a-shelf' });
  expect(statusOf(model, 'shop')).toBe('active: Corner shop');
  expect(statusOf(model, 'db')).toBe('active: in use');
  const shopFolder = model.unitFolder('shop/0');
  expect(readFileSync(path.join(shopFolder, 'restarts'), 'utf8')).toBe('restarted with db=10.1.2.3\n');
  const open = flagsOf(model, 'shop/0');
  expect(open).toContain('shop.open');
  const store = readFileSync(path.join(shopFolder, '.unit-state.db'));

  model.setConfig('shop', { break: 'by order' });
  expect((await model.settle()).errors).toEqual(['shop/0']);
  const failed = model.hooks().at(-1);
  expect(failed).toMatchObject({ hook: 'config-changed', outcome: 'failed', exitCode: 1 });
  const said = failed?.log.map(({ level, message }) => `${level} ${message}`).join('\n') ?? '';
  expect(said).toMatch(/ERROR.*hook config-changed failed in reactive\/shop.sh "[^"]*break_down/);
  expect(said).toContain('it printed at last:');
  expect(said).toContain('cannot go on: by order');
  expect(readFileSync(path.join(shopFolder, '.unit-state.db'))).toEqual(store);
  expect(flagsOf(model, 'shop/0')).toEqual(open);
  expect(model.databags(relation).units['shop/0']).toMatchObject({ wants: 'a-shelf' });
  expect(readdirSync(shopFolder).filter((name) => name.startsWith('.unit-state.hook-'))).toEqual([]);

  // Tried again it is killed in the middle, and again nothing is kept; then the cause is taken away.
  model.setConfig('shop', { break: 'killed' });
  model.resolved('shop/0');
  expect((await model.settle()).errors).toEqual(['shop/0']);
  expect(model.hooks().at(-1)).toMatchObject({ outcome: 'failed', signal: 'SIGKILL' });
  expect(readFileSync(path.join(shopFolder, '.unit-state.db'))).toEqual(store);
  expect(flagsOf(model, 'shop/0')).toEqual(open);
  expect(model.databags(relation).units['shop/0']).toMatchObject({ wants: 'a-shelf' });
  model.setConfig('shop', { break: '', title: 'Open again' });
  model.resolved('shop/0');
  expect((await model.settle()).errors).toEqual([]);
  expect(statusOf(model, 'shop')).toBe('active: Open again');
  expect(flagsOf(model, 'shop/0')).toEqual(open);
  expect(readdirSync(shopFolder).filter((name) => name.startsWith('.unit-state.hook-'))).toEqual([]);

  model.removeRelation('shop', 'db');
  await model.settle();
  expect(statusOf(model, 'shop')).toBe('blocked: needs a db');
  expect(statusOf(model, 'db')).toBe('waiting: nobody asks');
  expect(flagsOf(model, 'shop/0')).not.toContain('shop.open');

  model.removeApplication('shop');
  const { hooks: last } = await model.settle();
  expect(hooks(last, 'shop/0').slice(-2)).toEqual(['stop ran', 'remove ran']);
  expect(last.flatMap(({ log }) => log).some(({ message }) => message === 'closing down')).toBe(true);
  expect(existsSync(shopFolder)).toBe(false);
});
