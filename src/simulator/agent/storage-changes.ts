import { addStorage } from '../operator/storage.ts';
import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';

/** The storage that a hook asked for with storage-add: made when the hook succeeds, attached by hooks of its own later. */
export class StorageChanges {
  readonly #run: {
    readonly state: ModelState;
    readonly unit: UnitState;
    readonly application: ApplicationState;
  };
  readonly #requests: { readonly name: string; readonly count: number }[] = [];

  constructor(run: {
    readonly state: ModelState;
    readonly unit: UnitState;
    readonly application: ApplicationState;
  }) {
    this.#run = run;
  }

  /** Asks for more instances of a storage. Whether the charm may have as many is looked at when the hook has ended. */
  request(name: string, count: number): void {
    this.#requests.push({ name, count });
  }

  /** Throws, in Juju's words, where the whole hook is to be refused: more instances than the charm's metadata allows. */
  check(): void {
    const { state, unit, application } = this.#run;
    for (const { name, count } of totals(this.#requests)) {
      const declared = application.charm.metadata.storage.find((storage) => storage.name === name);
      const held = Object.values(state.storage).filter((one) => one.unit === unit.name && one.name === name);
      const most = declared?.count.most ?? Number.POSITIVE_INFINITY;
      if (held.length + count <= most) continue;
      throw new Error(
        `cannot add storage to unit "${unit.name}": charm "${application.charm.metadata.name}" store "${name}": at most ${most} instances supported, ${held.length + count} specified`,
      );
    }
  }

  /** Makes what was asked for. */
  commit(): void {
    const { state, unit, application } = this.#run;
    for (const { name, count } of this.#requests) addStorage(state, { unit, application, name, count });
  }
}

function totals(requests: readonly { readonly name: string; readonly count: number }[]) {
  const counts = new Map<string, number>();
  for (const { name, count } of requests) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].map(([name, count]) => ({ name, count }));
}
