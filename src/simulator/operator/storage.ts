import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StorageDeclaration } from '../../metadata/charm-metadata.ts';
import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';
import type { StorageState } from '../state/storage-state.ts';

/** The size of the file that stands for a block device. It takes no room on disk until it is written. */
const BLOCK_DEVICE_BYTES = 64 * 1024 * 1024;

/** How many instances of a storage a unit gets when nothing is said: what the charm needs at least. */
export function defaultCounts(storage: readonly StorageDeclaration[]): Record<string, number> {
  return Object.fromEntries(storage.map((declared) => [declared.name, declared.count.least]));
}

/**
 * How many instances of each storage are asked for, as `--storage data=2` says it (a pool and a size may stand there and
 * say nothing here). Throws for a storage that the charm does not have and for a count that it does not allow.
 */
export function readStorageCounts(
  storage: readonly StorageDeclaration[],
  asked: Readonly<Record<string, string>>,
): Record<string, number> {
  const counts = defaultCounts(storage);
  for (const [name, directive] of Object.entries(asked)) {
    const declared = storage.find((one) => one.name === name);
    if (declared === undefined)
      throw new Error(`storage "${name}" not found: the charm has ${names(storage)}`);
    const count = directive.split(',').find((part) => /^\d+$/.test(part));
    const wanted = count === undefined ? Math.max(1, declared.count.least) : Number(count);
    const { least, most = Number.POSITIVE_INFINITY } = declared.count;
    if (wanted < least || wanted > most) {
      const bound = wanted < least ? `at least ${least}` : `at most ${most}`;
      throw new Error(`charm storage "${name}": ${bound} instances required, ${wanted} specified`);
    }
    counts[name] = wanted;
  }
  return counts;
}

/** Makes instances of a storage for a unit. They are attached by the unit's hooks. Answers their ids. */
export function addStorage(
  state: ModelState,
  wanted: {
    readonly unit: UnitState;
    readonly application: ApplicationState;
    readonly name: string;
    readonly count: number;
  },
): string[] {
  const { unit, application, name, count } = wanted;
  const declared = application.charm.metadata.storage.find((storage) => storage.name === name);
  if (declared === undefined) throw new Error(`storage "${name}" not found`);
  return Array.from({ length: count }, () => {
    const number = state.nextStorage++;
    const id = `${name}/${number}`;
    // Beside the units' folders, since storage may outlive its unit.
    const location = join(dirname(dirname(unit.folder)), 'storage', `${name}-${number}`);
    state.storage[id] = { id, name, kind: declared.type, location, life: 'alive', unit: unit.name };
    return id;
  });
}

/** Makes the folder, or the file, that an instance is. What is there already is kept. */
export function provideStorage(storage: StorageState): void {
  if (storage.kind === 'filesystem') {
    mkdirSync(storage.location, { recursive: true, mode: 0o700 });
    return;
  }
  mkdirSync(dirname(storage.location), { recursive: true, mode: 0o700 });
  writeFileSync(storage.location, '', { flag: 'a', mode: 0o600 });
  truncateSync(storage.location, BLOCK_DEVICE_BYTES);
}

/** Takes storage away from its unit: it goes once its detaching hook has run. Throws where there is no such storage. */
export function detachStorage(state: ModelState, id: string): void {
  const storage = findStorage(state, id);
  if (storage.unit === null) throw new Error(`storage "${id}" is not attached`);
  storage.life = 'dying';
}

/** Gives storage that was detached to a unit. Throws where it has a unit, or the unit's charm has no such storage. */
export function attachStorage(state: ModelState, unit: UnitState, id: string): void {
  const storage = findStorage(state, id);
  if (storage.unit !== null)
    throw new Error(`cannot attach "${id}" to "${unit.name}": it is attached to "${storage.unit}"`);
  const declared = state.applications[unit.application]?.charm.metadata.storage ?? [];
  if (!declared.some((one) => one.name === storage.name)) {
    throw new Error(`cannot attach "${id}" to "${unit.name}": the charm has no storage "${storage.name}"`);
  }
  storage.unit = unit.name;
}

/** Removes storage that has no unit, with what is in it. Throws where it has one. */
export function removeStorage(state: ModelState, id: string): void {
  const storage = findStorage(state, id);
  if (storage.unit !== null)
    throw new Error(`cannot remove storage "${id}": it is attached to "${storage.unit}"; detach it first`);
  delete state.storage[id];
  rmSync(storage.location, { recursive: true, force: true });
}

function findStorage(state: ModelState, id: string): StorageState {
  const storage = state.storage[id];
  if (storage === undefined) throw new Error(`storage "${id}" not found`);
  return storage;
}

function names(storage: readonly StorageDeclaration[]): string {
  return storage.map(({ name }) => `"${name}"`).join(', ') || 'none';
}
