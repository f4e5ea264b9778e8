import { writeSync } from 'node:fs';
import { defineLayer, handler } from '../../src/charm/layer.ts';
import { runHook } from '../../src/charm/run-hook.ts';
import type { Unit } from '../../src/charm/unit.ts';
import { Endpoint } from '../../src/endpoints/endpoint.ts';
import { hook } from '../../src/handlers/condition.ts';
import { readMetadata } from '../../src/metadata/charm-metadata.ts';
import { ScratchStore } from '../../src/store/scratch-store.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import type { HookTools } from '../../src/tools/hook-tools.ts';
import { MemoryTools } from '../../src/tools/memory-tools.ts';
import { type Amount, generationOf } from './generation.ts';

/** What the test tells this program, as JSON in its first argument. */
export interface Orders {
  readonly charmDir: string;
  readonly amount: Amount;
  /** How many hooks it runs, one after the other. */
  readonly hooks: number;
  /** Where it kills itself: a moment of the first hook, or the number of a write to the store. */
  readonly killAt?: number | 'before publish' | 'after publish' | 'before commit' | 'after commit';
}

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const { charmDir, amount, killAt } = orders;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

let writes = 0;
for (const name of ['set', 'unset'] as const) {
  const write = SqliteStore.prototype[name] as (...parameters: unknown[]) => void;
  SqliteStore.prototype[name] = function counted(this: SqliteStore, ...parameters: unknown[]): void {
    write.apply(this, parameters);
    writes += 1;
    if (writes === killAt) die();
  };
}
for (const storeClass of [SqliteStore, ScratchStore]) {
  const { flush } = storeClass.prototype;
  storeClass.prototype.flush = function watched(this: SqliteStore, save?: boolean): void {
    const isCommit = this.constructor === storeClass && save !== false;
    if (isCommit && killAt === 'before commit') die();
    flush.call(this, save);
    if (isCommit && killAt === 'after commit') die();
  };
}

class Db extends Endpoint {}

function work(unit: Unit): void {
  const generation = Number(unit.kv.get('generation')) + 1;
  const { values, unset, flags, cleared } = generationOf(generation, amount);
  for (const [key, value] of Object.entries(values)) unit.kv.set(key, value);
  for (const key of unset) unit.kv.unset(key);
  for (const flag of flags) unit.flags.set(flag);
  for (const flag of cleared) unit.flags.clear(flag);
  const relation = unit.endpoint('db', Db).relations[0];
  if (relation) relation.toPublishRaw.generation = String(generation);
}

const memory = new MemoryTools({ unit: 'web/0', relations: { 'db:1': { application: 'db', units: {} } } });
const tools: HookTools = new Proxy(memory, {
  get: (target, name) => {
    if (name !== 'relationSet') return Reflect.get(target, name, target).bind(target);
    return (...parameters: Parameters<HookTools['relationSet']>) => {
      if (killAt === 'before publish') die();
      target.relationSet(...parameters);
      if (killAt === 'after publish') die();
    };
  },
});

const charm = {
  metadata: readMetadata(
    { name: 'web', summary: 's', description: 'd', requires: { db: { interface: 'db' } } },
    'metadata.yaml',
  ),
  layers: [
    {
      name: 'web',
      file: 'reactive/web.ts',
      exports: { default: defineLayer('web', [handler(hook('update-status'), work)]) },
    },
  ],
  interfaces: [{ role: 'requires', interface: 'db', file: 'requires.ts', exports: { Db } }],
} as const;

for (let count = 0; count < orders.hooks; count += 1) {
  await runHook(charm, {
    environment: { JUJU_UNIT_NAME: 'web/0', JUJU_HOOK_NAME: 'update-status', JUJU_CHARM_DIR: charmDir },
    tools,
  });
  memory.commit();
  writeSync(1, `${memory.published['db:1']?.unit.generation} ${writes}\n`);
}
